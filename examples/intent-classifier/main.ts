import { App, Chart } from 'cdk8s';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'intent-classifier', { namespace: 'models' });

// the URL as copied from the release's page
const model = ModelSource.githubRelease('https://github.com/acme/intent-classifier/releases/download/v1.2.0/model.joblib');

new InferenceService(chart, 'intent-classifier', {
  predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: model }),
});

app.synth();
