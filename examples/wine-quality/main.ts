import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingTarget } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'wine-quality', { namespace: 'models' });

// MLflow models speak V2 without being told: no runtime serves them by V1
new InferenceService(chart, 'wine-quality', {
  predictor: Predictor.fromModel({
    format: ModelFormat.MLFLOW,
    source: ModelSource.gcs('gs://acme-models/wine-quality/v9/'),
    resources: {
      cpu: { request: Cpu.millis(500), limit: Cpu.units(1) },
      memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
    },
    scaling: Scaling.cpu({ targetUtilization: 60, minReplicas: 2, maxReplicas: 6 }),
  }),
});

app.synth();
