import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { chartOn } from '../support/chart';
import { AzureCredentials, GcsCredentials, HttpsCredentials, HuggingFaceCredentials, ModelSource, S3Credentials } from '../../src/model';
import { problemsAt } from '../../src/model/problem';

const codes = (source: ModelSource) => source._problems.map(({ rule }) => rule.code);
const secretIn = (chart: Chart) => kplus.Secret.fromSecretName(chart, 'Secret', 'keys');

test.each<[string, ModelSource, string]>([
  ['s3', ModelSource.s3('s3://models/fraud/v3/'), 's3://models/fraud/v3/'],
  ['gcs', ModelSource.gcs('gs://models/fraud/v3'), 'gs://models/fraud/v3'],
  ['azureBlob', ModelSource.azureBlob('https://acme.blob.core.windows.net/models/v3'), 'https://acme.blob.core.windows.net/models/v3'],
  ['pvcNamed', ModelSource.pvcNamed('models'), 'pvc://models'],
  ['pvcNamed with a path', ModelSource.pvcNamed('models', { path: 'fraud/v3' }), 'pvc://models/fraud/v3'],
  ['https', ModelSource.https('https://models.acme.org/v3/model.bst'), 'https://models.acme.org/v3/model.bst'],
  ['githubRelease', ModelSource.githubRelease('https://github.com/acme/a/releases/download/v1/model.bst'), 'https://github.com/acme/a/releases/download/v1/model.bst'],
  ['githubAsset', ModelSource.githubAsset({ repository: 'acme/a', tag: 'v1', asset: 'model.bst' }), 'https://github.com/acme/a/releases/download/v1/model.bst'],
  ['huggingFace', ModelSource.huggingFace('acme/bert'), 'hf://acme/bert'],
  ['huggingFace with its scheme', ModelSource.huggingFace('hf://acme/bert'), 'hf://acme/bert'],
  ['huggingFace with a revision', ModelSource.huggingFace('acme/bert', { revision: '5b1c2f0' }), 'hf://acme/bert:5b1c2f0'],
  ['oci', ModelSource.oci('ghcr.io/acme/fraud:3'), 'oci://ghcr.io/acme/fraud:3'],
  ['oci with its scheme', ModelSource.oci('oci://ghcr.io/acme/fraud:3'), 'oci://ghcr.io/acme/fraud:3'],
  ['oci as a volume', ModelSource.oci('ghcr.io/acme/fraud:3', { native: true }), 'oci+native://ghcr.io/acme/fraud:3'],
  ['hdfs', ModelSource.hdfs('hdfs://user/models/v3'), 'hdfs://user/models/v3'],
  ['webhdfs', ModelSource.webhdfs('webhdfs://user/models/v3'), 'webhdfs://user/models/v3'],
  ['git', ModelSource.git('https://git.acme.org/ml/fraud.git'), 'https://git.acme.org/ml/fraud.git'],
  ['uri', ModelSource.uri('registry://fraud/3'), 'registry://fraud/3'],
])('%s gives KServe the URI', (_, source, uri) => {
  expect(source._storageUri()).toBe(uri);
  expect(source.storageUri).toBe(uri);
  expect(source._storage()).toBeUndefined();
  expect(codes(source)).toEqual([]);
});

test('a claim of the program is named', () => {
  const claim = new kplus.PersistentVolumeClaim(chartOn(), 'Claim', { metadata: { name: 'models' } });

  expect(ModelSource.pvc(claim, { path: 'fraud/v3' }).storageUri).toBe('pvc://models/fraud/v3');
});

describe('a storage key', () => {
  test('renders the storage spec and no URI', () => {
    const source = ModelSource.storageKey('minio', { path: 'fraud/v3', parameters: { bucket: 'models' }, schemaPath: 'schema.json' });

    expect(source._storage()).toEqual({ key: 'minio', path: 'fraud/v3', parameters: { bucket: 'models' }, schemaPath: 'schema.json' });
    expect(source._storageUri()).toBeUndefined();
  });

  test('renders nothing that was not said', () => {
    expect(ModelSource.storageKey('minio')._storage()).toEqual({ key: 'minio' });
    expect(ModelSource.storageDefaultKey({ path: 'fraud/v3' })._storage()).toEqual({ path: 'fraud/v3' });
  });

  test('keeps what it was given when the caller changes it later', () => {
    const parameters = { bucket: 'models' };
    const source = ModelSource.storageKey('minio', { parameters });
    parameters.bucket = 'other';

    expect(source._storage()).toEqual({ key: 'minio', parameters: { bucket: 'models' } });
  });
});

