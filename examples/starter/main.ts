import { App, Chart, ChartProps } from 'cdk8s';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget } from 'cdk8s-kserve';
import { Construct } from 'constructs';

export class Models extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, props);

    new InferenceService(this, 'iris', {
      predictor: Predictor.fromModel({
        format: ModelFormat.SKLEARN,
        source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
      }),
    });
  }
}

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 }); // what your cluster runs
new Models(app, 'models', { namespace: 'models' });
app.synth();
