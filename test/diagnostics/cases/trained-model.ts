import { RuleCase } from '.';
import { container, on } from './model-programs';

/** A server for many models, and one of its models. */
const trained = (props: { server?: string; model?: string; name?: string; memory?: string } = {}) => `
const server = new InferenceService(chart, 'many', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,${props.server ?? `
    resources: { memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) } },`}
  }),
});
new TrainedModel(chart, '${props.name ?? 'model-a'}', {
  inferenceService: server,
  source: ${props.model ?? 'ModelSource.gcs(\'gs://acme-models/a/v1\')'},
  framework: ModelFormat.SKLEARN,
  memory: ${props.memory ?? 'Size.mebibytes(256)'},
});
`;

export const TRAINED_MODEL_CASES: { [code: string]: RuleCase } = {
  KSV1801: { wrong: trained({ name: 'Model_A' }), right: trained() },
  KSV1802: { wrong: trained({ model: 'ModelSource.huggingFace(\'acme/bert\', { revision: \'5b1c2f0\' })' }), right: trained() },
  KSV1803: {
    wrong: trained({
      server: `
    source: ModelSource.gcs('gs://acme-models/main/v1'),
    resources: { memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) } },`,
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
