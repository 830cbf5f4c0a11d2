import { KServeRelease } from '../../src';
import { Deferred } from '../../src/core/deferred';
import { LOGGING_RULES } from '../../src/inference/logging-rules';
import { judge, standard } from './judge';

const deferred = new Deferred('x');
const storage = { path: 'iris', parameters: { format: 'json' }, key: 'credentials' };
const BLOB = { mode: 'all', url: 's3://logs', storage };

function logged(logger: object, rest: object = {}) {
  return standard({ logger, ...rest });
}

test.each<[string, object, string[]]>([
  ['no mode', {}, ['KSV1601 /spec/predictor/logger']],
  ['an empty mode', { mode: '' }, ['KSV1601 /spec/predictor/logger']],
  ['an unknown mode', { mode: 'both' }, ['KSV1601 /spec/predictor/logger/mode']],
  ['mode all', { mode: 'all' }, []],
  ['mode request', { mode: 'request' }, []],
  ['mode response', { mode: 'response' }, []],
  ['a deferred mode', { mode: deferred }, []],
  ['a whole storage', BLOB, []],
  ['a storage without a path', { ...BLOB, storage: { parameters: {}, key: 'k' } }, ['KSV1602 /spec/predictor/logger/storage']],
  ['an empty storage', { ...BLOB, storage: {} }, ['KSV1602 /spec/predictor/logger/storage', 'KSV1602 /spec/predictor/logger/storage', 'KSV1602 /spec/predictor/logger/storage']],
  ['a bucket without storage', { mode: 'all', url: 'gs://logs' }, ['KSV1605 /spec/predictor/logger/url']],
  ['a storage without a bucket', { mode: 'all', url: 'https://sink', storage }, ['KSV1605 /spec/predictor/logger/storage']],
  ['a storage with the ConfigMap\'s url', { mode: 'all', storage }, []],
  ['a deferred url', { mode: 'all', url: deferred, storage }, []],
  ['an url without a scheme', { mode: 'all', url: 'sink.logging.svc' }, ['KSV1605 /spec/predictor/logger/url']],
  ['a batch', { ...BLOB, batchSize: 2, batchInterval: '5s' }, []],
  ['a batch of nothing', { ...BLOB, batchSize: 0 }, ['KSV1606 /spec/predictor/logger/batchSize']],
  ['half a batch', { ...BLOB, batchSize: 1.5 }, ['KSV1606 /spec/predictor/logger/batchSize']],
  ['an interval without a batch', { ...BLOB, batchInterval: '5s' }, ['KSV1606 /spec/predictor/logger/batchInterval']],
  ['an interval with a deferred batch', { ...BLOB, batchSize: deferred, batchInterval: '5s' }, []],
])('a logger with %s', (_, logger, found) => {
  expect(judge(LOGGING_RULES, logged(logger))).toEqual(found);
});

test('newer settings need a newer release', () => {
  const logger = { ...BLOB, storage: { ...storage, parameters: { format: 'csv' } }, marshallerUrl: 'http://marshaller', batchSize: 2, batchInterval: '5s' };
  const found = (release: KServeRelease) => judge(LOGGING_RULES, logged(logger), { target: { release } });

  expect(found(KServeRelease.V0_16)).toEqual([
    'KSV1603 /spec/predictor/logger/marshallerUrl', 'KSV1603 /spec/predictor/logger/batchSize', 'KSV1603 /spec/predictor/logger/batchInterval',
    'KSV1603 /spec/predictor/logger/storage/parameters/format',
  ]);
  expect(found(KServeRelease.V0_17)).toEqual([]);
});

describe('a transformer\'s logger', () => {
  const both = (predictor: object, transformer: object) => ({ ...standard({}), spec: { predictor, transformer } });

  test('has its own address and mode', () => {
    expect(judge(LOGGING_RULES, both({}, { logger: { mode: 'request', url: 'http://sink' } }))).toEqual([]);
  });

  test('has the predictor\'s storage', () => {
    expect(judge(LOGGING_RULES, both({}, { logger: BLOB }))).toEqual(['KSV1604 /spec/transformer/logger/storage']);
    expect(judge(LOGGING_RULES, both({ logger: BLOB }, { logger: BLOB }))).toEqual([]);
    expect(judge(LOGGING_RULES, both({ logger: BLOB }, { logger: { mode: 'all', url: 's3://logs' } }))).toEqual([]);
    expect(judge(LOGGING_RULES, both({}, { logger: { mode: 'all', url: 's3://logs' } }))).toEqual(['KSV1605 /spec/transformer/logger/url']);
  });
});

describe('a batcher', () => {
  test.each<[object, string[]]>([
    [{ maxBatchSize: 1, maxLatency: 1 }, []],
    [{ maxBatchSize: 0 }, ['KSV1606 /spec/predictor/batcher/maxBatchSize']],
    [{ maxLatency: 0 }, ['KSV1606 /spec/predictor/batcher/maxLatency']],
    [{ maxLatency: 0.5 }, ['KSV1606 /spec/predictor/batcher/maxLatency']],
    [{ maxBatchSize: deferred }, []],
    [{ timeout: 60 }, ['KSV1608 /spec/predictor/batcher/timeout']],
  ])('%p: %p', (batcher, found) => {
    expect(judge(LOGGING_RULES, standard({ batcher }))).toEqual(found);
  });

  const FOUND = ['KSV1607 /spec/predictor/batcher'];
  test.each<[string, object, string[]]>([
    ['a model without a protocol', { model: { modelFormat: { name: 'sklearn' } } }, []],
    ['a v1 model', { model: { modelFormat: { name: 'sklearn' }, protocolVersion: 'v1' } }, []],
    ['a v2 model', { model: { modelFormat: { name: 'sklearn' }, protocolVersion: 'v2' } }, FOUND],
    ['a gRPC model', { model: { modelFormat: { name: 'sklearn' }, protocolVersion: 'grpc-v2' } }, FOUND],
    ['a model for which KServe writes v2', { model: { modelFormat: { name: 'triton' } } }, FOUND],
    ['a model in the older spelling for which KServe writes v2', { onnx: {} }, FOUND],
    ['a model in the older spelling', { sklearn: {} }, []],
    ['a deferred protocol', { model: { modelFormat: { name: 'sklearn' }, protocolVersion: deferred } }, []],
    ['a v2 container', { containers: [{ env: [{ name: 'PROTOCOL', value: 'v2' }] }] }, FOUND],
    ['a container', { containers: [{}] }, []],
  ])('batches nothing for protocols other than v1: %s', (_, predictor, found) => {
    expect(judge(LOGGING_RULES, standard({ ...predictor, batcher: {} }))).toEqual(found);
  });
});
