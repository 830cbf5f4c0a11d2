import { RuleCase } from '.';
import { CREDENTIAL_CASES } from './credential';
import { container, on, PINNED, service, several } from './model-programs';
import { TRAINED_MODEL_CASES } from './trained-model';

const REGISTERED = [
  '{ source: ModelSource.uri(\'registry://llama/3\'), mountPath: \'/mnt/models/base\' }',
  '{ source: ModelSource.uri(\'registry://adapter/2\'), mountPath: \'/mnt/models/adapter\' }',
];
const REGISTRY = `
  prefixes: ['registry://'],
  image: 'ghcr.io/acme/registry-initializer:1.4.0',
  supportsMultiModelDownload: true,`;
const BASE = '{ source: ModelSource.s3(\'s3://models/llama/v3/\'), mountPath: \'/mnt/models/base\' }';

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
  image: 'ghcr.io/acme/registry-initializer:1.4.0',`)}${several(...REGISTERED).trimStart()}`,
    right: `${container(REGISTRY)}${several(...REGISTERED).trimStart()}`,
  },
  KSV1226: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_17 });
const chart = new Chart(app, 'models', { namespace: 'models' });
${several(BASE, '{ source: ModelSource.s3(\'s3://models/adapter/v3/\'), mountPath: \'/mnt/models/adapter\' }').trim()}
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_18 });
const chart = new Chart(app, 'models', { namespace: 'models' });
${several(BASE, '{ source: ModelSource.s3(\'s3://models/adapter/v3/\'), mountPath: \'/mnt/models/adapter\' }').trim()}
`,
  },
  KSV1227: {
    wrong: `${container(REGISTRY)}${several(BASE, REGISTERED[1]).trimStart()}`,
    right: `${container(REGISTRY)}${several(...REGISTERED).trimStart()}`,
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
};

export const MODEL_CASES: { [code: string]: RuleCase } = {
  ...URI_CASES,
  ...MOUNT_CASES,
  ...STORAGE_CASES,
  ...CREDENTIAL_CASES,
  ...TRAINED_MODEL_CASES,
};
