import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget, Transformer } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'collocated-transformer', { namespace: 'models' });

// one pod, two containers: images reach the model without a hop over the network
new InferenceService(chart, 'mnist', {
  predictor: Predictor.fromModel({
    format: ModelFormat.TENSORFLOW,
    source: ModelSource.gcs('gs://acme-models/mnist/v4/'),
  }),
  transformer: Transformer.collocated({
    image: 'ghcr.io/acme/mnist-preprocessing:1.0.0',
    resources: {
      cpu: { request: Cpu.millis(200), limit: Cpu.units(1) },
      memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
    },
  }),
});

app.synth();
