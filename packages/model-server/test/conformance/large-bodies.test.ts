import { WebSocket } from 'ws';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { decodeInferResponse, encodeInferRequest } from '../../src/grpc/infer-codec';
import { Answer, Caller } from '../support/caller';
import { embedder, encoderFiles } from '../support/encoders';
import { identityModel } from '../support/models';
import { folderWith, HttpReply, runnersOf, TestServer } from '../support/server';

const FREE = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  predict: (payload) => ({ predictions: [payload.instances.length] }),
  explain: (payload) => ({ explanations: [payload.instances.length] }),
});
`;

const STREAM = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1, 2] } },
  outputs: { sum: { datatype: 'FP32', shape: [1] } },
  async *predict({ x }, { headers }) {
    yield { sum: [x.data.reduce((sum, value) => sum + value, 0)] };
    yield { sum: [headers['x-last'] === 'infinite' ? Infinity : x.shape[0]] };
  },
});
`;

const TYPED = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1, 2] } },
  outputs: { seen: { datatype: 'BYTES', shape: [1] } },
  predict: (_, { parameters }) => ({ seen: [typeof parameters.n + ' ' + parameters.n] }),
});
`;

const WIDE = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1, 1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1, 100000] } },
  predict: ({ x }) => ({ y: new Float32Array(x.shape[0] * 100000).fill(x.data[0]) }),
});
`;

/** Answers as many numbers as it is asked for. */
const GROWS = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { n: { datatype: 'INT32', shape: [1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  predict: ({ n }) => ({ y: new Float32Array(n.data[0]).fill(0.5) }),
});
`;

const EVENT = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': 'test', 'ce-type': 'in', 'content-type': 'application/json' };
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const COUNT = 400_000;
/** JSON that never ends: whoever decodes it refuses it. */
const ENDLESS = Buffer.from(`{"inputs":"${'x'.repeat(2 << 20)}`);
/** A text that is longer than the model takes. */
const TEXT = Buffer.from(JSON.stringify({ model: 'texts', input: 'good '.repeat(50_000) }));
/** A message whose tensor is larger than its shape says. */
const MESSAGE = encodeInferRequest({ modelName: 'm', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: new Float32Array(COUNT) }] });

interface Call {
  readonly path: string;
  readonly body: Buffer;
  readonly headers?: { readonly [name: string]: string };
  readonly transport?: 'grpc';
}

let server: TestServer;
let caller: Caller;

beforeAll(async () => {
  server = await TestServer.start([folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'free/model.mjs': FREE, 'pieces/model.mjs': STREAM, 'typed/model.mjs': TYPED, 'wide/model.mjs': WIDE, 'grows/model.mjs': GROWS, ...encoderFiles('texts'), 'texts/model.onnx': embedder })]);
  caller = new Caller(server, 60_000);
}, 60_000);

afterAll(async () => {
  caller.close();
  await server.stop();
});

const send = (call: Call): Promise<Answer> => caller.send({ transport: 'http', ...call });
const structured = (size: number): Buffer => Buffer.from(JSON.stringify({ specversion: '1.0', id: 'e2', source: 'test', type: 'in', data: { instances: new Array(size).fill([1, 2]) as number[][] } }));

test('what is forwarded is not decoded in the front: it waits for runners that do nothing, and liveness does not', async () => {
  const calls: readonly Call[] = [
    { path: '/v1/models/m:predict', body: ENDLESS },
    { path: '/v2/models/m/infer', body: ENDLESS },
    { path: '/v1/models/m:predict', body: ENDLESS, headers: EVENT },
    { path: '/v1/models/free:predict', body: ENDLESS },
    { path: '/v1/models/free:predict', body: ENDLESS, headers: EVENT },
    { path: '/v1/models/free:explain', body: ENDLESS },
    { path: '/openai/v1/embeddings', body: TEXT },
    { path: '/v2/models/pieces/generate_stream', body: ENDLESS },
    { path: '/v1/models/pieces:predict', body: ENDLESS, headers: { accept: 'text/event-stream' } },
    { path: '/inference.GRPCInferenceService/ModelInfer', body: MESSAGE, transport: 'grpc' },
  ];
  const runners = runnersOf(server);
  const answered: string[] = [];

  runners.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  const answers = calls.map((call) => send(call).then(({ status }) => {
    answered.push(call.path);
    return status;
  }));
  for (const end = performance.now() + 1500; performance.now() < end;) {
    expect((await server.call('/v2/health/live')).json).toEqual({ live: true });
  }
  const early = [...answered];
  runners.forEach((pid) => process.kill(pid, 'SIGCONT'));

  expect(await Promise.all(answers)).toEqual(calls.map(({ transport }) => (transport === 'grpc' ? 'grpc 3' : '400')));
  expect(early).toEqual([]);
}, 90_000);

