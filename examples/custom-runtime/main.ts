import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { InferenceProtocol, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingRuntime, ServingTarget } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'custom-runtime', { namespace: 'energy' });

new ServingRuntime(chart, 'prophet-server', {
  formats: [{ name: 'prophet', version: '1', autoSelect: true, priority: 1 }],
  protocolVersions: [InferenceProtocol.V1, InferenceProtocol.V2],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'], // KServe fills in the service's name
    resources: {
      cpu: { request: Cpu.millis(500), limit: Cpu.units(1) },
      memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
    },
  },
  prometheusPort: 8080,
});

// Nothing names the runtime: the format does. `service.predictor.explainRuntime()` tells why it is this one.
new InferenceService(chart, 'load-forecast', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet', '1'),
    source: ModelSource.pvcNamed('trained-models', { path: 'load-forecast/v7' }),
  }),
});

app.synth();
