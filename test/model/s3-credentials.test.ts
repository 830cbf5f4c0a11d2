import * as kplus from 'cdk8s-plus-28';
import { chartOn } from '../support/chart';
import { AzureCredentials, GcsCredentials, HdfsCredentials, HttpsCredentials, HuggingFaceCredentials, S3Credentials } from '../../src/model';
import { KServeRelease } from '../../src/release';

const codes = (credentials: S3Credentials) => credentials._facts.problems.map(({ rule, argument }) => `${rule.code} ${argument}`);

test.each([
  'arn:aws:iam::123456789012:role/models',
  'arn:aws-cn:iam::123456789012:role/models',
  'arn:aws-us-gov:iam::123456789012:role/teams/ml/models_v2@acme',
])('%s is a role', (arn) => {
  expect(codes(S3Credentials.irsa(arn))).toEqual([]);
});

test.each(['', 'models', 'arn:aws:iam::1234:role/models', 'arn:aws:iam::123456789012:user/models', 'arn:aws:s3:::models'])('%s is no role', (arn) => {
  expect(codes(S3Credentials.irsa(arn))).toEqual(['KSV1310 roleArn']);
});

test('settings have the names and spellings that KServe reads', () => {
  const chart = chartOn();
  const secret = kplus.Secret.fromSecretName(chart, 'Secret', 'minio-keys');
  const caBundle = kplus.ConfigMap.fromConfigMapName(chart, 'Ca', 'minio-ca');
  const { s3Settings } = S3Credentials.fromSecret(secret, {
    endpoint: 'minio.minio:9000',
    useHttps: false,
    region: 'eu-west-1',
    verifySsl: false,
    useVirtualBucket: true,
    useAccelerate: false,
    caBundle,
    caBundlePath: '/etc/ssl/minio/cabundle.crt',
  })._facts;

  expect(s3Settings).toEqual({
    endpoint: 'minio.minio:9000',
    useHttps: '0',
    region: 'eu-west-1',
    verifySsl: '0',
    useVirtualBucket: 'true',
    useAccelerate: 'false',
    caBundleConfigMap: 'minio-ca',
    caBundle: '/etc/ssl/minio/cabundle.crt',
  });
  expect(Object.keys({ ...s3Settings, anonymous: '' }).sort()).toEqual(Object.keys(KServeRelease.LATEST._data.storage.s3Settings).sort());
});

test('settings that are not said are left to KServe', () => {
  expect(S3Credentials.irsa('arn:aws:iam::123456789012:role/models')._facts.s3Settings).toEqual({});
});

test.each([
  ['http://minio:9000', true, ['KSV1311 endpoint']],
  ['HTTPS://minio:9000', false, ['KSV1311 endpoint']],
  ['http://minio:9000', false, []],
  ['https://minio:9000', true, []],
  ['http://minio:9000', undefined, []],
  ['minio:9000', true, []],
])('endpoint %s with useHttps %s', (endpoint, useHttps, expected) => {
  expect(codes(S3Credentials.anonymous({ endpoint, useHttps }))).toEqual(expected);
});

test('every kind of Secret has keys that a release knows, and the kind by which it is recognised', () => {
  const secret = kplus.Secret.fromSecretName(chartOn(), 'Secret', 'keys');
  const all = [
    S3Credentials.fromSecret(secret), GcsCredentials.fromSecret(secret), AzureCredentials.fromServicePrincipalSecret(secret),
    AzureCredentials.fromAccessKeySecret(secret), HuggingFaceCredentials.fromSecret(secret), HdfsCredentials.fromSecret(secret),
    HttpsCredentials.fromSecret(secret),
  ];

  for (const { _data: { storage } } of KServeRelease.all()) {
    for (const { _facts: { secretKind, secretKeys } } of all) {
      const kind = storage.credentials.find((one) => one.kind === secretKind)!;
      const known = [...kind.anyOf, ...kind.keys];
      expect(secretKeys!.flat().filter((key) => !known.includes(key))).toEqual([]);
      expect(secretKeys!.some((anyOf) => anyOf.every((key) => kind.anyOf.includes(key)))).toBe(true);
    }
  }
});
