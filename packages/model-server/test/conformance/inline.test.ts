import { irisModel } from '../../src/examples/iris';
import { mlpModel } from '../support/models';
import { folderWith, runnersOf, TestServer } from '../support/server';

const USER = `
import { defineModel } from 'kserve-model-server';
export default defineModel({ inputs: { x: { datatype: 'FP32', shape: [-1] } }, outputs: { y: { datatype: 'FP32', shape: [-1] } }, predict: ({ x }) => ({ y: x.data }) });
`;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'iris/model.onnx': irisModel(),
    'sized/model.onnx': irisModel(),
    'sized/model.json': '{"batching":{"maxSize":5000}}',
    'slow/model.onnx': mlpModel(64, 3000, 4),
    'user/model.mjs': USER,
  }), '--placement=inline', '--multi_model']);
}, 60_000);

afterAll(async () => {
  await server.stop();
});

const reasonOf = async (model: string): Promise<string> => (await server.call('/v2/repository/index', { method: 'POST' })).json.find(({ name }: { name: string }) => name === model).reason;

test('a small model is served by all protocols without a runner', async () => {
  const rows = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]];

  expect((await server.call('/v1/models/iris:predict', { body: { instances: rows } })).json).toEqual({ predictions: ['setosa', 'virginica'] });
  expect((await server.call('/v2/models/iris/infer', { body: { inputs: [{ name: 'X', datatype: 'FP32', shape: [2, 4], data: rows }] } })).json.outputs[0].data).toEqual(['setosa', 'virginica']);
  expect((await server.call('/v2/health/live')).status).toBe(200);
  expect(runnersOf(server)).toEqual([]);
});

test('a model that takes long is refused', async () => {
  expect(await reasonOf('slow')).toMatch(/placement inline needs runs of at most 1 ms, but one takes \d+\.\d\d ms; use placement runner/);
});

test('user code is refused', async () => {
  expect(await reasonOf('user')).toMatch(/placement inline is not offered for user code, which could block or end the server/);
});

test('no batch is larger than what was measured', () => {
  const loaded = server.output.split('\n').filter((line) => line.includes('"maxBatch"')).map((line) => JSON.parse(line) as { model: string; maxBatch: number; batching: string });
  const sized = loaded.find(({ model }) => model === 'sized')!;

  expect(sized.batching).toBe('a larger batch would keep the server from others');
  expect([1, 8, 32, 128]).toContain(sized.maxBatch);
});
