import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { Datatype } from '../../src/tensor/tensor';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';
import { lightgbmModel, xgboostModel } from '../trees/models';

const DOUBLE = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP64', shape: [-1, 2], accepts: ['FP32', 'INT32'] } },
  outputs: { y: { datatype: 'FP64', shape: [-1, 2] } },
  predict: ({ x }) => ({ y: { shape: x.shape, data: x.data.map((value) => value * 2) } }),
});
`;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'lightgbm/model.txt': lightgbmModel(),
    'xgboost/model.ubj': xgboostModel(),
    'user/model.mjs': DOUBLE,
    'wide/model.onnx': identityModel(ELEMENT.DOUBLE),
    'wide/model.json': '{"inputs":[{"name":"x","accepts":["FP32"]}]}',
    'strict/model.onnx': identityModel(ELEMENT.DOUBLE),
    'narrow/model.onnx': identityModel(ELEMENT.FLOAT),
    'narrow/model.json': '{"inputs":[{"name":"x","accepts":["FP64"]}]}',
  }), '--multi_model']);
}, 60_000);

afterAll(() => server.stop());

/** The answer of a model to rows of [0.5, 0] and [0.75, 0], or [1, 0] and [0, 0] in integers. */
async function ask(model: string, input: string, datatype: Datatype, protocol: 'v2 json' | 'v2 binary' | 'grpc raw'): Promise<unknown> {
  const integers = !datatype.startsWith('FP');
  const values = integers ? [1, 0, 0, 0] : [0.5, 0, 0.75, 0];
  const client = new PredictorClient({ host: `127.0.0.1:${protocol === 'grpc raw' ? server.grpcPort : server.httpPort}`, protocol: protocol === 'grpc raw' ? 'grpc-v2' : 'v2' });
  try {
    const reply = await client.infer(new InferRequest(model, [new InferTensor(input, datatype, [2, 2], values)]), { binary: protocol === 'v2 binary' });
    return Array.from(reply.outputs[0]!.data as Float64Array, Number);
  } finally {
    client.close();
  }
}

const PROTOCOLS = ['v2 json', 'v2 binary', 'grpc raw'] as const;

describe.each(PROTOCOLS)('%s', (protocol) => {
  test.each<[string, Datatype]>([
    ['lightgbm', 'FP64'], ['lightgbm', 'FP32'], ['lightgbm', 'INT64'], ['lightgbm', 'INT32'], ['lightgbm', 'BOOL'],
    ['xgboost', 'FP32'], ['xgboost', 'FP64'], ['xgboost', 'INT64'],
  ])('%s takes %s', async (model, datatype) => {
    // LightGBM goes left at 0.5, XGBoost below it
    expect(await ask(model, 'input-0', datatype, protocol)).toEqual(datatype.startsWith('FP') ? [model === 'lightgbm' ? 1 : 2, 2] : [2, 1]);
  });

  test('user code and ONNX take what they declare, in their own datatype', async () => {
    expect(await ask('user', 'x', 'FP32', protocol)).toEqual([1, 0, 1.5, 0]);
    expect(await ask('user', 'x', 'INT32', protocol)).toEqual([2, 0, 0, 0]);
    expect(await ask('wide', 'x', 'FP32', protocol)).toEqual([0.5, 0, 0.75, 0]);
  });

  test('without a declaration nothing is converted', async () => {
    await expect(ask('strict', 'x', 'FP32', protocol)).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/input 'x' must be FP64, but is FP32/) });
    await expect(ask('wide', 'x', 'INT32', protocol)).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/must be FP64 \(or FP32\), but is INT32/) });
  });
});

test('V1 needs no datatype', async () => {
  expect((await server.call('/v1/models/lightgbm:predict', { body: { instances: [[0.5, 0], [0.75, 0]] } })).json).toEqual({ predictions: [1, 2] });
});

test('requests of several datatypes share runs and stay apart', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => ask('lightgbm', 'input-0', (['FP32', 'FP64', 'INT64'] as const)[i % 3]!, 'v2 json')));

  expect(answers).toEqual(Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? [2, 1] : [1, 2])));
});

test('the metadata and the OpenAPI document tell what is taken', async () => {
  expect((await server.call('/v2/models/wide')).json.inputs).toEqual([{ name: 'x', datatype: 'FP64', shape: [-1, 2], parameters: { accepts: ['FP32'] } }]);
  expect((await server.call('/v2/models/lightgbm')).json.inputs[0].parameters.accepts).toEqual(expect.arrayContaining(['FP32', 'INT64']));
  expect((await server.call('/openapi.json')).json.components.schemas.wide_request.properties.inputs.items.oneOf[0].properties.datatype).toEqual({ enum: ['FP64', 'FP32'] });
});

test('what cannot be held exactly is refused when the model loads', async () => {
  expect(await server.call('/v2/repository/models/narrow/load', { body: {} })).toMatchObject({ status: 400, json: { error: expect.stringContaining('/inputs/0/accepts has FP64, which FP32 cannot hold exactly') } });
});
