import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget, TrainedModel } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'multi-model', { namespace: 'models' });

// A server without a model of its own: models come and go while it runs.
const server = new InferenceService(chart, 'vision', {
  predictor: Predictor.fromModel({
    format: ModelFormat.TRITON,
    resources: {
      cpu: { request: Cpu.units(1), limit: Cpu.units(2) },
      memory: { request: Size.gibibytes(4), limit: Size.gibibytes(4) }, // all models together must fit
    },
  }),
});

// POST <url>/v2/models/cifar10/infer
new TrainedModel(chart, 'cifar10', {
  inferenceService: server,
  framework: ModelFormat.PYTORCH,
  source: ModelSource.gcs('gs://acme-models/cifar10/v1/'),
  memory: Size.gibibytes(1),
});

new TrainedModel(chart, 'simple-string', {
  inferenceService: server,
  framework: ModelFormat.TENSORFLOW,
  source: ModelSource.gcs('gs://acme-models/simple-string/v1/'),
  memory: Size.gibibytes(1),
});

app.synth();
