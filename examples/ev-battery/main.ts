import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-28';
import {
  Explainer, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, S3Credentials, Scaling, ServingTarget, Transformer,
} from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20, domain: 'models.acme.org' });

const chart = new Chart(app, 'ev-battery', { namespace: 'battery' });
const credentials = S3Credentials.irsa('arn:aws:iam::123456789012:role/battery-models');

new InferenceService(chart, 'battery-faults', {
  // classifies a cell's feature vector
  predictor: Predictor.fromModel({
    format: ModelFormat.XGBOOST,
    source: ModelSource.s3('s3://acme-models/battery-faults/2026-05/', { credentials }),
    resources: {
      cpu: { request: Cpu.units(1), limit: Cpu.units(2) },
      memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
    },
    scaling: Scaling.cpu({ targetUtilization: 70, minReplicas: 2, maxReplicas: 8 }),
  }),
  // turns voltage, current and temperature series into that vector
  transformer: Transformer.fromContainer({
    image: 'ghcr.io/acme/battery-preprocessing:1.4.0',
    env: { WINDOW_SECONDS: EnvValue.fromValue('600') },
    resources: {
      cpu: { request: Cpu.millis(250), limit: Cpu.units(1) },
      memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
    },
    scaling: Scaling.cpu({ targetUtilization: 60, minReplicas: 2, maxReplicas: 12 }),
  }),
  // says by SHAP values which measurements point to the fault; slow, so it has more time and fewer pods
  explainer: Explainer.fromContainer({
    image: 'ghcr.io/acme/battery-shap:1.4.0',
    source: ModelSource.s3('s3://acme-models/battery-faults/shap-background/2026-05/', { credentials }),
    timeout: Duration.minutes(2),
    resources: {
      cpu: { request: Cpu.units(2), limit: Cpu.units(4) },
      memory: { request: Size.gibibytes(2), limit: Size.gibibytes(4) },
    },
    scaling: Scaling.cpu({ targetUtilization: 80, minReplicas: 1, maxReplicas: 3 }),
  }),
});

app.synth();
