"""The fraud-detection example in Python: pip install cdk8s-kserve, then python fraud_detection.py."""

from cdk8s import App, Chart, Size
from cdk8s_plus_28 import Cpu

from cdk8s_kserve import (
    CpuResources,
    DeploymentMode,
    InferenceLogger,
    InferenceService,
    KServeRelease,
    MemoryResources,
    ModelFormat,
    ModelSource,
    Predictor,
    Resources,
    S3Credentials,
    Scaling,
    ServingIngress,
    ServingTarget,
)

app = App()
ServingTarget.attach(
    app,
    release=KServeRelease.V0_20,
    deployment_mode=DeploymentMode.KNATIVE,
    ingress=ServingIngress.istio(),
    domain="models.acme.org",
)

chart = Chart(app, "fraud", namespace="fraud")

InferenceService(
    chart,
    "fraud-detector",
    predictor=Predictor.from_model(
        format=ModelFormat.SKLEARN,
        source=ModelSource.s3(
            "s3://acme-models/fraud/v3/",
            credentials=S3Credentials.irsa("arn:aws:iam::123456789012:role/fraud-models"),
        ),
        resources=Resources(
            cpu=CpuResources(request=Cpu.millis(100), limit=Cpu.units(1)),
            memory=MemoryResources(request=Size.mebibytes(256), limit=Size.gibibytes(1)),
        ),
        scaling=Scaling.concurrency(target=10, min_replicas=1, max_replicas=10),
        logger=InferenceLogger.all(url="http://payload-collector.logging.svc.cluster.local"),
    ),
)

app.synth()
