import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { encodeInferRequest } from '../../src/grpc/infer-codec';
import { folderWith, HttpReply, TestServer } from '../support/server';

const go = join(folderWith({}), 'go');

/** Answers when there is the file `go`. */
const MODEL = `
import { existsSync } from 'node:fs';
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  async predict({ x }) {
    while (!existsSync('${go}')) await new Promise((resolve) => setTimeout(resolve, 20));
    return { y: x.data };
  },
});
`;
const LIMITS = { limits: { concurrency: 1, queue: 2 } };

let server: TestServer;
let client: grpc.Client;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'plain/model.mjs': MODEL,
    'plain/model.json': JSON.stringify(LIMITS),
    'cached/model.mjs': MODEL,
    'cached/model.json': JSON.stringify({ ...LIMITS, deterministic: true }),
  })]);
  client = new grpc.Client(`127.0.0.1:${server.grpcPort}`, grpc.credentials.createInsecure());
}, 60_000);

afterAll(async () => {
  client.close();
  await server.stop();
});

const same = (bytes: Buffer): Buffer => bytes;
const rest = (model: string, value: number): Promise<HttpReply> => server.call(`/v1/models/${model}:predict`, { body: { instances: [value] } });

function rpc(modelName: string, value: number): Promise<grpc.ServiceError | null> {
  const message = encodeInferRequest({ modelName, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(value) }] });
  return new Promise((resolve) => client.makeUnaryRequest('/inference.GRPCInferenceService/ModelInfer', same, same, Buffer.from(message), resolve));
}

async function until(metric: RegExp): Promise<void> {
  for (let i = 0; !metric.test((await server.call('/metrics')).body.toString()); i++) {
    if (i === 500) {
      throw new Error(`never came: ${metric}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('one caller more than may wait is told to come again, by REST and gRPC, also where all wait for one run', async () => {
  const waiting = [rest('plain', 1), rest('cached', 1)];
  await until(/in_flight\S* 2$/m);
  waiting.push(rest('plain', 2), rest('plain', 3), rest('cached', 1), rest('cached', 1));
  await until(/^model_server_queue_length\{model_name="plain".*\} 2$/m);
  await until(/^model_server_cache_hits_total\{model_name="cached".*\} 2$/m);
  const refused = [await rest('plain', 4), await rest('cached', 1)];
  const errors = [await rpc('plain', 4), await rpc('cached', 1)];
  writeFileSync(go, '');
  const answers = await Promise.all(waiting);

  expect(refused.map(({ status, headers, json }) => [status, headers['retry-after'], json.error])).toEqual([
    [429, '1', "the queue of model 'plain' is full: 2 requests wait"],
    [429, '1', "the queue of model 'cached' is full: 2 requests wait"],
  ]);
  expect(errors.map((error) => [error?.code, error?.details, error?.metadata.get('retry-after')])).toEqual([
    [grpc.status.RESOURCE_EXHAUSTED, "the queue of model 'plain' is full: 2 requests wait", ['1']],
    [grpc.status.RESOURCE_EXHAUSTED, "the queue of model 'cached' is full: 2 requests wait", ['1']],
  ]);
  expect(answers.map(({ json }) => json.predictions)).toEqual([[1], [1], [2], [3], [1], [1]]);
  expect([await rest('plain', 5), await rpc('plain', 5)].map((answer) => (answer === null ? 'ok' : (answer as HttpReply).status))).toEqual([200, 'ok']);
}, 60_000);
