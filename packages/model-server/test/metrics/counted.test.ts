import * as grpc from '@grpc/grpc-js';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { encodeInferRequest } from '../../src/grpc/infer-codec';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

const FREE = `
import { defineModel, InferRequest, InferResponse } from 'kserve-model-server';
const fail = (payload) => { if (payload.fails) { throw new TypeError('oh'); } return payload; };
export default defineModel({ predict: (payload) => payload instanceof InferRequest ? new InferResponse('free', payload.inputs) : fail(payload), explain: fail });
`;
const PIECES = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  async *predict({ x }) { yield { y: x.data }; yield { y: x.data }; },
});
`;
const SLOW = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  predict: ({ x }) => new Promise((resolve) => setTimeout(() => resolve({ y: x.data }), 5000)),
});
`;

let server: TestServer;
let client: grpc.Client;

beforeAll(async () => {
  server = await TestServer.start([folderWith({ 'free/model.mjs': FREE, 'pieces/model.mjs': PIECES, 'slow/model.mjs': SLOW, 'm/model.onnx': identityModel(ELEMENT.FLOAT, ['N']) })]);
  client = new grpc.Client(`127.0.0.1:${server.grpcPort}`, grpc.credentials.createInsecure());
}, 60_000);

afterAll(async () => {
  client.close();
  await server.stop();
});

const same = (bytes: Buffer): Buffer => bytes;
const message = (modelName: string): Buffer => encodeInferRequest({ modelName, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(1) }] });
const overGrpc = (model: string): Promise<unknown> => new Promise((resolve, reject) => {
  client.makeUnaryRequest('/inference.GRPCInferenceService/ModelInfer', same, same, message(model), (error, reply) => (error === null ? resolve(reply) : reject(error)));
});
const metrics = async (): Promise<string> => (await server.call('/metrics')).body.toString();

/** How often each was observed, or counted, for a model. */
async function seen(model: string): Promise<{ readonly [name: string]: number }> {
  const text = await metrics();
  const value = (series: string): number => Number(new RegExp(`^${series} (\\S+)$`, 'm').exec(text)![1]);
  const labels = `model_name="${model}",model_version=""`;
  const histograms = { predict: 'request_predict_seconds', explain: 'request_explain_seconds', queue: 'model_server_queue_seconds', run: 'model_server_run_seconds' };
  return {
    ...Object.fromEntries(Object.entries(histograms).map(([name, series]) => [name, value(`${series}_count\\{${labels}\\}`)])),
    ...Object.fromEntries(['v1', 'v2', 'grpc', 'stream'].map((protocol) => [protocol, value(`model_server_request_duration_seconds_count\\{${labels},protocol="${protocol}"\\}`)])),
    good: ['v1', 'v2', 'grpc', 'stream'].reduce((sum, protocol) => sum + value(`model_server_requests_total\\{${labels},protocol="${protocol}",outcome="success"\\}`), 0),
  };
}

test('a model of free-form requests: predictions, explanations and failures are counted as what they are', async () => {
  const statuses = [];
  for (const [verb, body] of [['predict', { a: 1 }], ['predict', { fails: true }], ['explain', { a: 1 }], ['explain', { a: 1 }], ['explain', { fails: true }]] as const) {
    statuses.push((await server.call(`/v1/models/free:${verb}`, { body })).status);
  }
  await overGrpc('free');

  expect(statuses).toEqual([200, 500, 200, 200, 500]);
  expect(await seen('free')).toEqual({ predict: 3, explain: 3, queue: 4, run: 4, v1: 5, v2: 0, grpc: 1, stream: 0, good: 4 });
});

test('a large body is counted as a small one', async () => {
  const reply = (rows: number): Promise<unknown> => server.call('/v2/models/m/infer', { body: { inputs: [{ name: 'x', datatype: 'FP32', shape: [rows], data: Array(rows).fill(0.123456) }] } }).then(({ status }) => status);
  const before = await seen('m');
  const statuses = [await reply(1), await reply(200_000)];
  await overGrpc('m');
  const after = await seen('m');

  expect(statuses).toEqual([200, 200]);
  expect(Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name]!]))).toEqual({ predict: 3, explain: 0, queue: 3, run: 3, v1: 0, v2: 2, grpc: 1, stream: 0, good: 3 });
});

test('a stream waits for a runner as any other, and is no prediction of one piece', async () => {
  await server.call('/v2/models/pieces/generate_stream', { body: { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] } });

  expect(await seen('pieces')).toEqual({ predict: 0, explain: 0, queue: 1, run: 1, v1: 0, v2: 0, grpc: 0, stream: 1, good: 1 });
});

test('what a stream of gRPC asks is in flight until it is answered or left', async () => {
  const inFlight = async (): Promise<string> => /^model_server_requests_in_flight (\d+)$/m.exec(await metrics())![1]!;
  const until = async (value: string): Promise<string> => {
    for (const end = performance.now() + 10_000; await inFlight() !== value && performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return inFlight();
  };
  const stream = client.makeBidiStreamRequest('/inference.GRPCInferenceService/ModelStreamInfer', same, same);
  stream.on('error', () => undefined);
  stream.write(message('slow'));
  stream.write(message('slow'));
  const during = await until('2');
  stream.cancel();

  expect([during, await until('0')]).toEqual(['2', '0']);
}, 30_000);
