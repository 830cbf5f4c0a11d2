import { ApiObject, Chart, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { chartOn } from '../support/chart';
import { ModelFormat, ModelSource, TrainedModel, TrainedModelProps } from '../../src/model';
import { KServeRelease } from '../../src/release';
import { find, synth } from '../support/manifests';
import { diagnose } from '../support/accepted';

/** A service as TrainedModel sees it. */
export class Server extends Construct {
  readonly name = 'many';
  constructor(scope: Chart, predictor: object = MANY) {
    super(scope, 'Server');
    new ApiObject(this, 'Resource', { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'many' }, spec: { predictor } });
  }
}

export const MANY = { model: { modelFormat: { name: 'sklearn' }, resources: { limits: { memory: '1Gi' } } } };

/** What is found in a chart, as `code prop`. */
export const codes = (chart: Chart) => diagnose(chart).map(({ code, prop }) => `${code} ${prop}`);
/** A trained model beside its service. */
export const make = (props: Partial<TrainedModelProps> = {}, { predictor, id = 'model-a', release = KServeRelease.V0_20 }: { predictor?: object; id?: string; release?: KServeRelease } = {}) => {
  const chart = chartOn({ release });
  const server = new Server(chart, predictor);
  const model = (name: string, more: Partial<TrainedModelProps> = {}) => new TrainedModel(chart, name, {
    inferenceService: server,
    source: ModelSource.gcs('gs://acme-models/a/v1'),
    framework: ModelFormat.SKLEARN,
    memory: Size.mebibytes(256),
    ...more,
  });
  return { chart, server, model, made: model(id, props), manifest: () => find(synth(chart), 'TrainedModel') };
};
