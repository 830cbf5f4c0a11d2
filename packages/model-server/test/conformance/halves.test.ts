import { ELEMENT, writeOnnx } from '../../src/engine/onnx/onnx-model';
import { chunksOf, lenField, readFields, varintField, writeFields } from '../../src/protobuf/fields';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { identityModel, zipMapModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

/** Doubles half-precision floats whose exponent has room: one is added to it. */
const HALF = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP16', shape: [-1] } },
  outputs: { y: { datatype: 'FP16', shape: [-1] } },
  predict: ({ x }) => ({ y: x.data.map((bits) => bits + 0x400) }),
});
`;

/** A graph that adds a constant kept in another file. */
function externalModel(location: string): Uint8Array {
  const value = (name: string) => ({ name, type: ELEMENT.FLOAT, shape: ['N', 2] });
  const model = readFields(writeOnnx({
    inputs: [value('x')],
    outputs: [value('y')],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
  }));
  const entry = (key: string, text: string) => lenField(13, writeFields([lenField(1, key), lenField(2, text)]));
  const weights = writeFields([varintField(1, 2), varintField(2, ELEMENT.FLOAT), lenField(8, 'w'), entry('location', location), varintField(14, 1)]);
  return writeFields(model.map((field) => (field.no === 7 ? lenField(7, writeFields([...readFields(field.value as Uint8Array), lenField(5, weights)])) : field)));
}

/** A model whose only initializer is told to be elsewhere. */
function withExternal(bytes: Uint8Array): Uint8Array {
  const external = chunksOf(readFields(chunksOf(readFields(externalModel('w.bin')), 7)[0]!), 5)[0]!;
  return writeFields(readFields(bytes).map((field) => (field.no === 7 ? lenField(7, writeFields([...readFields(field.value as Uint8Array), lenField(5, external)])) : field)));
}

const weights = new Uint8Array(Float32Array.of(10, 20).buffer);
let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'user/model.mjs': HALF,
    'fp16/model.onnx': identityModel(ELEMENT.FLOAT16),
    'bf16/model.onnx': identityModel(ELEMENT.BFLOAT16),
    'external/model.onnx': externalModel('w.bin'),
    'external/w.bin': weights,
    'secret.bin': weights,
    'outside/model.onnx': externalModel('../secret.bin'),
    'zip/model.onnx': withExternal(zipMapModel()),
    'zip/w.bin': weights,
    'half/model.onnx': withExternal(identityModel(ELEMENT.FLOAT16)),
    'half/w.bin': weights,
  }), '--multi_model']);
}, 60_000);

afterAll(() => server.stop());

describe.each(['v2', 'grpc-v2'] as const)('%s', (protocol) => {
  let client: PredictorClient;
  beforeAll(() => {
    client = new PredictorClient({ host: `127.0.0.1:${protocol === 'v2' ? server.httpPort : server.grpcPort}`, protocol });
  });
  afterAll(() => client.close());

  test('user code gets and gives FP16 as its bits', async () => {
    // 1, -2 and 0.5 in half precision
    const reply = await client.infer(new InferRequest('user', [new InferTensor('x', 'FP16', [3], Uint16Array.of(0x3c00, 0xc000, 0x3800))]));

    expect(reply.output('y')).toMatchObject({ datatype: 'FP16', data: Uint16Array.of(0x4000, 0xc400, 0x3c00) });
  });

  test.each([['fp16', [[0.5, -65504]]], ['bf16', [[0.5, -65536]]]])('%s graphs take and give FP32', async (model, values) => {
    const reply = await client.infer(new InferRequest(model, [InferTensor.of('x', 'FP32', values)]));

    expect(reply.output('y').nested()).toEqual(values);
  });
});

test('weights in another file are found beside the model', async () => {
  expect((await server.call('/v1/models/external:predict', { body: { instances: [[1, 2]] } })).json).toEqual({ predictions: [[11, 22]] });
});

test.each([
  ['outside', /secret|escape|outside|External data path|not allowed|under/i],
  ['zip', /keeps weights in other files and has a ZipMap or 16-bit float.*save_as_external_data=False/],
  ['half', /keeps weights in other files and has a ZipMap or 16-bit float.*save_as_external_data=False/],
])('a model that cannot be served with its weights elsewhere says why: %s', async (model, message) => {
  const { status, json } = await server.call(`/v2/repository/models/${model}/load`, { body: {} });

  expect(status).toBeGreaterThanOrEqual(400);
  expect(json.error).toMatch(message);
});
