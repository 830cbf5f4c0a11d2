import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AzureCredentials, ClusterStorageContainer, Diagnostics, GcsCredentials, HuggingFaceCredentials, InferenceService, KServeRelease, ModelFormat,
  ModelMount, ModelSource, Predictor, S3Credentials, ServingTarget, TrainedModel,
} from '../../src';
import { Deferred } from '../../src/core/deferred';
import { synthYaml } from '../support/manifests';

/** A string that is known only at deployment; front ends pass the object where the type says string. */
const later = (key: string) => new Deferred(key) as unknown as string;

const chartOn = () => {
  const app = new App({ resolvers: [Deferred.resolver] });
  ServingTarget.attach(app, { release: KServeRelease.V0_20 });
  return new Chart(app, 'models', { namespace: 'models' });
};

/** The YAML of a program and what is found in it. */
function outcome(build: (chart: Chart) => void): { yaml: string; found: string } {
  const chart = chartOn();
  build(chart);
  return { yaml: synthYaml(chart.node.root as App), found: Diagnostics.of(chart).toString() };
}

const served = (source: (chart: Chart) => ModelSource) => outcome((chart) => {
  new InferenceService(chart, 'fraud', { predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: source(chart) }) });
});

describe.each<[string, (a: string, b: string, chart: Chart) => ModelSource, number]>([
  ['s3', (a) => ModelSource.s3(a), 1],
  ['gcs', (a) => ModelSource.gcs(a), 1],
  ['azureBlob', (a) => ModelSource.azureBlob(a), 1],
  ['pvcNamed', (a, b) => ModelSource.pvcNamed(a, { path: b }), 2],
  ['https', (a) => ModelSource.https(a), 1],
  ['githubRelease', (a) => ModelSource.githubRelease(a), 1],
  ['githubAsset', (a, b) => ModelSource.githubAsset({ repository: a, tag: b, asset: `${a}.bst` }), 2],
  ['huggingFace', (a, b) => ModelSource.huggingFace(a, { revision: b }), 2],
  ['oci', (a) => ModelSource.oci(a), 1],
  ['oci as a volume', (a) => ModelSource.oci(a, { native: true }), 1],
  ['hdfs', (a) => ModelSource.hdfs(a), 1],
  ['webhdfs', (a) => ModelSource.webhdfs(a), 1],
  ['git', (a) => ModelSource.git(a), 1],
  ['uri', (a) => ModelSource.uri(a), 1],
  ['storageKey', (a, b) => ModelSource.storageKey(a, { path: b, parameters: { bucket: a, type: b }, schemaPath: b }), 2],
  ['storageDefaultKey', (a, b) => ModelSource.storageDefaultKey({ path: a, parameters: { type: b } }), 2],
  ['S3Credentials.irsa', (a, b) => ModelSource.s3(a, { credentials: S3Credentials.irsa(b, { region: a, caBundlePath: b }) }), 2],
  ['S3Credentials.anonymous', (a, b) => ModelSource.s3(a, { credentials: S3Credentials.anonymous({ endpoint: b, useHttps: true, region: a }) }), 2],
  ['S3Credentials.fromSecret', (a, b, chart) => ModelSource.s3(a, { credentials: S3Credentials.fromSecret(kplus.Secret.fromSecretName(chart, 'Keys', b)) }), 2],
  ['GcsCredentials.workloadIdentity', (a, b) => ModelSource.gcs(a, { credentials: GcsCredentials.workloadIdentity(b) }), 2],
  ['AzureCredentials.workloadIdentity', (a, b) => ModelSource.azureBlob(a, { credentials: AzureCredentials.workloadIdentity(b, { tenantId: a }) }), 2],
  ['HuggingFaceCredentials.fromSecret', (a, b, chart) =>
    ModelSource.huggingFace(a, { credentials: HuggingFaceCredentials.fromSecret(kplus.Secret.fromSecretName(chart, 'Token', b)) }), 2],
])('%s', (_, source, count) => {
  const markers = ['a', 'b'].slice(0, count).map((key) => String(later(key)));

  test('puts deferred arguments whole into the manifests and finds nothing wrong', () => {
    const { yaml, found } = served((chart) => source(later('a'), later('b'), chart));

    for (const marker of markers) {
      expect(yaml).toContain(marker);
    }
    expect(found).toBe('');
  });

  test('does the same with strings that have a deferred part', () => {
    const { yaml, found } = served((chart) => source(`${later('a')}/x`, `x-${later('b')}`, chart));

    for (const marker of markers) {
      expect(yaml).toContain(marker);
    }
    expect(found).toBe('');
  });
});

