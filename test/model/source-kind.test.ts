import { kindOf, schemeOf } from '../../src/model/source-kind';

test.each([
  ['s3://bucket/path', 's3'],
  ['gs://bucket/path', 'gcs'],
  ['hdfs://user/models', 'hdfs'],
  ['webhdfs://user/models', 'hdfs'],
  ['pvc://claim/path', 'pvc'],
  ['oci://ghcr.io/acme/model:1', 'oci'],
  ['oci+native://ghcr.io/acme/model:1', 'oci'],
  ['file:///models', 'file'],
  ['hf://acme/bert', 'huggingFace'],
  ['https://acme.blob.core.windows.net/models/a', 'azureBlob'],
  ['https://acme.z12.blob.storage.azure.net/models/a', 'azureBlob'],
  ['https://acme.file.core.windows.net/models/a', 'azureFile'],
  ['https://acme.z1.file.storage.azure.net/models/a', 'azureFile'],
  ['https://models.acme.org/blob.core.windows.net/a', 'https'],
  ['https://git.acme.org/ml/fraud.git', 'git'],
  ['https://git.acme.org/ml/fraud.git?depth=1', 'git'],
  ['http://git.acme.org/ml/fraud.git', 'https'],
  ['https://raw.githubusercontent.com/acme/a/model.bst', 'https'],
  ['http://models/model.bst', 'https'],
  ['registry://fraud/3', 'other'],
  ['models/fraud', 'local'],
  ['/mnt/models', 'local'],
  ['', 'local'],
])('%s is of the kind %s', (uri, kind) => {
  expect(kindOf(uri)).toBe(kind);
});

test.each([['s3://b/p', 's3://'], ['oci+native://x', 'oci+native://'], ['ghcr.io/acme/model:1', undefined], ['C:/model', undefined]])(
  'the scheme of %s is %s', (uri, scheme) => {
    expect(schemeOf(uri)).toBe(scheme);
  });
