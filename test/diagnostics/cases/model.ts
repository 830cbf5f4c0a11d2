import { RuleCase } from '.';

/** A service with one model. */
const service = (source: string, props: { predictor?: string; service?: string } = {}) => `
new InferenceService(chart, 'fraud', {${props.service ?? ''}
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ${source},${props.predictor ?? ''}
  }),
});
`;

/** A service with several sources. */
const several = (...mounts: string[]) => `
new InferenceService(chart, 'llm', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    sources: [${mounts.map((mount) => `
      ${mount},`).join('')}
    ],
  }),
});
`;

const on = (release: string, program: string) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.${release} });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
${program.trimStart()}`;

const PINNED = 'ModelSource.s3(\'s3://models/fraud/v3/\')';
const BASE = '{ source: ModelSource.s3(\'s3://models/llama/v3/\'), mountPath: \'/mnt/models/base\' }';

/** A server for many models, and one of its models. */
const trained = (props: { server?: string; model?: string; name?: string; memory?: string } = {}) => `
const server = new InferenceService(chart, 'many', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,${props.server ?? `
    resources: { memory: { limit: Size.gibibytes(1) } },`}
  }),
});
new TrainedModel(chart, '${props.name ?? 'model-a'}', {
  inferenceService: server,
  source: ${props.model ?? 'ModelSource.gcs(\'gs://acme-models/a/v1\')'},
  framework: ModelFormat.SKLEARN,
  memory: ${props.memory ?? 'Size.mebibytes(256)'},
});
`;

const container = (props: string, id = 'registry') => `
new ClusterStorageContainer(chart, '${id}', {${props}
});
`;

const URI_CASES: { [code: string]: RuleCase } = {
  KSV1201: {
    wrong: service('ModelSource.s3(\'models/fraud/v3\')'),
    right: service(PINNED),
  },
  KSV1202: {
    wrong: service('ModelSource.uri(\'registry://fraud/v3\')'),
    right: `${container(`
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',`)}${service('ModelSource.uri(\'registry://fraud/v3\')').trimStart()}`,
  },
  KSV1203: {
    wrong: service('ModelSource.huggingFace(\'acme/models/bert\')'),
    right: service('ModelSource.huggingFace(\'acme/bert\', { revision: \'5b1c2f0\' })'),
  },
  KSV1204: {
    wrong: service('ModelSource.oci(\'ghcr.io/acme/fraud:latest\')'),
    right: service('ModelSource.oci(\'ghcr.io/acme/fraud:3.1.0\')'),
  },
  KSV1205: {
    wrong: service('ModelSource.https(\'https://models.acme.org/fraud/v3/\')'),
    right: service('ModelSource.https(\'https://models.acme.org/fraud/v3/model.joblib\')'),
  },
  KSV1206: {
    wrong: service('ModelSource.githubRelease(\'https://github.com/acme/intents/releases/tag/v1.2.0\')'),
    right: service('ModelSource.githubRelease(\'https://github.com/acme/intents/releases/download/v1.2.0/model.joblib\')'),
  },
  KSV1207: {
    wrong: service('ModelSource.githubAsset({ repository: \'acme/intents\', tag: \'v1.2.0\', asset: \'model.tar.gz\' })'),
    right: service('ModelSource.githubAsset({ repository: \'acme/intents\', tag: \'v1.2.0\', asset: \'model.joblib\' })'),
  },
  KSV1208: {
    wrong: on('V0_16', service('ModelSource.git(\'https://git.acme.org/ml/fraud.git\')')),
    right: on('V0_20', service('ModelSource.git(\'https://git.acme.org/ml/fraud.git\')')),
  },
  KSV1209: {
    wrong: service('ModelSource.https(\'https://raw.githubusercontent.com/acme/intents/5b1c2f0/model.joblib\')'),
    right: service('ModelSource.https(\'https://github.com/acme/intents/raw/5b1c2f0/model.joblib\')'),
  },
  KSV1210: {
    wrong: service('ModelSource.s3(\'gs://models/fraud/v3\')'),
    right: service('ModelSource.gcs(\'gs://models/fraud/v3\')'),
  },
};

const MOUNT_CASES: { [code: string]: RuleCase } = {
  KSV1211: {
    wrong: service(PINNED, {
      predictor: `
    sources: [{ source: ModelSource.s3('s3://models/encoder/v1/'), mountPath: '/mnt/models/encoder' }],`,
    }),
    right: several(
      '{ source: ModelSource.s3(\'s3://models/fraud/v3/\'), mountPath: \'/mnt/models/fraud\' }',
      '{ source: ModelSource.s3(\'s3://models/encoder/v1/\'), mountPath: \'/mnt/models/encoder\' }',
    ),
  },
  KSV1212: {
    wrong: several(BASE, '{ source: ModelSource.s3(\'s3://models/adapter/v2/\'), mountPath: \'adapter\' }'),
    right: several(BASE, '{ source: ModelSource.s3(\'s3://models/adapter/v2/\'), mountPath: \'/mnt/models/adapter\' }'),
  },
  KSV1213: {
    wrong: several(BASE, '{ source: ModelSource.s3(\'s3://models/adapter/v2/\'), mountPath: \'/adapter\' }'),
    right: several(BASE, '{ source: ModelSource.s3(\'s3://models/adapter/v2/\'), mountPath: \'/mnt/adapter\' }'),
  },
  KSV1214: {
    wrong: several(BASE, '{ source: ModelSource.pvcNamed(\'adapters\', { path: \'v2\' }), mountPath: \'/mnt/adapters\' }'),
    right: several(BASE, '{ source: ModelSource.pvcNamed(\'adapters\'), mountPath: \'/mnt/adapters\' }'),
  },
  KSV1223: {
    wrong: several(
      '{ source: ModelSource.oci(\'ghcr.io/acme/base:1.0.0\'), mountPath: \'/mnt/models/base\' }',
      '{ source: ModelSource.oci(\'ghcr.io/acme/adapter:2.0.0\'), mountPath: \'/mnt/models/adapter\' }',
    ),
    right: several(
      '{ source: ModelSource.oci(\'ghcr.io/acme/base:1.0.0\'), mountPath: \'/mnt/models/base/files\' }',
      '{ source: ModelSource.oci(\'ghcr.io/acme/adapter:2.0.0\'), mountPath: \'/mnt/models/adapter/files\' }',
    ),
  },
  KSV1224: {
    wrong: several('{ source: ModelSource.pvcNamed(\'llama\'), mountPath: \'/mnt/models/Llama_3.1\' }'),
    right: several('{ source: ModelSource.pvcNamed(\'llama\'), mountPath: \'/mnt/models/llama-3-1\' }'),
  },
  KSV1225: {
    wrong: `${container(`
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',`)}${several(BASE, '{ source: ModelSource.uri(\'registry://adapter/2\'), mountPath: \'/mnt/models/adapter\' }').trimStart()}`,
    right: `${container(`
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',
  supportsMultiModelDownload: true,`)}${several(BASE, '{ source: ModelSource.uri(\'registry://adapter/2\'), mountPath: \'/mnt/models/adapter\' }').trimStart()}`,
  },
};

const STORAGE_CASES: { [code: string]: RuleCase } = {
  KSV1215: {
    wrong: `
