import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { chartOn } from '../support/chart';
import { ClusterStorageContainer, ClusterStorageContainerProps, StorageWorkload } from '../../src/model';
import { KServeRelease } from '../../src/release';
import { ServingTarget } from '../../src/target';
import { expectAccepted, itWithCrds } from '../support/crds';
import { find, synth } from '../support/manifests';
import { diagnose } from '../support/accepted';

const codes = (chart: Chart) => diagnose(chart).map(({ code, prop }) => `${code} ${prop}`);
const make = (props: ClusterStorageContainerProps, release = KServeRelease.V0_20, id = 'registry') => {
  const chart = chartOn({ release });
  const container = new ClusterStorageContainer(chart, id, props);
  return { chart, container, manifest: () => find(synth(chart), 'ClusterStorageContainer') };
};

test('the least use', () => {
  const { container, manifest, chart } = make({ prefixes: ['registry://'] });

  expect(container.name).toBe('registry');
  expect(manifest()).toEqual({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterStorageContainer',
    metadata: { name: 'registry' },
    spec: { container: { name: 'storage-initializer' }, supportedUriFormats: [{ prefix: 'registry://' }] },
  });
  expect(codes(chart)).toEqual([]);
});

const EVERYTHING: ClusterStorageContainerProps = {
  name: 'models',
  prefixes: ['registry://'],
  regexes: ['^models://(public|shared)/'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',
  env: { REGISTRY: kplus.EnvValue.fromValue('https://registry.acme.org') },
  resources: { memory: { request: Size.mebibytes(256), limit: Size.gibibytes(4) } },
  override: { imagePullPolicy: 'Always' },
  allowPatterns: ['*.safetensors', '*.json'],
  ignorePatterns: ['*.bin'],
  workloadType: StorageWorkload.LOCAL_MODEL_DOWNLOAD_JOB,
  supportsMultiModelDownload: true,
  disabled: true,
};

test('every prop once', () => {
  expect(make(EVERYTHING).manifest()).toMatchObject({
    metadata: { name: 'models' },
    disabled: true,
    spec: {
      supportedUriFormats: [{ prefix: 'registry://' }, { regex: '^models://(public|shared)/' }],
      workloadType: 'localModelDownloadJob',
      supportsMultiModelDownload: true,
      container: {
        name: 'storage-initializer',
        image: 'ghcr.io/acme/registry-initializer:1.4.0',
        imagePullPolicy: 'Always',
        resources: { requests: { memory: '256Mi' }, limits: { memory: '4Gi' } },
        env: [
          { name: 'REGISTRY', value: 'https://registry.acme.org' },
          { name: 'STORAGE_ALLOW_PATTERNS', value: '["*.safetensors","*.json"]' },
          { name: 'STORAGE_IGNORE_PATTERNS', value: '["*.bin"]' },
        ],
      },
    },
  });
});

itWithCrds('every release accepts every prop', () => {
  for (const release of KServeRelease.all()) {
    expectAccepted(make(EVERYTHING, release).manifest(), release.version);
  }
});

test('the default child is the object, and a JSON patch survives', () => {
  const { container, manifest } = make({ prefixes: ['registry://'] });
  ApiObject.of(container).addJsonPatch(JsonPatch.add('/spec/container/workingDir', '/tmp'));

  expect(manifest().spec.container.workingDir).toBe('/tmp');
});

test('what the caller changes later has no effect, and rendering twice gives the same', () => {
  const { chart } = make({ prefixes: ['registry://'] });

  expect(synth(chart)).toEqual(synth(chart));
});

describe('what KServe\'s own container takes too is ambiguous', () => {
  test.each<[ClusterStorageContainerProps, string]>([
    [{ prefixes: ['s3://'] }, 'KSV1813 prefixes[0]'],
    [{ prefixes: ['registry://', 'hf://acme/'] }, 'KSV1813 prefixes[1]'],
    [{ regexes: ['^https://git\\.acme\\.org/.+\\.git$'] }, 'KSV1813 regexes[0]'],
    [{ regexes: ['https?://models/'] }, 'KSV1813 regexes[0]'],
  ])('%j', (props, expected) => {
    expect(codes(make(props).chart)).toEqual([expected]);
  });

  test.each<[ClusterStorageContainerProps, string]>([
    [{ prefixes: ['s3://'], name: 'default' }, 'the one that replaces it'],
    [{ prefixes: ['s3://'], disabled: true }, 'one that is off'],
    [{ prefixes: ['s3://'], workloadType: StorageWorkload.LOCAL_MODEL_DOWNLOAD_JOB }, 'one for local models'],
    [{ regexes: ['.*'], prefixes: ['registry://'], name: 'default' }, 'the one that takes everything in its place'],
  ])('but not %j, %s', (props) => {
    expect(codes(make(props).chart)).toEqual([]);
  });

  test('two of the program are compared, not with themselves', () => {
    const { chart } = make({ prefixes: ['registry://'] });
    new ClusterStorageContainer(chart, 'other', { prefixes: ['registry://models/'] });

    expect(codes(chart)).toEqual(['KSV1813 prefixes[0]']);
  });

  test('one of the program that is off does not count', () => {
    const { chart } = make({ prefixes: ['registry://'] });
    new ClusterStorageContainer(chart, 'other', { prefixes: ['registry://'], disabled: true });

    expect(codes(chart)).toEqual([]);
  });

  test('the fix is the name on the predictor where the release has that', () => {
    const fixes = [KServeRelease.V0_19, KServeRelease.V0_20].map((release) => diagnose(make({ prefixes: ['s3://'] }, release).chart)[0].fix);

    expect(fixes.map((fix) => fix.includes('storageContainerName: \'registry\''))).toEqual([false, true]);
  });
});

test.each<[ClusterStorageContainerProps, string[]]>([
  [{}, ['KSV1811 prefixes']],
  [{ regexes: ['registry://(?!a)'] }, ['KSV1812 regexes[0]']],
  [{ prefixes: ['registry://'], env: { GIT_PASSWORD: kplus.EnvValue.fromValue('x') } }, ['KSV1815 env.GIT_PASSWORD']],
  [{ prefixes: ['registry://'], env: { REGISTRY_TOKEN: kplus.EnvValue.fromValue('x') } }, ['KSV1815 env.REGISTRY_TOKEN']],
  [{ prefixes: ['registry://'], env: { GIT_PASSWORD: kplus.EnvValue.fromValue('') } }, []],
])('%#: %j', (props, expected) => {
  expect(codes(make(props).chart)).toEqual(expected);
});

test('file patterns need 0.17, or an image of one\'s own', () => {
  const props = { prefixes: ['registry://'], allowPatterns: ['*.json'] };

  expect(codes(make(props, KServeRelease.V0_16).chart)).toEqual(['KSV1814 allowPatterns']);
  expect(codes(make({ ...props, image: 'ghcr.io/acme/initializer:1' }, KServeRelease.V0_16).chart)).toEqual([]);
  expect(codes(make(props, KServeRelease.V0_17).chart)).toEqual([]);
});

test('it has no namespace, even in a chart that has one', () => {
  const app = new App();
  ServingTarget.attach(app, { namespace: 'elsewhere' });
  const chart = new Chart(app, 'models', { namespace: 'models' });
  new ClusterStorageContainer(chart, 'registry', { prefixes: ['registry://'] });

  expect(synth(chart)[0].metadata).toEqual({ name: 'registry' });
});
