import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import {
  DeploymentMode, InferenceLogger, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, S3Credentials, Scaling, ServingIngress,
  ServingTarget,
} from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, {
  release: KServeRelease.V0_20,
  deploymentMode: DeploymentMode.KNATIVE,
  ingress: ServingIngress.istio(),
  domain: 'models.acme.org',
});

const chart = new Chart(app, 'fraud', { namespace: 'fraud' });

new InferenceService(chart, 'fraud-detector', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.s3('s3://acme-models/fraud/v3/', {
      // the role's trust policy names the ServiceAccount fraud/fraud-detector, which this makes
      credentials: S3Credentials.irsa('arn:aws:iam::123456789012:role/fraud-models'),
    }),
    resources: {
      cpu: { request: Cpu.millis(100), limit: Cpu.units(1) },
      memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
    },
    scaling: Scaling.concurrency({ target: 10, minReplicas: 1, maxReplicas: 10 }),
    logger: InferenceLogger.all({ url: 'http://payload-collector.logging.svc.cluster.local' }),
  }),
});

app.synth();