const fraud = new InferenceService(chart, 'fraud', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ${PINNED},
  }),
});
ApiObject.of(fraud).addJsonPatch(JsonPatch.add('/spec/predictor/model/storage', { path: 'fraud/v3' }));
`,
    right: service('ModelSource.storageDefaultKey({ path: \'fraud/v3\' })'),
  },
  KSV1216: {
    wrong: service('ModelSource.storageKey(\'minio\', { path: \'fraud/v3\', parameters: { type: \'s3\' } })'),
    right: service('ModelSource.storageKey(\'minio\', { path: \'fraud/v3\', parameters: { type: \'s3\', bucket: \'models\' } })'),
  },
  KSV1217: {
    wrong: `
new kplus.Secret(chart, 'StorageKeys', {
  metadata: { name: 'storage-config' },
  stringData: { minio: process.env.MINIO_ENTRY ?? '' },
});
${service('ModelSource.storageKey(\'ceph\', { path: \'fraud/v3\' })').trimStart()}`,
    right: `
new kplus.Secret(chart, 'StorageKeys', {
  metadata: { name: 'storage-config' },
  stringData: { minio: process.env.MINIO_ENTRY ?? '' },
});
${service('ModelSource.storageKey(\'minio\', { path: \'fraud/v3\' })').trimStart()}`,
  },
  KSV1218: {
    wrong: service(PINNED, {
      service: `
  explainer: Explainer.art({ source: ModelSource.storageKey('gcs', { parameters: { type: 'gs' } }) }),`,
    }),
    right: service(PINNED, {
      service: `
  explainer: Explainer.art({ source: ModelSource.storageKey('minio', { path: 'fraud/v3' }) }),`,
    }),
  },
  KSV1219: {
    wrong: service(PINNED, {
      predictor: `
    confidential: { resourceId: 'kbs://models/fraud' },`,
    }),
    right: service(PINNED, {
      predictor: `
    confidential: { resourceId: 'kbs:///models/keys/fraud' },`,
    }),
  },
  KSV1220: {
    wrong: service('ModelSource.pvcNamed(\'models\', { path: \'fraud/v3\' })', {
      predictor: `
    confidential: {},`,
    }),
    right: service(PINNED, {
      predictor: `
    confidential: {},`,
    }),
  },
  KSV1221: {
    wrong: `
