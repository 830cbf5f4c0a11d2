/**
 * A program with several mistakes, for the real cdk8s command.
 *
 * expects: [models/iris] KSV
 * expects: predictor.resources.memory.request = '2Gi'
 * expects: predictor.scaling
 * expects: [models/churn] KSV
 * expects: predictor.source = 'churn/v12'
 * expects: Fix:
 */
import { App, Chart, Size } from 'cdk8s';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingTarget } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'models', { namespace: 'models' });

new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
    resources: { memory: { request: Size.gibibytes(2), limit: Size.gibibytes(1) } },
    scaling: Scaling.concurrency({ target: 10 }), // Standard mode cannot
  }),
});

new InferenceService(chart, 'churn', {
  predictor: Predictor.fromModel({ format: ModelFormat.XGBOOST, source: ModelSource.s3('churn/v12') }),
});

app.synth();
