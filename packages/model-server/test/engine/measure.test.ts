import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { identityModel, meanModel, tableModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

const TYPES = ['FLOAT', 'DOUBLE', 'UINT8', 'INT32', 'INT64', 'BOOL'] as const;
const SAMPLE = { inputs: [{ name: 'x', datatype: 'INT64', shape: [1, 2], data: [3, 4] }] };

/** What warm-up found out, by model. */
const policies = new Map<string, { readonly maxBatch: number; readonly batching: string }>();

beforeAll(async () => {
  const files: { [path: string]: string | Uint8Array } = {
    'two/model.onnx': tableModel(2),
    'one/model.onnx': tableModel(1),
    'equal/model.onnx': meanModel(ELEMENT.INT64),
    'equal/model.json': JSON.stringify({ warmup: [SAMPLE, SAMPLE] }),
  };
  for (const type of TYPES) {
    files[`mean-${type}/model.onnx`] = meanModel(ELEMENT[type]);
    files[`same-${type}/model.onnx`] = identityModel(ELEMENT[type]);
  }
  for (const path of Object.keys(files)) {
    files[path.replace('.onnx', '.json')] ??= '{"batching":{"maxSize":8}}';
  }
  const server = await TestServer.start([folderWith(files), '--multi_model']);
  await server.stop();
  for (const line of server.output.split('\n').filter((text) => text.includes('"maxBatch"'))) {
    const { model, maxBatch, batching } = JSON.parse(line) as { model: string; maxBatch: number; batching: string };
    policies.set(model, { maxBatch, batching });
  }
}, 60_000);

test.each(TYPES)('a model is not batched whose answer to a row of %s depends on the others', (type) => {
  expect(policies.get(`mean-${type}`)).toEqual({ maxBatch: 1, batching: 'a row answers differently in a batch' });
});

test.each(TYPES)('a model is batched whose rows of %s stand alone', (type) => {
  expect(policies.get(`same-${type}`)).toEqual({ maxBatch: 8, batching: 'as model.json says' });
});

test('a model that refuses all made-up rows but one is not batched, for nothing shows that its rows stand alone', () => {
  expect(policies.get('two')).toEqual({ maxBatch: 8, batching: 'as model.json says' });
  expect(policies.get('one')).toEqual({ maxBatch: 1, batching: expect.stringMatching(/^a batch of two fails \(/) });
});

test('equal samples show nothing of batches', () => {
  expect(policies.get('equal')).toEqual({ maxBatch: 1, batching: 'unmeasured: warm-up needs two different samples of one row each' });
});
