import { folderWith, TestServer } from '../support/server';

/** Answers V1 in the form that is asked for. */
const ANSWERS = `
import { defineModel, InferResponse, InferTensor } from 'kserve-model-server';
const BIG = 9007199254740993n;
const i = new InferTensor('i', 'INT64', [2], [BIG, -BIG]);
const forms = {
  one: new InferResponse('m', [i]),
  several: new InferResponse('m', [i, new InferTensor('s', 'BYTES', [2, 1], ['a', 'b'])]),
  infinity: new InferResponse('m', [new InferTensor('f', 'FP32', [2], [1, Infinity])]),
  plain: { predictions: i.nested() },
};
export default defineModel({ predict: ({ instances }) => forms[instances[0]] });
`;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({ 'model.mjs': ANSWERS }), '--model_name=m']);
}, 30_000);

afterAll(() => server.stop());

test.each([
  ['one', 'an InferResponse of one output in bare values', 200, '{"predictions":[9007199254740993,-9007199254740993]}'],
  ['several', 'an InferResponse of several outputs in an object for each row', 200, '{"predictions":[{"i":9007199254740993,"s":["a"]},{"i":-9007199254740993,"s":["b"]}]}'],
  ['infinity', 'infinity with an error', 500, '{"error":"output \'f\' holds Infinity, which JSON cannot express; ask for it as binary data"}'],
  ['plain', '64-bit integers of any object exactly', 200, '{"predictions":[9007199254740993,-9007199254740993]}'],
])('V1 answers %s: %s', async (form, _, status, text) => {
  const reply = await server.call('/v1/models/m:predict', { body: { instances: [form] } });

  expect([reply.status, reply.body.toString()]).toEqual([status, text]);
});
