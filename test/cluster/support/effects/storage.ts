import { Chart } from 'cdk8s';
import { ConfigMap, Secret } from 'cdk8s-plus-28';
import {
  AzureCredentials, GcsCredentials, HdfsCredentials, HttpsCredentials, HuggingFaceCredentials, ModelCredentials, ModelSource, S3Credentials,
} from '../../../../src';
import { EffectProgram, on } from './program';

/** Each has a name of its own: all programs are in one namespace. */
let secrets = 0;
const secret = (chart: Chart, stringData: { [key: string]: string }) => new Secret(chart, 'Keys', { stringData, metadata: { name: `keys-${secrets++}` } });
const KEYS = { AWS_ACCESS_KEY_ID: 'given-id', AWS_SECRET_ACCESS_KEY: 'given-key' };

/** A model with credentials of a kind. */
const source = (make: (credentials: ModelCredentials & any) => ModelSource, credentials: (chart: Chart) => ModelCredentials, shows: EffectProgram['shows']): EffectProgram => ({
  shape: 'model', props: (chart) => ({ source: make(credentials(chart)) }), shows,
});

/** Where models are, and how they are reached. */
export const STORAGE_PROGRAMS: EffectProgram[] = [
  ...on(['model', 'server', 'transformer', 'explainer', 'art'], { source: ModelSource.gcs('gs://given/model') }, { 'ArtifactOptions.source': /gs:\/\/given\/model/ }),
  ...on(['server', 'transformer'], { sources: [{ source: ModelSource.gcs('gs://given/one'), mountPath: '/mnt/given/one' }] }, {
    'ArtifactOptions.sources': /gs:\/\/given\/one/, 'ModelMount.source': /gs:\/\/given\/one/, 'ModelMount.mountPath': /\/mnt\/given\/one/,
  }),
  source((credentials) => ModelSource.s3('s3://given/model', { credentials }), (chart) => S3Credentials.fromSecret(secret(chart, KEYS), {
    endpoint: 'minio.example.com:9000',
    useHttps: false,
    region: 'given-region',
    useVirtualBucket: true,
    useAccelerate: true,
    verifySsl: false,
    caBundle: ConfigMap.fromConfigMapName(chart, 'Bundle', 'given-bundle'),
    caBundlePath: '/given/cabundle.crt',
  }), {
    'S3SourceOptions.credentials': /AWS_SECRET_ACCESS_KEY/,
    'S3EndpointOptions.endpoint': /minio\.example\.com:9000/,
    'S3EndpointOptions.useHttps': /= S3_USE_HTTPS/,
    'S3CredentialsOptions.region': /= given-region/,
    'S3CredentialsOptions.useVirtualBucket': /= S3_USER_VIRTUAL_BUCKET/,
    'S3CredentialsOptions.useAccelerate': /= S3_USE_ACCELERATE/,
    'S3CredentialsOptions.verifySsl': /= S3_VERIFY_SSL/,
    'S3CredentialsOptions.caBundle': /= given-bundle/,
    'S3CredentialsOptions.caBundlePath': /= \/given\/cabundle\.crt/,
  }),
  source((credentials) => ModelSource.gcs('gs://given/model', { credentials }), (chart) => GcsCredentials.fromSecret(secret(chart, { 'gcloud-application-credentials.json': '{}' })), {
    'GcsSourceOptions.credentials': /GOOGLE_APPLICATION_CREDENTIALS/,
  }),
  source((credentials) => ModelSource.azureBlob('https://given.blob.core.windows.net/c/model', { credentials }),
    (chart) => AzureCredentials.fromAccessKeySecret(secret(chart, { AZURE_STORAGE_ACCESS_KEY: 'k' })), { 'AzureBlobSourceOptions.credentials': /AZURE_STORAGE_ACCESS_KEY/ }),
  source((credentials) => ModelSource.githubAsset({ repository: 'given/repository', tag: 'v7', asset: 'given.bst', credentials }),
    (chart) => HttpsCredentials.fromSecret(secret(chart, { 'https-host': 'github.com', 'headers': '{"a": "b"}' })), {
      'HttpsSourceOptions.credentials': /github\.com-headers/,
      'GithubAssetOptions.repository': /given\/repository/,
      'GithubAssetOptions.tag': /\/v7\//,
      'GithubAssetOptions.asset': /given\.bst/,
    }),
  source((credentials) => ModelSource.huggingFace('given/model', { revision: 'abcdef1', credentials }), (chart) => HuggingFaceCredentials.fromSecret(secret(chart, { HF_TOKEN: 't' })), {
    'HuggingFaceSourceOptions.credentials': /HF_TOKEN/, 'HuggingFaceSourceOptions.revision': /hf:\/\/given\/model:abcdef1/,
  }),
  source((credentials) => ModelSource.hdfs('hdfs://given/model', { credentials }), (chart) => HdfsCredentials.fromSecret(secret(chart, { HDFS_NAMENODE: 'n' })), {
    'HdfsSourceOptions.credentials': /hdfs-secrets/,
  }),
  source((credentials) => ModelSource.uri('s3://given/model', { credentials }), (chart) => S3Credentials.fromSecret(secret(chart, KEYS)), { 'UriSourceOptions.credentials': /AWS_SECRET_ACCESS_KEY/ }),
  {
    shape: 'model',
    props: { source: ModelSource.pvcNamed('models', { path: 'given/path' }) },
    shows: { 'PvcSourceOptions.path': /subPath = given\/path/ },
    unready: 'the claim does not exist',
  },
  {
    shape: 'model',
    props: { source: ModelSource.storageKey('given-key', { path: 'given/path', parameters: { bucket: 'given-bucket' }, schemaPath: 'given/schema' }) },
    shows: {
      'StorageKeyOptions.path': /given\/path/, 'StorageKeyOptions.parameters': /given-bucket/,
    },
  },
];
