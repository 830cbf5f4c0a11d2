import { judge, withUri, withUris } from './support';
import { STORAGE_RULES } from '../../src/model/rules';
import { KServeRelease } from '../../src/release';

const found = (spec: object, props?: Parameters<typeof judge>[2]) => judge(STORAGE_RULES, spec, props);
const PINNED = 's3://models/fraud/v3/';
const container = (spec: object, more: object = {}) => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ClusterStorageContainer',
  metadata: { name: 'registry' },
  spec: { container: { name: 'storage-initializer' }, supportedUriFormats: [{ prefix: 'registry://' }], ...spec },
  ...more,
});

describe('URIs are found', () => {
  const bad = 'models/fraud';

  test.each<[string, object, string]>([
    ['in the model', withUri(bad), '/spec/predictor/model/storageUri'],
    ['in the older spelling', { predictor: { sklearn: { storageUri: bad } } }, '/spec/predictor/sklearn/storageUri'],
    ['in a list', withUris({ uri: PINNED }, { uri: bad }), '/spec/predictor/storageUris/1/uri'],
    ['in a container of one\'s own', { predictor: { containers: [{ name: 'kserve-container', env: [{ name: 'A' }, { name: 'STORAGE_URI', value: bad }] }] } },
      '/spec/predictor/containers/0/env/1'],
    ['in a transformer', { predictor: {}, transformer: { containers: [], storageUris: [{ uri: bad }] } }, '/spec/transformer/storageUris/0/uri'],
    ['in an explainer', { predictor: {}, explainer: { art: { type: 'SquareAttack', storageUri: bad } } }, '/spec/explainer/art/storageUri'],
  ])('%s', (_, spec, pointer) => {
    expect(found(spec)).toEqual([`KSV1201 ${pointer}`]);
  });

  test('but not what is known only at deployment, or no text', () => {
    expect([withUri('⟦kserve:1⟧'), withUri('s3://⟦kserve:1⟧/fraud'), withUri(undefined), { predictor: {} }, {}].flatMap((spec) => found(spec))).toEqual([]);
  });
});

describe('a scheme of one\'s own', () => {
  const spec = withUri('registry://fraud/3');

  test('needs a storage container that takes it and is on', () => {
    expect(found(spec)).toEqual(['KSV1202 /spec/predictor/model/storageUri']);
    expect(found(spec, { neighbours: [container({})] })).toEqual([]);
    expect(found(spec, { neighbours: [container({ supportedUriFormats: [{ regex: '^registry://' }] })] })).toEqual([]);
    expect(found(spec, { neighbours: [container({}, { disabled: true })] })).toEqual(['KSV1202 /spec/predictor/model/storageUri']);
    expect(found(spec, { neighbours: [container({ workloadType: 'localModelDownloadJob' })] })).toEqual(['KSV1202 /spec/predictor/model/storageUri']);
    expect(found(spec, { neighbours: [container({ supportedUriFormats: [{ prefix: 'other://' }] })] })).toEqual(['KSV1202 /spec/predictor/model/storageUri']);
  });

  test('is taken on trust when the service names a storage container of others', () => {
    expect(found({ predictor: { ...spec.predictor, storageContainerName: 'registry' } })).toEqual([]);
  });
});

test('a URI and a storage path exclude each other', () => {
  const model = { modelFormat: { name: 'sklearn' }, storageUri: PINNED, storage: { path: 'fraud/v3' } };

  expect(found({ predictor: { model } })).toEqual(['KSV1215 /spec/predictor/model/storage/path']);
});

test.each<[object | undefined, string[]]>([
  [undefined, []],
  [{ bucket: 'models' }, []],
  [{ type: 'hdfs' }, []],
  [{ type: 's3', bucket: 'models' }, []],
  [{ type: 's3' }, ['KSV1216 /spec/predictor/model/storage/parameters']],
  [{ type: 'gs', bucket: 'models' }, ['KSV1216 /spec/predictor/model/storage/parameters/type']],
  [{ type: '⟦kserve:1⟧' }, []],
])('the parameters %j of a storage key', (parameters, expected) => {
  expect(found({ predictor: { model: { modelFormat: { name: 'sklearn' }, storage: { key: 'minio', parameters } } } })).toEqual(expected);
});

