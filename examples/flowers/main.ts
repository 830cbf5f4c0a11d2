import { App, Chart, Duration } from 'cdk8s';
import {
  DeploymentMode, Diagnostics, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingIngress, ServingTarget,
} from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20, deploymentMode: DeploymentMode.KNATIVE, ingress: ServingIngress.istio() });

Diagnostics.of(app).waive('KSV1204', 'the sample models of KServe never change, so they have no version in their path');

const chart = new Chart(app, 'flowers', { namespace: 'models' });

new InferenceService(chart, 'flowers', {
  predictor: Predictor.fromModel({
    format: ModelFormat.TENSORFLOW,
    source: ModelSource.gcs('gs://kfserving-examples/models/tensorflow/flowers'),
    containerConcurrency: 1, // a pod takes one image at a time …
    scaling: Scaling.concurrency({
      target: 1, // … so each waiting image asks for one more pod
      minReplicas: 0,
      maxReplicas: 10,
      podRetention: Duration.minutes(5),
    }),
  }),
});

app.synth();
