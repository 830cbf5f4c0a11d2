import { App, Chart } from 'cdk8s';
import {
  DeploymentMode, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingIngress, ServingTarget,
} from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, {
  release: KServeRelease.V0_20,
  deploymentMode: DeploymentMode.KNATIVE,
  ingress: ServingIngress.istio(),
  domain: 'models.acme.org',
});

const chart = new Chart(app, 'iris-knative', { namespace: 'models' });

new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
    scaling: Scaling.concurrency({ target: 5, minReplicas: 0, maxReplicas: 4 }),
  }),
});

app.synth();