describe('a storage key', () => {
  const spec = { predictor: { model: { modelFormat: { name: 'sklearn' }, storage: { key: 'minio' } } } };
  const secret = (name: string, stringData: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'models' }, stringData });

  test('must be in the Secret, when the program makes it', () => {
    expect(found(spec, { neighbours: [secret('storage-config', { minio: '{}' })] })).toEqual([]);
    expect(found(spec, { neighbours: [secret('storage-config', { ceph: '{}' })] })).toEqual(['KSV1217 /spec/predictor/model/storage/key']);
    expect(found(spec, { neighbours: [secret('other', { ceph: '{}' })] })).toEqual([]);
  });

  test('is looked up in the Secret that the target or the annotation names', () => {
    expect(found(spec, { neighbours: [secret('other', { ceph: '{}' })], target: { storageSpecSecretName: 'other' } })).toEqual(['KSV1217 /spec/predictor/model/storage/key']);
    expect(found(spec, { neighbours: [secret('other', { ceph: '{}' })], metadata: { annotations: { 'serving.kserve.io/secretName': 'other' } } }))
      .toEqual(['KSV1217 /spec/predictor/model/storage/key']);
  });
});

test.each<[object, string[]]>([
  [{ storage: { parameters: { type: 's3', bucket: 'models' } } }, []],
  [{ storage: { parameters: { type: 'gs' } } }, ['KSV1218 /spec/explainer/art/storage/parameters/type']],
  [{ storage: { key: 'a' }, storageUri: PINNED }, []],
  [{ storage: { key: 'a' }, storageUri: 'gs://models/fraud/v3' }, ['KSV1218 /spec/explainer/art/storageUri']],
])('the ART explainer with %j', (art, expected) => {
  expect(found({ predictor: {}, explainer: { art: { type: 'SquareAttack', ...art } } })).toEqual(expected);
});

test.each<[object, string[]]>([
  [{ storageUri: PINNED, confidential: { enabled: true } }, []],
  [{ storageUri: PINNED, confidential: { enabled: true, resourceId: 'kbs:///models/keys/fraud' } }, []],
  [{ confidential: { enabled: false, resourceId: 'x' } }, []],
  [{ confidential: { enabled: true } }, ['KSV1219 /spec/predictor/model/confidential']],
  [{ storageUri: PINNED, confidential: { enabled: true, resourceId: 'kbs:///models/fraud' } }, ['KSV1219 /spec/predictor/model/confidential/resourceId']],
  [{ storageUri: 'pvc://models/v3', confidential: { enabled: true } }, ['KSV1220 /spec/predictor/model/confidential']],
  [{ storageUri: 'oci://ghcr.io/acme/fraud:3', confidential: { enabled: true } }, ['KSV1220 /spec/predictor/model/confidential']],
])('a confidential model %j', (model, expected) => {
  expect(found({ predictor: { model: { modelFormat: { name: 'sklearn' }, ...model } } })).toEqual(expected);
});

describe('a named storage container', () => {
  const spec = (uri: string) => ({ predictor: { ...withUri(uri).predictor, storageContainerName: 'registry' } });

  test.each<[string, any, string[]]>([
    ['that takes the URI', container({}), []],
    ['that is disabled', container({}, { disabled: true }), ['KSV1221 /spec/predictor/storageContainerName']],
    ['for another workload', container({ workloadType: 'localModelDownloadJob' }), ['KSV1221 /spec/predictor/storageContainerName']],
    ['for other URIs', container({ supportedUriFormats: [{ prefix: 'other://' }] }), ['KSV1221 /spec/predictor/storageContainerName']],
  ])('%s', (_, neighbour, expected) => {
    expect(found(spec('registry://fraud/3'), { neighbours: [neighbour] })).toEqual(expected);
  });

  test('is for the predictor only', () => {
    const explained = { ...spec('registry://fraud/3'), explainer: { art: { type: 'SquareAttack', storageUri: PINNED } } };

    expect(found(explained, { neighbours: [container({})] })).toEqual([]);
  });
});

test('the same manifest may be right for one release and wrong for another', () => {
  const spec = withUri('oci+native://ghcr.io/acme/fraud:3');

  expect(found(spec, { target: { release: KServeRelease.V0_19 } })).toEqual(['KSV1202 /spec/predictor/model/storageUri']);
  expect(found(spec, { target: { release: KServeRelease.V0_20 } })).toEqual([]);
});
