import { RuleCase } from '.';
import { service, several } from './model-programs';

const MINIO = `
const keys = kplus.Secret.fromSecretName(chart, 'Keys', 'minio-keys');
`;

/** A Secret of this program, whose values come from the environment. */
const secret = (keys: string[], metadata = '') => `
const keys = new kplus.Secret(chart, 'Keys', {
  metadata: { name: 'minio-keys'${metadata} },
  stringData: { ${keys.map((key) => `${key}: process.env.${key} ?? ''`).join(', ')} },
});
`;

const AWS_KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const ROLE = 'S3Credentials.irsa(\'arn:aws:iam::123456789012:role/models\')';

const s3 = (credentials: string, props?: { predictor?: string; service?: string }) =>
  service(`ModelSource.s3('s3://models/fraud/v3/', {
      credentials: ${credentials},
    })`, props).trimStart();

const account = (annotations: string) => `
const account = new kplus.ServiceAccount(chart, 'Account', {
  metadata: { name: 'models'${annotations} },
});
`;

const WITH_ACCOUNT = {
  predictor: `
    serviceAccount: account,`,
};

export const CREDENTIAL_CASES: { [code: string]: RuleCase } = {
  KSV1301: {
    wrong: service('ModelSource.uri(\'gs://models/fraud/v3\', { credentials: S3Credentials.irsa(\'arn:aws:iam::123456789012:role/models\') })'),
    right: service('ModelSource.uri(\'gs://models/fraud/v3\', { credentials: GcsCredentials.workloadIdentity(\'models@acme.iam.gserviceaccount.com\') })'),
  },
  KSV1302: {
    wrong: `${account(', annotations: { \'serving.kserve.io/s3-endpoint\': \'s3.amazonaws.com\' }')}${s3(ROLE, WITH_ACCOUNT)}`,
    right: `${account('')}${s3(ROLE, WITH_ACCOUNT)}`,
  },
  KSV1303: {
    wrong: `${account(', annotations: { \'eks.amazonaws.com/role-arn\': \'arn:aws:iam::123456789012:role/reports\' }')}${s3(ROLE, WITH_ACCOUNT)}`,
    right: `${account(', annotations: { \'eks.amazonaws.com/role-arn\': \'arn:aws:iam::123456789012:role/models\' }')}${s3(ROLE, WITH_ACCOUNT)}`,
  },
  KSV1304: {
    wrong: `${MINIO}${several(
      `{ source: ModelSource.s3('s3://models/llama/v3/', { credentials: ${ROLE} }), mountPath: '/mnt/models/base' }`,
      '{ source: ModelSource.s3(\'s3://adapters/fraud/v2/\', { credentials: S3Credentials.fromSecret(keys) }), mountPath: \'/mnt/models/adapter\' }',
    )}`,
    right: `
const credentials = ${ROLE};
${several(
  '{ source: ModelSource.s3(\'s3://models/llama/v3/\', { credentials }), mountPath: \'/mnt/models/base\' }',
  '{ source: ModelSource.s3(\'s3://adapters/fraud/v2/\', { credentials }), mountPath: \'/mnt/models/adapter\' }',
).trimStart()}`,
  },
  KSV1305: {
    wrong: `
const account = kplus.ServiceAccount.fromServiceAccountName(chart, 'Account', 'models');
${s3(ROLE, WITH_ACCOUNT)}`,
    right: `${account('')}${s3(ROLE, WITH_ACCOUNT)}`,
  },
  KSV1306: {
    wrong: `${MINIO}${s3('S3Credentials.fromSecret(keys, { endpoint: \'minio.minio:9000\', useHttps: false })')}`,
    right: `${MINIO}${s3('S3Credentials.fromSecret(keys, { endpoint: \'minio.minio:9000\', useHttps: false })')}
Diagnostics.of(chart).waive('KSV1306', 'the team of MinIO annotates the Secret');
`,
  },
  KSV1307: {
    wrong: `${secret(['accessKey', 'secretKey'])}${s3('S3Credentials.fromSecret(keys)')}`,
    right: `${secret(AWS_KEYS)}${s3('S3Credentials.fromSecret(keys)')}`,
  },
  KSV1308: {
    wrong: `${secret(AWS_KEYS, ', annotations: { \'serving.kserve.io/s3-region\': \'eu-west-1\' }')}${s3('S3Credentials.fromSecret(keys, { region: \'us-east-1\' })')}`,
    right: `${secret(AWS_KEYS)}${s3('S3Credentials.fromSecret(keys, { region: \'us-east-1\' })')}`,
  },
  KSV1309: {
    wrong: `${secret(AWS_KEYS, ', namespace: \'minio\'')}${s3('S3Credentials.fromSecret(keys)')}`,
    right: `${secret(AWS_KEYS)}${s3('S3Credentials.fromSecret(keys)')}`,
  },
  KSV1310: {
    wrong: `
${s3('S3Credentials.irsa(\'models\')')}`,
    right: `
${s3(ROLE)}`,
  },
  KSV1311: {
    wrong: `${MINIO}${s3('S3Credentials.fromSecret(keys, { endpoint: \'http://minio.minio:9000\', useHttps: true })')}`,
    right: `${MINIO}${s3('S3Credentials.fromSecret(keys, { endpoint: \'http://minio.minio:9000\' })')}`,
  },
};