const registry = new ClusterStorageContainer(chart, 'registry', {
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',
});
${service(PINNED, {
  predictor: `
    storageContainerName: registry.name,`,
}).trimStart()}`,
    right: `
const registry = new ClusterStorageContainer(chart, 'registry', {
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',
});
${service('ModelSource.uri(\'registry://fraud/v3\')', {
  predictor: `
    storageContainerName: registry.name,`,
}).trimStart()}`,
  },
  KSV1222: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'kserve', { namespace: 'kserve' });
${service(PINNED).trimStart()}`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
${service(PINNED).trimStart()}`,
  },
};

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

const CREDENTIAL_CASES: { [code: string]: RuleCase } = {
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

const TRAINED_MODEL_CASES: { [code: string]: RuleCase } = {
  KSV1801: { wrong: trained({ name: 'Model_A' }), right: trained() },
  KSV1802: { wrong: trained({ model: 'ModelSource.huggingFace(\'acme/bert\', { revision: \'5b1c2f0\' })' }), right: trained() },
  KSV1803: {
    wrong: trained({
      server: `
    source: ModelSource.gcs('gs://acme-models/main/v1'),
    resources: { memory: { limit: Size.gibibytes(1) } },`,
    }),
    right: trained(),
  },
  KSV1804: { wrong: trained({ memory: 'Size.gibibytes(2)' }), right: trained() },
  KSV1805: {
    wrong: trained({
      model: `ModelSource.gcs('gs://acme-models/a/v1', {
    credentials: GcsCredentials.workloadIdentity('models@acme.iam.gserviceaccount.com'),
  })`,
    }),
    right: trained(),
  },
  KSV1806: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'servers', { namespace: 'servers' });
const models = new Chart(app, 'models', { namespace: 'models' });
${trained().trimStart().replace('new TrainedModel(chart,', 'new TrainedModel(models,')}`,
    right: trained(),
  },
};

const STORAGE_CONTAINER_CASES: { [code: string]: RuleCase } = {
  KSV1811: {
    wrong: container(`
  image: 'ghcr.io/acme/registry-initializer:1.4.0',`),
    right: container(`
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',`),
  },
  KSV1812: {
    wrong: container(`
  regexes: ['registry://(?!internal/)'],`),
    right: container(`
  regexes: ['registry://(public|shared)/'],`),
  },
  KSV1813: {
    wrong: container(`
  prefixes: ['s3://models/'],
  image: 'ghcr.io/acme/s3-initializer:2.0.0',`),
    right: container(`
  prefixes: ['models://'],
  image: 'ghcr.io/acme/s3-initializer:2.0.0',`),
  },
  KSV1814: {
    wrong: on('V0_16', container(`
  prefixes: ['hf://'],
  allowPatterns: ['*.safetensors', '*.json'],`, 'default')),
    right: on('V0_20', container(`
  prefixes: ['hf://'],
  allowPatterns: ['*.safetensors', '*.json'],`, 'default')),
  },
  KSV1815: {
    wrong: container(`
  regexes: ['^https://git.acme.org/.+[.]git$'],
  env: { GIT_PASSWORD: kplus.EnvValue.fromValue('s3cr3t') },`),
    right: `
const git = kplus.Secret.fromSecretName(chart, 'Git', 'git');
${container(`
  regexes: ['^https://git.acme.org/.+[.]git$'],
  env: { GIT_PASSWORD: git.envValue('password') },`).trimStart()}`,
  },
};

export const MODEL_CASES: { [code: string]: RuleCase } = {
  ...URI_CASES,
  ...MOUNT_CASES,
  ...STORAGE_CASES,
  ...CREDENTIAL_CASES,
  ...TRAINED_MODEL_CASES,
  ...STORAGE_CONTAINER_CASES,
};
