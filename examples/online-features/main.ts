import { App, Chart, Size } from 'cdk8s';
import { Cpu, EnvValue, Secret } from 'cdk8s-plus-28';
import {
  InferenceProtocol, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingTarget, Transformer, Transport,
} from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'online-features', { namespace: 'rides' });
const featureStore = Secret.fromSecretName(chart, 'FeatureStore', 'feature-store');

// Clients send a driver's id. The transformer looks up the driver's features
// and asks the predictor by gRPC, whose binary tensors are cheaper than JSON.
new InferenceService(chart, 'driver-ranking', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://acme-models/driver-ranking/v5/'),
    protocol: InferenceProtocol.V2,
    transport: Transport.GRPC,
  }),
  transformer: Transformer.fromContainer({
    image: 'ghcr.io/acme/driver-features:2.0.1',
    args: ['--entity_id_name=driver_id', '--feature_refs=driver_hourly_stats:acc_rate,driver_hourly_stats:avg_daily_trips'],
    env: {
      FEATURE_STORE_URL: EnvValue.fromValue('http://feast-server.features:6566'),
      FEATURE_STORE_TOKEN: EnvValue.fromSecretValue({ secret: featureStore, key: 'token' }),
    },
    resources: {
      cpu: { request: Cpu.millis(200), limit: Cpu.units(1) },
      memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
    },
    scaling: Scaling.cpu({ targetUtilization: 60, minReplicas: 1, maxReplicas: 5 }),
  }),
});

app.synth();
