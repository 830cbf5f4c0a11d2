import { App, Chart } from 'cdk8s';
import { InferenceProtocol, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'iris-v2', { namespace: 'models' });

// POST <url>/v2/models/iris/infer; KServe takes another runtime than for V1
new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
    protocol: InferenceProtocol.V2,
  }),
});

app.synth();
