import { App, Chart } from 'cdk8s';
import { BuiltInRuntimes, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget } from 'cdk8s-kserve';

const app = new App();

// An upgrade, rehearsed: the same constructs for what runs today and for what will run tomorrow.
for (const [name, release] of Object.entries({ today: KServeRelease.V0_16, tomorrow: KServeRelease.V0_20 })) {
  const chart = new Chart(app, name, { namespace: 'churn' });
  ServingTarget.attach(chart, { cluster: name, release });

  new BuiltInRuntimes(chart, 'runtimes', { runtimes: ['kserve-xgbserver'] });

  new InferenceService(chart, 'churn', {
    predictor: Predictor.fromModel({
      format: ModelFormat.XGBOOST,
      source: ModelSource.gcs('gs://acme-models/churn/v12/'),
    }),
  });
}

app.synth();
