import { Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { chartOn } from '../support/chart';
import { GcsCredentials, ModelFormat, ModelSource, TrainedModel } from '../../src/model';
import { diagnose } from '../support/accepted';
import { codes, make, MANY } from './trained';

test.each(['Model-A', 'model_a', 'model.a', '-a', 'a'.repeat(254)])('%s is no name', (name) => {
  expect(codes(make({ name }).chart)).toEqual(['KSV1801 name']);
});

test.each<[ModelSource, string[]]>([
  [ModelSource.s3('s3://models/a/v1/'), []],
  [ModelSource.https('https://models.acme.org/a/v1/model.joblib'), []],
  [ModelSource.uri('http://models/a/v1/model.joblib'), []],
  [ModelSource.pvcNamed('models', { path: 'v1' }), ['KSV1802 source']],
  [ModelSource.huggingFace('acme/bert', { revision: '5b1c2f0' }), ['KSV1802 source']],
  [ModelSource.storageKey('minio', { path: 'v1' }), ['KSV1802 undefined']],
  [ModelSource.s3('s3://models/a'), ['KSV1204 source']],
  [ModelSource.s3('s3://'), ['KSV1203 source']],
  [ModelSource.https('https://github.com/acme/a/blob/main/model.joblib'), ['KSV1206 source']],
  [ModelSource.s3('gs://models/a/v1'), ['KSV1210 source']],
])('the source %#', (source, expected) => {
  expect(codes(make({ source }).chart)).toEqual(expected);
});

test('credentials belong to the service', () => {
  const source = ModelSource.gcs('gs://acme-models/a/v1', { credentials: GcsCredentials.workloadIdentity('models@acme.iam.gserviceaccount.com') });

  expect(codes(make({ source }).chart)).toEqual(['KSV1805 source.credentials']);
});

describe('the service must serve many models', () => {
  const limits = { resources: { limits: { memory: '1Gi' } } };

  test.each<[string, object, string[]]>([
    ['no source', MANY, []],
    ['a URI', { model: { ...MANY.model, storageUri: 'gs://a/v1' } }, ['KSV1803 inferenceService']],
    ['a storage key', { model: { ...MANY.model, storage: { key: 'a' } } }, ['KSV1803 inferenceService']],
    ['several sources', { ...MANY, storageUris: [{ uri: 'gs://a/v1' }] }, ['KSV1803 inferenceService']],
    ['the format huggingface', { model: { modelFormat: { name: 'huggingface' }, ...limits } }, ['KSV1803 inferenceService']],
    ['the older spelling', { triton: limits }, []],
    ['the older spelling of huggingface', { huggingface: limits }, ['KSV1803 inferenceService']],
    ['a container', { containers: [{ name: 'kserve-container', ...limits }] }, ['KSV1803 inferenceService']],
    ['a container for many models', { containers: [{ name: 'kserve-container', ...limits, env: [{ name: 'MULTI_MODEL_SERVER', value: 'true' }] }] }, []],
  ])('with %s', (_, predictor, expected) => {
    expect(codes(make({}, { predictor }).chart)).toEqual(expected);
  });
});

describe('the memory of all models', () => {
  test('must fit into the limit of the service, and the ones beyond it are named', () => {
    const { chart, model } = make();
    model('model-b', { memory: Size.mebibytes(768) });
    expect(codes(chart)).toEqual([]);

    model('model-c', { memory: Size.mebibytes(1) });
    expect(diagnose(chart).map(({ construct, code }) => `${construct} ${code}`)).toEqual(['models/model-c KSV1804']);
  });

  test('is none at all when the service sets no limit: that of the runtime does not count', () => {
    expect(codes(make({}, { predictor: { model: { modelFormat: { name: 'sklearn' } } } }).chart)).toEqual(['KSV1804 inferenceService']);
  });

  test('of a container is what KServe fills in', () => {
    const predictor = { containers: [{ name: 'kserve-container', env: [{ name: 'MULTI_MODEL_SERVER', value: 'true' }] }] };

    expect(codes(make({ memory: Size.gibibytes(2) }, { predictor }).chart)).toEqual([]);
    expect(codes(make({ memory: Size.gibibytes(3) }, { predictor }).chart)).toEqual(['KSV1804 memory']);
  });

  test('of a container that is not the first one is what it says itself: KServe fills in the first only', () => {
    const containers = [{ name: 'sidecar', env: [{ name: 'MULTI_MODEL_SERVER', value: 'true' }] }, { name: 'kserve-container' }];

    expect(codes(make({}, { predictor: { containers } }).chart)).toEqual(['KSV1804 inferenceService']);
  });

  test('is not judged when the limit is known only at deployment', () => {
    expect(codes(make({}, { predictor: { model: { resources: { limits: { memory: '⟦kserve:1⟧' } } } } }).chart)).toEqual([]);
  });
});

test('a model in another namespace than its service is refused', () => {
  const { chart, server } = make();
  const elsewhere = new Chart(chart.node.root as Construct, 'elsewhere', { namespace: 'elsewhere' });
  new TrainedModel(elsewhere, 'model-b', { inferenceService: server, source: ModelSource.gcs('gs://acme-models/b/v1'), framework: ModelFormat.SKLEARN, memory: Size.mebibytes(1) });

  expect(codes(elsewhere)).toEqual(['KSV1806 inferenceService']);
});

test('a service of others is not judged, whatever services there are elsewhere', () => {
  const { chart: elsewhere } = make();
  const near = new Chart(elsewhere.node.root as Construct, 'near', { namespace: 'near' });
  const imported = kplus.ServiceAccount.fromServiceAccountName(near, 'Imported', 'other');
  new TrainedModel(near, 'model-b', { inferenceService: imported, source: ModelSource.gcs('gs://acme-models/b/v1'), framework: ModelFormat.SKLEARN, memory: Size.mebibytes(1) });

  expect(codes(near)).toEqual([]);
});

test('a service of others has no memory that is known', () => {
  const chart = chartOn();
  const imported = kplus.ServiceAccount.fromServiceAccountName(chart, 'Imported', 'many'); // anything with a name
  new TrainedModel(chart, 'model-a', { inferenceService: imported, source: ModelSource.gcs('gs://acme-models/a/v1'), framework: ModelFormat.SKLEARN, memory: Size.gibibytes(100) });

  expect(codes(chart)).toEqual([]);
});
