import { judge, withUris } from './support';
import { Deferred } from '../../src/core/deferred';
import { MOUNT_RULES } from '../../src/model/mount-rules';
import { KServeRelease } from '../../src/release';
import { OciModelMode } from '../../src/target';

const A = { uri: 's3://models/a/v1/', mountPath: '/mnt/models/a' };
const at = (...mounts: { uri?: unknown; mountPath?: unknown }[]) => judge(MOUNT_RULES, withUris(...mounts));
const s3 = (mountPath?: unknown) => ({ uri: 's3://models/b/v1/', mountPath });
const claim = (mountPath?: unknown, uri = 'pvc://models') => ({ uri, mountPath });
const image = (mountPath?: unknown) => ({ uri: 'oci://ghcr.io/acme/model:1', mountPath });

test.each<[string, { uri?: unknown; mountPath?: unknown }[]]>([
  ['one source at the default path', [s3()]],
  ['two downloads below one folder', [A, s3('/mnt/models/b')]],
  ['two downloads into one folder', [s3(), s3()]],
  ['a download and a claim anywhere', [A, claim('/data')]],
  ['claims at paths of their own', [claim('/mnt/a'), claim('/mnt/b')]],
  ['an image and a download', [A, image('/mnt/images/b')]],
])('%s have no finding', (_, mounts) => {
  expect(at(...mounts)).toEqual([]);
});

test('one model and a list of models exclude each other', () => {
  const model = { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/a/v1/' };

  expect(judge(MOUNT_RULES, { predictor: { model, storageUris: [A] } })).toEqual(['KSV1211 /spec/predictor/storageUris']);
});

test('one model of one component and a list of another go together', () => {
  const predictor = { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/a/v1/' } };

  expect(judge(MOUNT_RULES, { predictor, transformer: { containers: [], storageUris: [A] } })).toEqual([]);
});

test('the variable of a container of one\'s own counts as the one model', () => {
  const containers = [{ name: 'kserve-container', image: 'i', env: [{ name: 'STORAGE_URI', value: 's3://models/a/v1/' }] }];

  expect(judge(MOUNT_RULES, { predictor: { containers, storageUris: [A] } })).toEqual(['KSV1211 /spec/predictor/storageUris']);
  expect(judge(MOUNT_RULES, { predictor: { containers } })).toEqual([]);
});

test.each<[{ uri?: unknown; mountPath?: unknown }, string]>([
  [{ mountPath: '/mnt/models/b' }, '/spec/predictor/storageUris/1'],
  [{ uri: '', mountPath: '/mnt/models/b' }, '/spec/predictor/storageUris/1'],
  [claim('/'), '/spec/predictor/storageUris/1/mountPath'],
  [claim('models/b'), '/spec/predictor/storageUris/1/mountPath'],
  [claim('/mnt/../etc'), '/spec/predictor/storageUris/1/mountPath'],
])('an entry like %j is refused', (mount, pointer) => {
  expect(at(A, mount)).toContain(`KSV1212 ${pointer}`);
});

test('downloads need a folder in common', () => {
  expect(at(A, s3('/data/b'))).toEqual(['KSV1213 /spec/predictor/storageUris']);
});

test('claims need paths of their own, the default path too', () => {
  expect(at(claim(), claim())).toEqual(['KSV1213 /spec/predictor/storageUris/1']);
  expect(at(claim('/data'), claim('/data'))).toEqual(['KSV1213 /spec/predictor/storageUris/1/mountPath']);
});

test('the path in a claim is dropped', () => {
  expect(at(A, claim('/data', 'pvc://models/b/v1'))).toEqual(['KSV1214 /spec/predictor/storageUris/1/uri']);
  expect(at(A, claim('/data', 'pvc://models/'))).toEqual([]);
});

describe('images', () => {
  const ab = [image('/mnt/a/model'), image('/mnt/b/model')];

  test('of sidecars need parent folders of their own', () => {
    expect(at(...ab)).toEqual([]);
    expect(at(image('/mnt/models/a'), image('/mnt/models/b'))).toEqual(['KSV1223 /spec/predictor/storageUris/1/mountPath']);
  });

  test('that are volumes need paths of their own', () => {
    const target = { ociModelMode: OciModelMode.NATIVE };

    expect(judge(MOUNT_RULES, withUris(image('/mnt/models/a'), image('/mnt/models/b')), { target })).toEqual([]);
    expect(judge(MOUNT_RULES, withUris(image('/mnt/models/a'), image('/mnt/models/a')), { target })).toEqual([
      'KSV1223 /spec/predictor/storageUris/1/mountPath',
    ]);
  });

  test('are ten at most', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => image(`/mnt/m${i}/model`));

    expect(at(...many(10))).toEqual([]);
    expect(at(...many(11))).toEqual(['KSV1223 /spec/predictor/storageUris']);
  });

  test('stand alone before 0.20', () => {
    const target = { release: KServeRelease.V0_19 };

    expect(judge(MOUNT_RULES, withUris(...ab), { target })).toEqual(['KSV1223 /spec/predictor/storageUris']);
    expect(judge(MOUNT_RULES, withUris(A, image('/mnt/images/b')), { target })).toEqual(['KSV1223 /spec/predictor/storageUris']);
    expect(judge(MOUNT_RULES, withUris(image('/mnt/a/model')), { target })).toEqual([]);
    expect(judge(MOUNT_RULES, withUris(A, s3('/mnt/models/b')), { target })).toEqual([]);
  });
});

describe('the mount path makes the name of a volume', () => {
  test.each(['/mnt/models/Llama', '/mnt/models/v3.1', '/mnt/a_b', `/mnt/${'a'.repeat(64)}`])('%s does not', (path) => {
    expect(at(claim(path))).toEqual(['KSV1224 /spec/predictor/storageUris/0/mountPath']);
    expect(at(s3(path))).toEqual(['KSV1224 /spec/predictor/storageUris/0/mountPath']);
  });

  test('of downloads only the common folder', () => {
    expect(at(s3('/mnt/models/Llama_3.1'), s3('/mnt/models/Adapter_2'))).toEqual([]);
    expect(at(s3('/mnt/Models/a'), s3('/mnt/Models/b'))).toEqual(['KSV1224 /spec/predictor/storageUris']);
  });
});

test('what is known only at deployment is not judged', () => {
  const later = '⟦kserve:1⟧';

  expect(Deferred.is(later)).toBe(true);
  expect(at({ uri: later, mountPath: later }, { uri: later }, s3(later), claim(later, `pvc://${later}`))).toEqual([]);
});
