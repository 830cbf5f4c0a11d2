import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lightgbmModel, xgboostModel } from './models';
import { readCase } from '../../oracles/tree-case';
import { folderWith, TestServer } from '../support/server';

const FIXTURES = join(__dirname, 'fixtures');
const settings = (value: object): string => JSON.stringify(value);

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'rows/model.txt': lightgbmModel(),
    'rows/model.json': settings({ inputs: [{ name: 'rows', datatype: 'FP32' }] }),
    'marked/model.bst': xgboostModel({ objective: 'binary:logistic', params: { base_score: '0.2' } }),
    'marked/model.json': settings({ missing: 7, predictType: 'class' }),
    'classes/model.bin': readFileSync(join(FIXTURES, 'lightgbm-3.3.5-multiclass', 'model.txt')),
    'broken/model.bst': xgboostModel({ objective: 'reg:own' }),
    'old/model.bst': Buffer.concat([Buffer.alloc(136), Buffer.from([13, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('multi:softmax'), Buffer.alloc(64)]),
  }), '--multi_model']);
}, 60_000);
afterAll(() => server.stop());

test('model.json declares the input by another name and type', async () => {
  const { json } = await server.call('/v2/models/rows/infer', { body: { inputs: [{ name: 'rows', datatype: 'FP32', shape: [2, 2], data: [0.5, 0, 0.75, 0] }] } });

  expect(json.outputs).toEqual([{ name: 'output-0', datatype: 'FP64', shape: [2], data: [1, 2] }]);
});

test('class ids are integers, and the marker of model.json is missing', async () => {
  const { json } = await server.call('/v2/models/marked/infer', { body: { inputs: [{ name: 'input-0', datatype: 'FP32', shape: [2, 2], data: [7, 0, 1, 0] }] } });

  expect(json.outputs).toEqual([{ name: 'output-0', datatype: 'INT64', shape: [2], data: [0, 1] }]);
});

test('V1 answers probabilities as the library does', async () => {
  const tree = readCase(FIXTURES, 'lightgbm-3.3.5-multiclass');
  const [count, columns] = tree.input.shape as readonly [number, number];
  const instances = Array.from({ length: count }, (_, row) => [...tree.input.data.subarray(row * columns, (row + 1) * columns)]);

  const { json } = await server.call('/v1/models/classes:predict', { body: { instances } });

  const flat = (json.predictions as number[][]).flat();
  expect(flat).toHaveLength(count * 3);
  flat.forEach((value, i) => expect(value).toBeCloseTo(tree.prediction.data[i]!, 12));
});

test.each([
  ['broken', 'the objective reg:own is not known'],
  ['old', "the model is in XGBoost's old binary format; convert it"],
])('a model that cannot be served says why: %s', async (name, message) => {
  const { json, status } = await server.call(`/v2/repository/models/${name}/load`, { body: {} });

  expect(status).toBeGreaterThanOrEqual(400);
  expect(json.error).toContain(message);
});