test('a large CloudEvent in binary mode is answered in kind', async () => {
  const instances = Array.from({ length: 150_000 }, (_, i) => [i, 2]);
  const [typed, free] = await Promise.all(['m:predict', 'free:explain'].map((path) => server.call(`/v1/models/${path}`, { body: { instances }, headers: EVENT })));

  expect([typed!.headers['ce-source'], free!.headers['ce-source']]).toEqual(['io.kserve.inference.m', 'io.kserve.inference.free']);
  expect(JSON.stringify(typed!.json.predictions) === JSON.stringify(instances)).toBe(true);
  expect(free!.json).toEqual({ explanations: [150_000] });
});

describe('a stream of a large request', () => {
  const instances = new Array(COUNT).fill([1, 2]) as number[][];
  const body = { id: 'i', inputs: [{ name: 'x', datatype: 'FP32', shape: [COUNT, 2], data: instances.flat() }] };
  const stream = (headers = {}): Promise<HttpReply> => server.call('/v2/models/pieces/generate_stream', { body, headers });
  const sums = (...data: number[]): string => `data: {"model_name":"pieces","id":"i","outputs":[{"name":"sum","shape":[1],"datatype":"FP32","data":[${data.join(',')}]}]}\n\n`;

  test('has the events that a small one has', async () => {
    const v2 = await stream();
    const v1 = await server.call('/v1/models/pieces:predict', { body: { instances }, headers: { accept: 'text/event-stream' } });

    expect([v2.headers['content-type'], v2.body.toString()]).toEqual(['text/event-stream', sums(3 * COUNT) + sums(COUNT)]);
    expect(v1.body.toString()).toBe(`data: {"predictions":[${3 * COUNT}]}\n\ndata: {"predictions":[${COUNT}]}\n\n`);
  });

  test('whose piece JSON cannot say ends with an error', async () => {
    const { body: events } = await stream({ 'x-last': 'infinite' });

    expect(events.toString()).toMatch(/^data: \{.*\}\n\nevent: error\ndata: \{"error":".*'sum'.*binary.*"\}\n\n$/);
  });
});

describe('a reply of more than 1 MiB', () => {
  const writtenByFront = async (model: string): Promise<number> => Number(new RegExp(`^request_postprocess_seconds_count\\{model_name="${model}".*\\} (\\d+)$`, 'm').exec((await server.call('/metrics')).body.toString())![1]);

  test('is written by the runner, whatever the protocol', async () => {
    const v1 = await server.call('/v1/models/wide:predict', { body: { instances: [[0.1]] } });
    const v2 = await server.call('/v2/models/wide/infer', { body: { id: 'i', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] }] } });
    const grpc = await send({ transport: 'grpc', path: '/inference.GRPCInferenceService/ModelInfer', body: encodeInferRequest({ modelName: 'wide', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) }] }) });
    const numbers = new Array(100_000).fill(Math.fround(0.1)) as number[];

    expect(v1.body.toString() === JSON.stringify({ predictions: [numbers] })).toBe(true);
    expect(v2.body.toString() === JSON.stringify({ model_name: 'wide', id: 'i', outputs: [{ name: 'y', shape: [1, 100_000], datatype: 'FP32', data: numbers }] })).toBe(true);
    expect(String(decodeInferResponse(grpc.body).outputs[0]!.data) === String(numbers)).toBe(true);
    expect(await writtenByFront('wide')).toBe(0);
  });

  test('is expected where the last was one, if its size is not declared', async () => {
    const seen: [number, number][] = [];
    for (const n of [300_000, 300_000, 1, 1]) {
      const { json } = await server.call('/v1/models/grows:predict', { body: { instances: [n] } });
      seen.push([(json.predictions as number[]).length, await writtenByFront('grows')]);
    }

    expect(seen).toEqual([[300_000, 1], [300_000, 1], [1, 1], [1, 2]]);
  });
});

