import { judge, withUris } from './support';
import { DOWNLOAD_RULES } from '../../src/model/download-rules';
import { KServeRelease } from '../../src/release';

const container = (name: string, spec: object = {}) => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ClusterStorageContainer',
  metadata: { name },
  spec: { container: { name: 'storage-initializer' }, supportedUriFormats: [{ prefix: `${name}://` }], ...spec },
});
const ONE = container('one');
const MANY = container('many', { supportsMultiModelDownload: true });
const uris = (...list: string[]) => withUris(...list.map((uri, i) => ({ uri, mountPath: `/mnt/models/${i}` })));
const at = (list: string[], neighbours: object[] = [ONE, MANY], target = {}) => judge(DOWNLOAD_RULES, uris(...list), { neighbours, target });

test.each<[string[], string[]]>([
  [['one://a', 'one://b'], ['KSV1225 /spec/predictor/storageUris/0/uri']],
  [['one://a'], ['KSV1225 /spec/predictor/storageUris/0/uri']],
  [['many://a', 'many://b'], []],
  [['s3://a/b/', 's3://a/c/'], []],
  [['s3://a/b/', 'one://b'], ['KSV1227 /spec/predictor/storageUris/1/uri']],
  [['s3://a/b/', 'many://b'], ['KSV1227 /spec/predictor/storageUris/1/uri']],
  [['many://a', 's3://a/b/'], ['KSV1227 /spec/predictor/storageUris/1/uri']],
  [['pvc://claim', 'many://b'], ['KSV1227 /spec/predictor/storageUris/1/uri']],
  [['many://a', 'pvc://claim', 'oci://r/m:1'], []],
  [['⟦kserve:1⟧', 'many://b'], []],
])('the first of %j decides', (list, findings) => {
  expect(at(list)).toEqual(findings);
});

test('a container that serves no pods is not asked', () => {
  expect(at(['job://a', 'job://b'], [container('job', { workloadType: 'localModelDownloadJob' })])).toEqual([]);
});

test('a container of the cluster that the program does not have may be able to', () => {
  expect(at(['theirs://a', 's3://a/b/'], [], { storageUriPrefixes: ['theirs://'] })).toEqual([]);
  expect(at(['s3://a/b/', 'theirs://a'], [], { storageUriPrefixes: ['theirs://'] })).toEqual(['KSV1227 /spec/predictor/storageUris/1/uri']);
});

test('a container that the predictor names downloads everything', () => {
  const named = (storageContainerName: string) => {
    const { predictor } = uris('s3://a/b/', 'many://b');
    return judge(DOWNLOAD_RULES, { predictor: { ...predictor, storageContainerName } }, { neighbours: [ONE, MANY] });
  };

  expect(named('one')).toEqual(['KSV1225 /spec/predictor/storageUris/0/uri', 'KSV1227 /spec/predictor/storageUris/1/uri']);
  expect(named('many')).toEqual([]);
  expect(named('theirs')).toEqual([]);
});

describe('releases whose own container downloads one', () => {
  test('0.17 downloads what a claim or a container of the program begins', () => {
    const target = { release: KServeRelease.V0_17 };

    expect(at(['s3://a/b/', 'pvc://claim'], [MANY], target)).toEqual(['KSV1226 /spec/predictor/storageUris']);
    expect(at(['s3://a/b/'], [MANY], target)).toEqual(['KSV1226 /spec/predictor/storageUris']);
    expect(at(['pvc://claim', 's3://a/b/'], [MANY], target)).toEqual([]);
    expect(at(['many://a', 'many://b'], [MANY], target)).toEqual([]);
  });

  test('0.16 downloads nothing', () => {
    const target = { release: KServeRelease.V0_16 };

    expect(at(['pvc://claim', 's3://a/b/'], [], target)).toEqual(['KSV1226 /spec/predictor/storageUris']);
    expect(at(['pvc://claim'], [], target)).toEqual([]);
  });
});
