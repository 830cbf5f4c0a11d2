import { RuleCase } from '.';

const model = (props: string, further = '', format = 'SKLEARN') => `
new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.${format},
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
    ${props}
  }),${further}
});
`;

const onRelease = (release: string, rest: string) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.${release} });
const chart = new Chart(app, 'models', { namespace: 'models' });
${rest.trim()}
`;

const BUCKET = 'logger: InferenceLogger.all({ url: \'s3://acme-logs\', storage: { path: \'iris\', key: \'credentials\' } }),';

export const LOGGING_CASES: { [code: string]: RuleCase } = {
  KSV1601: {
    wrong: `
const iris = ${model('logger: InferenceLogger.all({ url: \'http://sink.logging.svc\' }),').trim()}
ApiObject.of(iris).addJsonPatch(JsonPatch.remove('/spec/predictor/logger/mode'));
`,
    right: model('logger: InferenceLogger.all({ url: \'http://sink.logging.svc\' }),'),
  },
  KSV1602: {
    wrong: `
const iris = ${model(BUCKET).trim()}
ApiObject.of(iris).addJsonPatch(JsonPatch.remove('/spec/predictor/logger/storage/parameters'));
`,
    right: model(BUCKET),
  },
  KSV1603: {
    wrong: onRelease('V0_16', model(`logger: InferenceLogger.all({
      url: 's3://acme-logs',
      storage: { path: 'iris', key: 'credentials' },
      batchSize: 100,
    }),`)),
    right: onRelease('V0_17', model(`logger: InferenceLogger.all({
      url: 's3://acme-logs',
      storage: { path: 'iris', key: 'credentials' },
      batchSize: 100,
    }),`)),
  },
  KSV1604: {
    wrong: model('', `
  transformer: Transformer.fromContainer({
    image: 'ghcr.io/acme/features:1.0.0',
    ${BUCKET}
  }),`),
    right: model(BUCKET, `
  transformer: Transformer.fromContainer({
    image: 'ghcr.io/acme/features:1.0.0',
    ${BUCKET}
  }),`),
  },
  KSV1605: {
    wrong: model('logger: InferenceLogger.all({ url: \'s3://acme-logs\' }),'),
    right: model(BUCKET),
  },
  KSV1606: {
    wrong: model('batcher: Batcher.of({ maxBatchSize: 0 }),'),
    right: model('batcher: Batcher.of({ maxBatchSize: 16, maxLatency: Duration.millis(50) }),'),
  },
  KSV1607: {
    wrong: model('batcher: Batcher.of({ maxBatchSize: 16 }),', '', 'ONNX'),
    right: model('batcher: Batcher.of({ maxBatchSize: 16 }),'),
  },
  KSV1608: {
    wrong: model('batcher: Batcher.of({ timeout: 60 }),'),
    right: model('batcher: Batcher.of({ maxLatency: Duration.seconds(1) }),'),
  },
  KSV1609: {
    wrong: model('', `
  explainer: Explainer.fromContainer({ image: 'ghcr.io/acme/explain:1.0.0', batcher: Batcher.of({ maxBatchSize: 8 }) }),`),
    right: model('batcher: Batcher.of({ maxBatchSize: 8 }),', `
  explainer: Explainer.fromContainer({ image: 'ghcr.io/acme/explain:1.0.0' }),`),
  },
};