test('a scheme before a deferred part is not written twice', () => {
  expect(ModelSource.oci(`oci://${later('a')}/fraud:3`).storageUri).toBe(`oci://${later('a')}/fraud:3`);
  expect(ModelSource.huggingFace(`hf://acme/${later('a')}`).storageUri).toBe(`hf://acme/${later('a')}`);
});

test('credentials of a URI that is known only at deployment are not judged', () => {
  const credentials = S3Credentials.irsa('arn:aws:iam::123456789012:role/models');

  expect(served(() => ModelSource.uri(later('a'), { credentials })).found).toBe('');
});

test('several sources, with deferred mount paths', () => {
  const sources: ModelMount[] = [
    { source: ModelSource.s3(later('a')), mountPath: later('b') },
    { source: ModelSource.uri(later('c')), mountPath: `/mnt/${later('d')}` },
    { source: ModelSource.pvcNamed(later('e')) },
  ];
  const { yaml, found } = outcome((chart) => {
    new InferenceService(chart, 'fraud', { predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, sources }) });
  });

  expect('abcde'.split('').filter((key) => !yaml.includes(String(later(key))))).toEqual([]);
  expect(found).toBe('');
});

test('settings of a Secret of this program', () => {
  const { yaml, found } = served((chart) => {
    const secret = new kplus.Secret(chart, 'Keys', { metadata: { name: 'keys' }, stringData: { AWS_ACCESS_KEY_ID: later('a'), AWS_SECRET_ACCESS_KEY: later('b') } });
    return ModelSource.s3('s3://models/fraud/v3/', { credentials: S3Credentials.fromSecret(secret, { endpoint: later('c'), region: `eu-${later('d')}` }) });
  });

  expect('abcd'.split('').filter((key) => !yaml.includes(String(later(key))))).toEqual([]);
  expect(found).toBe('');
});

test('an imported account and the identity it needs: the finding does not show what may be secret', () => {
  const { yaml, found } = outcome((chart) => {
    const serviceAccount = kplus.ServiceAccount.fromServiceAccountName(chart, 'Account', later('account'));
    const source = ModelSource.s3(later('uri'), { credentials: S3Credentials.irsa(later('role')) });
    new InferenceService(chart, 'fraud', { predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source, serviceAccount }) });
  });

  expect(yaml).toContain(`serviceAccountName: ${later('account')}`);
  expect(found).toContain('KSV1305');
  expect(found).not.toContain('⟦');
});

test('a trained model and a storage container', () => {
  const { yaml, found } = outcome((chart) => {
    const server = new InferenceService(chart, 'many', {
      predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, resources: { memory: { limit: Size.gibibytes(1) } } }),
    });
    new TrainedModel(chart, 'model-a', {
      inferenceService: server,
      source: ModelSource.gcs(later('a')),
      framework: ModelFormat.of(later('b')),
      memory: Size.mebibytes(1),
    });
    new ClusterStorageContainer(chart, 'registry', {
      prefixes: [later('c')],
      regexes: [`^${later('d')}`],
      image: later('e'),
      allowPatterns: [later('f')],
      env: { REGISTRY: kplus.EnvValue.fromValue(later('g')) },
    });
  });

  expect('abcdefg'.split('').filter((key) => !yaml.includes(String(later(key))))).toEqual([]);
  expect(found).toBe('');
});