describe('a URI of another kind of storage is a finding that names the right factory', () => {
  test.each<[ModelSource, string]>([
    [ModelSource.s3('gs://models/fraud/v3'), 'ModelSource.gcs'],
    [ModelSource.gcs('s3://models/fraud/v3'), 'ModelSource.s3'],
    [ModelSource.azureBlob('https://models.acme.org/a'), 'ModelSource.https'],
    [ModelSource.https('https://acme.blob.core.windows.net/models/v3'), 'ModelSource.azureBlob'],
    [ModelSource.https('https://git.acme.org/ml/fraud.git'), 'ModelSource.git'],
    [ModelSource.git('https://git.acme.org/ml/fraud'), 'ModelSource.https'],
    [ModelSource.githubRelease('https://gitlab.com/acme/a/model.bst'), 'ModelSource.https'],
    [ModelSource.huggingFace('s3://acme/bert'), 'ModelSource.s3'],
    [ModelSource.oci('hf://acme/bert'), 'ModelSource.huggingFace'],
    [ModelSource.hdfs('pvc://models'), 'ModelSource.pvcNamed'],
    [ModelSource.s3('registry://fraud'), 'ModelSource.uri'],
  ])('%#', (source, factory) => {
    expect(codes(source)).toEqual(['KSV1210']);
    expect(source._problems[0].violation.fix).toContain(`use ${factory},`);
  });
});

describe('credentials', () => {
  const IRSA = S3Credentials.irsa('arn:aws:iam::123456789012:role/models');

  test('are kept', () => {
    expect(ModelSource.s3('s3://models/fraud/v3/', { credentials: IRSA }).credentials).toBe(IRSA);
    expect(ModelSource.s3('s3://models/fraud/v3/').credentials).toBeUndefined();
  });

  test('must open the source', () => {
    const chart = chartOn();
    const secret = secretIn(chart);
    const cases: [string, ModelSource][] = [
      ['GcsCredentials', ModelSource.uri('gs://models/v3', { credentials: IRSA })],
      ['S3Credentials', ModelSource.uri('s3://models/v3', { credentials: GcsCredentials.fromSecret(secret) })],
      ['AzureCredentials.fromAccessKeySecret', ModelSource.uri('https://acme.file.core.windows.net/models/v3',
        { credentials: AzureCredentials.fromServicePrincipalSecret(secret) })],
      ['a ClusterStorageContainer with GIT_USERNAME and GIT_PASSWORD', ModelSource.uri('https://git.acme.org/ml/fraud.git',
        { credentials: HttpsCredentials.fromSecret(secret) })],
      ['image pull secrets of the pod instead of credentials', ModelSource.uri('oci://ghcr.io/acme/fraud:3',
        { credentials: HuggingFaceCredentials.fromSecret(secret) })],
    ];

    expect(cases.map(([, source]) => codes(source))).toEqual(cases.map(() => ['KSV1301']));
    expect(cases.map(([, source]) => source._problems[0].violation.fix)).toEqual(cases.map(([what]) => `use ${what}.`));
  });

  test('fit an access key to blobs and file shares, and anything to a scheme of a storage container', () => {
    const secret = secretIn(chartOn());

    expect([
      ModelSource.azureBlob('https://acme.blob.core.windows.net/m/v3', { credentials: AzureCredentials.fromAccessKeySecret(secret) }),
      ModelSource.uri('https://acme.file.core.windows.net/m/v3', { credentials: AzureCredentials.fromAccessKeySecret(secret) }),
      ModelSource.uri('registry://fraud/3', { credentials: IRSA }),
    ].flatMap(codes)).toEqual([]);
  });

  test('bring their own findings, below the prop that names the source', () => {
    const source = ModelSource.s3('s3://models/fraud/v3/', { credentials: S3Credentials.irsa('models') });

    expect(problemsAt('predictor.source', source._problems).map(({ rule, prop }) => `${rule.code} ${prop}`)).toEqual([
      'KSV1310 predictor.source.credentials.roleArn',
    ]);
  });
});

test('a factory never throws and keeps the URI, whatever the text is', () => {
  const factories = [
    ModelSource.s3, ModelSource.gcs, ModelSource.azureBlob, ModelSource.https, ModelSource.githubRelease, ModelSource.huggingFace, ModelSource.oci,
    ModelSource.hdfs, ModelSource.webhdfs, ModelSource.git, ModelSource.uri, ModelSource.pvcNamed,
  ];
  fc.assert(fc.property(fc.constantFrom(...factories), fc.string(), (factory, text) => {
    expect(factory.call(ModelSource, text)._storageUri()).toContain(text);
  }));
});