test('user code sees the same of a large message as of a small one', async () => {
  const seen = (rows: number): Promise<unknown> => send({
    transport: 'grpc',
    path: '/inference.GRPCInferenceService/ModelInfer',
    body: encodeInferRequest({ modelName: 'typed', parameters: { n: 2n ** 60n }, inputs: [{ name: 'x', datatype: 'FP32', shape: [rows, 2], data: new Float32Array(rows * 2) }] }),
  }).then(({ body }) => decodeInferResponse(body).outputs.map(({ data }) => String(data)));

  expect([await seen(1), await seen(COUNT)]).toEqual(new Array(2).fill([String(Buffer.from('string 1152921504606846976'))]));
});

test.each<[string, Call]>([
  ['an event in structured mode', { path: '/v1/models/m:predict', body: structured(200_000), headers: STRUCTURED }],
  ['an event to explain in structured mode', { path: '/v1/models/free:explain', body: structured(200_000), headers: STRUCTURED }],
  ['embeddings', { path: '/openai/v1/embeddings', body: ENDLESS }],
  ['rerank', { path: '/openai/v1/rerank', body: ENDLESS }],
  ['a list of models', { path: '/v2/repository/index', body: ENDLESS }],
  ['to load a model', { path: '/v2/repository/models/m/load', body: ENDLESS }],
])('what the front decodes is refused above 1 MiB with the setting that admits more: %s', async (_, call) => {
  const { status, body } = await send(call);

  expect([status, body.toString()]).toEqual(['413', expect.stringContaining('1048576 bytes that --max_front_body_bytes admits')]);
});

test('a refusal for its size is no failure of the server to clients of OpenAI', async () => {
  const { body } = await send({ path: '/openai/v1/embeddings', body: ENDLESS });

  expect((JSON.parse(body.toString()) as { error: object }).error).toMatchObject({ type: 'invalid_request_error', code: 413 });
});

test.each([true, false])('a WebSocket that gets a message of more than 1 MiB closes and says what admits more, binary: %s', async (binary) => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/m/stream`);
  socket.on('open', () => socket.send(ENDLESS, { binary }));
  const closed = await new Promise((resolve, reject) => {
    socket.on('message', (reply) => reject(new Error(String(reply))));
    socket.on('error', reject);
    socket.on('close', (code, reason) => resolve([code, reason.toString()]));
  });

  expect(closed).toEqual([1009, 'a message may have 1048576 bytes, see --max_front_body_bytes']);
});

test.each<[string, string, Buffer, RegExp]>([
  ['a message of a method that the front decodes', 'ModelMetadata', MESSAGE, /^the message has \d+ bytes, larger than the 1048576 that --max_front_body_bytes admits$/],
  ['to load a model', 'RepositoryModelLoad', MESSAGE, /1048576 that --max_front_body_bytes/],
  ['a message of more fields than can be passed over in a moment', 'ModelInfer', Buffer.alloc(2 << 20, Buffer.from([0x3a, 0])), /more than 100000 fields/],
])('gRPC: %s is refused', async (_, method, body, message) => {
  expect((await send({ path: `/inference.GRPCInferenceService/${method}`, body, transport: 'grpc' })).body.toString()).toMatch(message);
});

test('--max_front_body_bytes concerns no request that a runner may decode', async () => {
  const strict = await TestServer.start([folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT) }), '--max_front_body_bytes=300']);
  const headers = STRUCTURED;
  const small = await strict.call('/v1/models/m:predict', { body: structured(1), headers });
  const event = await strict.call('/v1/models/m:predict', { body: structured(100), headers });
  const rows = await strict.call('/v1/models/m:predict', { body: { instances: new Array(100).fill([1, 2]) as number[][] } });
  await strict.stop();

  expect([small.status, event.status, rows.status]).toEqual([200, 413, 200]);
});
