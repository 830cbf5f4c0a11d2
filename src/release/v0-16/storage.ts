import type { StorageData } from '../storage-data';

export const STORAGE: StorageData = {
  prefixes: ['gs://', 's3://', 'pvc://', 'file://', 'https://', 'http://', 'hdfs://', 'webhdfs://', 'oci://', 'hf://'],
  azureBlobPattern: 'https://(.+?).blob.core.windows.net/(.+)',
  defaultContainer: {
    prefixes: ['gs://', 's3://', 'hdfs://', 'hf://', 'webhdfs://'],
    patterns: [
      'https://(.+?).blob.core.windows.net/(.+)',
      'https://(.+?).file.core.windows.net/(.+)',
      'https?://(.+)/(.+)',
    ],
  },
  multiNodePrefixes: ['pvc://', 'oci://'],
  trainedModelPrefixes: ['s3://', 'gs://', 'https://', 'http://'],
  specTypes: ['s3', 'hdfs', 'webhdfs'],
  mountPath: '/mnt/models',
  credentials: [
    { kind: 's3', anyOf: ['AWS_SECRET_ACCESS_KEY'], keys: ['AWS_ACCESS_KEY_ID'] },
    { kind: 'gcs', anyOf: ['gcloud-application-credentials.json'], keys: [] },
    {
      kind: 'azureServicePrincipal',
      anyOf: ['AZ_CLIENT_ID', 'AZURE_CLIENT_ID'],
      keys: [
        'AZ_SUBSCRIPTION_ID', 'AZ_TENANT_ID', 'AZ_CLIENT_SECRET',
        'AZURE_SUBSCRIPTION_ID', 'AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET',
      ],
    },
    {
      kind: 'azureToken',
      anyOf: ['AZURE_ACCESS_TOKEN'],
      keys: ['AZURE_ACCESS_EXPIRES_ON_SECONDS', 'AZURE_ACCOUNT_NAME', 'AZURE_SERVICE_URL'],
    },
    { kind: 'azureKey', anyOf: ['AZURE_STORAGE_ACCESS_KEY'], keys: [] },
    { kind: 'https', anyOf: ['https-host'], keys: ['headers'] },
    {
      kind: 'hdfs',
      anyOf: ['HDFS_NAMENODE'],
      keys: ['HDFS_ROOTPATH', 'KERBEROS_PRINCIPAL', 'KERBEROS_KEYTAB', 'TLS_CERT', 'TLS_KEY', 'TLS_CA'],
    },
    { kind: 'huggingFace', anyOf: ['HF_TOKEN'], keys: [] },
  ],
  s3Settings: {
    endpoint: { annotation: 'serving.kserve.io/s3-endpoint', key: 'S3_ENDPOINT', config: 's3Endpoint' },
    useHttps: { annotation: 'serving.kserve.io/s3-usehttps', key: 'S3_USE_HTTPS', config: 's3UseHttps' },
    region: { annotation: 'serving.kserve.io/s3-region', key: 'AWS_DEFAULT_REGION', config: 's3Region' },
    verifySsl: { annotation: 'serving.kserve.io/s3-verifyssl', key: 'S3_VERIFY_SSL', config: 's3VerifySSL' },
    // spelled USER, not USE
    useVirtualBucket: { annotation: 'serving.kserve.io/s3-usevirtualbucket', key: 'S3_USER_VIRTUAL_BUCKET', config: 's3UseVirtualBucket' },
    useAccelerate: { annotation: 'serving.kserve.io/s3-useaccelerate', key: 'S3_USE_ACCELERATE', config: 's3UseAccelerate' },
    anonymous: { annotation: 'serving.kserve.io/s3-useanoncredential', key: 'awsAnonymousCredential', config: 's3UseAnonymousCredential' },
    caBundleConfigMap: { annotation: 'serving.kserve.io/s3-cabundle-configmap', key: 'AWS_CA_BUNDLE_CONFIGMAP', config: 's3CABundleConfigMap' },
    caBundle: { annotation: 'serving.kserve.io/s3-cabundle', key: 'AWS_CA_BUNDLE', config: 's3CABundle' },
  },
};
