import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

const example = (name: string): string => readFileSync(join(__dirname, '..', '..', 'examples', `${name}.ts`), 'utf8');

const COUNTER = `
import { defineModel, InvalidInput, TooManyRequests, ModelNotReady } from 'kserve-model-server';
let ended = 0;
export default defineModel({
  inputs: { n: { datatype: 'INT32', shape: [1] } },
  outputs: { i: { datatype: 'INT32', shape: [1] }, ended: { datatype: 'INT32', shape: [1] } },
  async *predict({ n }, { signal }) {
    try {
      for (let i = 0; i < n.data[0]; i++) {
        if (i === 77 && n.data[0] === 100) throw new InvalidInput('77 is not liked');
        yield { i: [i], ended: [ended] };
      }
    } finally {
      ended++;
    }
  },
});
`;

const TROUBLE = `
import { defineModel, InvalidInput, TooManyRequests, ModelNotReady, Unsupported, NotFound } from 'kserve-model-server';
const kinds = { InvalidInput, TooManyRequests, ModelNotReady, Unsupported, NotFound, Error, TypeError };
export default defineModel({
  inputs: { what: { datatype: 'BYTES', shape: [1] } },
  outputs: { out: { datatype: 'FP32', shape: [-1] } },
  async predict({ what }, context) {
    const [text] = what.strings();
    if (text === 'hang') for (;;);
    if (text === 'wait') await new Promise((resolve) => setTimeout(resolve, 100_000));
    if (text === 'exit') process.exit(3);
    if (text === 'shape') return { out: { shape: [2, 2], data: [1, 2, 3, 4] } };
    if (text === 'missing') return {};
    if (text === 'header') return { out: [Number(context.headers['x-number'])] };
    if (text === 'parameter') return { out: [Number(context.parameters.p)] };
    if (text in kinds) throw new kinds[text]('as asked');
    return { out: [text.length] };
  },
  explain: (payload) => ({ explanations: payload.instances }),
});
`;

let server: TestServer;
let predictor: TestServer;
let transformer: TestServer;

beforeAll(async () => {
  [server, predictor] = await Promise.all([
    TestServer.start([folderWith({
      'house/model.ts': example('house-price'),
      'counter/model.mjs': COUNTER,
      'trouble/model.mjs': TROUBLE,
      'trouble/model.json': '{"limits":{"runSeconds":1}}',
      'onnx/model.onnx': identityModel(ELEMENT.FLOAT),
    })]),
    TestServer.start([folderWith({ 'words/model.onnx': identityModel(ELEMENT.FLOAT, ['N', 4]) })]),
  ]);
  transformer = await TestServer.start([folderWith({ 'model.ts': example('text-transformer') }), '--model_name=words', `--predictor_host=127.0.0.1:${predictor.httpPort}`]);
}, 60_000);

afterAll(async () => {
  await Promise.all([server.stop(), predictor.stop(), transformer.stop()]);
});

const what = (text: string): object => ({ instances: [text] });
const trouble = (text: string, headers?: { [name: string]: string }) => server.call('/v1/models/trouble:predict', { body: what(text), headers });

test('a model in TypeScript answers V1 and V2 alike', async () => {
  expect((await server.call('/v1/models/house:predict', { body: { instances: [{ area: 100, age: 10 }, { area: 50, age: 0 }] } })).json).toEqual({ predictions: [410500, 210000] });
  const client = new PredictorClient({ host: `127.0.0.1:${server.httpPort}`, protocol: 'v2' });
  const reply = await client.infer(new InferRequest('house', [InferTensor.of('area', 'FP32', [100]), InferTensor.of('age', 'INT32', [10])], { id: '1' }));
  client.close();

  expect([reply.id, reply.output('price').nested()]).toEqual(['1', [410500]]);
  expect((await server.call('/v2/models/house')).json).toMatchObject({ platform: 'javascript', inputs: [{ name: 'area', datatype: 'FP32', shape: [-1] }, { name: 'age' }], outputs: [{ name: 'price' }] });
});

test('the client speaks V1, V2 in JSON and binary, and gRPC, with equal answers', async () => {
  const request = new InferRequest('onnx', [new InferTensor('x', 'FP32', [2, 2], [1, 2, 3, 4.5])]);
  const rest = new PredictorClient({ host: `127.0.0.1:${server.httpPort}`, protocol: 'v2' });
  const grpc = new PredictorClient({ host: `127.0.0.1:${server.grpcPort}`, protocol: 'grpc-v2' });
  const answers = [await rest.infer(request, { binary: false }), await rest.infer(request), await grpc.infer(request)].map((reply) => reply.output('y').nested());

  expect(answers).toEqual(Array(3).fill([[1, 2], [3, 4.5]]));
  expect(await rest.predict('onnx', { instances: [[1, 2]] })).toEqual({ predictions: [[1, 2]] });
  await expect(rest.predict('nothing', {})).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('the predictor answered 404') });
  await expect(grpc.infer(new InferRequest('nothing', []))).rejects.toMatchObject({ code: 'not-found' });
  expect([await rest.isReady('onnx'), await rest.isReady('nothing'), await grpc.isReady('onnx')]).toEqual([true, false, true]);
  rest.close();
  grpc.close();
});

test('a predictor that cannot be connected to is tried again as often as told, then 503', async () => {
  const client = new PredictorClient({ host: '127.0.0.1:9', retries: 2 });

  await expect(client.predict('x', {})).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be reached') });
  client.close();
});

test.each([['InvalidInput', 400], ['TooManyRequests', 429], ['ModelNotReady', 503], ['Unsupported', 501], ['NotFound', 404], ['Error', 500], ['TypeError', 500]])('%s thrown by a model is %i', async (kind, status) => {
  expect(await trouble(kind)).toMatchObject({ status, json: { error: expect.stringContaining('as asked') } });
});

test.each([['shape', /declared as \[-1\], but the model gave \[2,2\]/], ['missing', /gave no output 'out'/]])('an output that breaks its declaration is 500 (%s)', async (kind, message) => {
  expect(await trouble(kind)).toMatchObject({ status: 500, json: { error: expect.stringMatching(message) } });
});

test('a model sees headers and parameters', async () => {
  expect((await trouble('header', { 'x-number': '42' })).json).toEqual({ predictions: [42] });
  expect((await server.call('/v2/models/trouble/infer', { body: { parameters: { p: 7 }, inputs: [{ name: 'what', datatype: 'BYTES', shape: [1], data: ['parameter'] }] } })).json.outputs[0].data).toEqual([7]);
});

test('explain is served where the model has it', async () => {
  expect((await server.call('/v1/models/trouble:explain', { body: { instances: [1] } })).json).toEqual({ explanations: [1] });
  expect((await server.call('/v1/models/house:explain', { body: { instances: [1] } })).status).toBe(501);
});

test('a model that hangs is ended by the watchdog with 504 and serves again', async () => {
  expect(await trouble('hang')).toMatchObject({ status: 504, json: { error: expect.stringContaining('took longer than 1 s') } });
  expect(await trouble('abc')).toMatchObject({ status: 200, json: { predictions: [3] } });
}, 15_000);

test('a caller\'s deadline ends only the caller\'s wait', async () => {
  const [late, fine] = await Promise.all([trouble('wait', { 'x-request-timeout-ms': '200' }), trouble('abcd')]);

  expect([late.status, late.json.error, fine.status]).toEqual([504, 'the deadline of the request has passed', 200]);
});

test('a model that ends its process answers 503 and serves again, and the server stays alive', async () => {
  expect(await trouble('exit')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect(await server.call('/v2/health/live')).toMatchObject({ status: 200 });
  expect(await trouble('abc')).toMatchObject({ status: 200, json: { predictions: [3] } });
}, 15_000);

test('a transformer in TypeScript works between caller and predictor', async () => {
  expect((await transformer.call('/v1/models/words:predict', { body: { instances: ['a good, great day', 'awful'] } })).json).toEqual({ predictions: ['positive', 'negative'] });
  expect(await transformer.call('/v1/models/words:predict', { body: { instances: [1] } })).toMatchObject({ status: 400 });
});

describe('streams', () => {
  const request = (n: number): object => ({ id: 's', inputs: [{ name: 'n', datatype: 'INT32', shape: [1], data: [n] }] });
  const events = (body: Buffer): string[] => body.toString().split('\n\n').filter((event) => event !== '');

  test('server-sent events carry one V2 reply each', async () => {
    const reply = await server.call('/v2/models/counter/generate_stream', { body: request(3) });

    expect(reply.headers['content-type']).toBe('text/event-stream');
    expect(events(reply.body).map((event) => JSON.parse(event.replace(/^data: /, '')).outputs[0].data)).toEqual([[0], [1], [2]]);
  });

  test('V1 streams when asked for events', async () => {
    const reply = await server.call('/v1/models/counter:predict', { body: { instances: [2] }, headers: { accept: 'text/event-stream' } });

    expect(events(reply.body).map((event) => JSON.parse(event.replace(/^data: /, '')).predictions.map((row: { i: number }) => row.i))).toEqual([[0], [1]]);
  });

  test('a failure amid a stream is an error event', async () => {
    const reply = await server.call('/v2/models/counter/generate_stream', { body: request(100) });

    expect(events(reply.body)).toHaveLength(78);
    expect(events(reply.body).at(-1)).toBe('event: error\ndata: {"error":"77 is not liked"}');
  });

  test('a model that does not stream is 501', async () => {
    expect(await server.call('/v2/models/house/generate_stream', { body: { inputs: [{ name: 'area', datatype: 'FP32', shape: [1], data: [1] }, { name: 'age', datatype: 'INT32', shape: [1], data: [1] }] } })).toMatchObject({ status: 501 });
  });

  test('a reader that leaves ends the generator', async () => {
    const ended = async (): Promise<number> => JSON.parse(events((await server.call('/v2/models/counter/generate_stream', { body: request(1) })).body)[0]!.slice(6)).outputs[1].data[0] as number;
    const before = await ended();
    await new Promise<void>((resolve) => {
      const req = httpRequest({ port: server.httpPort, path: '/v2/models/counter/generate_stream', method: 'POST' }, (res) => {
        res.once('data', () => {
          req.destroy();
          resolve();
        });
        res.on('error', () => undefined);
      });
      req.on('error', () => undefined);
      req.end(JSON.stringify(request(50_000_000)));
    });

    let now = before;
    for (let i = 0; i < 100 && now < before + 2; i++) {
      // each question ends a stream of its own
      now = await ended() - i;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(now).toBe(before + 2);
  });

  test('a WebSocket answers text by text and binary by binary, with the id', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/counter/stream`);
    const messages: unknown[] = [];
    const done = new Promise<void>((resolve) => socket.on('message', (data: Buffer, isBinary: boolean) => {
      messages.push(isBinary ? JSON.parse(data.subarray(4, 4 + data.readUInt32LE(0)).toString()).id : JSON.parse(data.toString()));
      if (messages.length === 5) {
        resolve();
      }
    }));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(JSON.stringify(request(2)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const json = Buffer.from(JSON.stringify({ id: 'b', inputs: [{ name: 'n', datatype: 'INT32', shape: [1], parameters: { binary_data_size: 4 } }] }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    socket.send(Buffer.concat([length, json, Buffer.from([1, 0, 0, 0])]));
    await done;
    socket.close();

    expect(messages).toEqual([
      expect.objectContaining({ id: 's', model_name: 'counter' }), expect.objectContaining({ id: 's' }), { id: 's', final: true }, 'b', { id: 'b', final: true },
    ]);
  });

  test('a WebSocket for an unknown model is refused', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/nothing/stream`);

    expect(await new Promise((resolve) => socket.on('error', (error) => resolve(error.message)))).toBe('Unexpected server response: 404');
  });
});

test.each([
  ['TypeScript that is more than types', 'enum Color { Red }\nexport default 1;', /more than types, such as enum/],
  ['no model', 'export const x = 1;', /exports no model/],
  ['a missing import', "import 'no-such-package-anywhere';\nexport default 1;", /imports what is not there.*kserve-model-server build/],
])('a module with %s is refused at start with the reason', async (_, source, message) => {
  await expect(TestServer.start([folderWith({ 'model.ts': source })])).rejects.toThrow(message);
}, 20_000);

test('a model whose load fails is told with its stack, and the server ends without a wait for requests that never came', async () => {
  const model = "import { defineModel } from 'kserve-model-server';\nconst weights = () => { throw new TypeError('no weights'); };\nexport default defineModel({ load: () => weights(), predict: () => 1 });\n";

  await expect(TestServer.start([folderWith({ 'model.ts': model }), '--drain_delay_seconds=30'])).rejects.toThrow(/"stack":"TypeError: no weights\\n {4}at weights \(file:.*model\.ts:2:.*cannot be loaded: no weights/);
}, 20_000);

describe('a reply of free form', () => {
  const FREE = "import { defineModel } from 'kserve-model-server';\nexport default defineModel({ predict: ({ instances: [kind] }: { readonly instances: readonly string[] }) => (kind === 'nothing' ? undefined : { predictions: Float32Array.of(1, NaN, 0.5), ids: BigInt64Array.of(9007199254740993n) }) });\n";
  let free: TestServer;

  beforeAll(async () => { free = await TestServer.start([folderWith({ 'model.ts': FREE }), '--model_name=m']); });
  afterAll(() => free.stop());

  test('has typed arrays as lists', async () => {
    const { status, body } = await free.call('/v1/models/m:predict', { body: { instances: ['arrays'] } });

    expect([status, body.toString()]).toEqual([200, '{"predictions":[1,null,0.5],"ids":[9007199254740993]}']);
  });

  test('that is forgotten is the failure of the model', async () => {
    expect(await free.call('/v1/models/m:predict', { body: { instances: ['nothing'] } })).toMatchObject({ status: 500, json: { error: 'the model must return its reply, such as { predictions: [] }, but returned undefined' } });
  });
});

describe('on another Node.js', () => {
  const model = "import { defineModel } from 'kserve-model-server';\nexport default defineModel({ predict: (payload: { readonly instances: unknown }) => ({ predictions: payload.instances }) });\n";

  test('that reads TypeScript only when told to, a model in TypeScript is served', async () => {
    const other = await TestServer.start([folderWith({ 'model.ts': model }), '--model_name=m'], { execArgv: ['--no-experimental-strip-types'] });
    const reply = await other.call('/v1/models/m:predict', { body: { instances: [1] } });
    await other.stop();

    expect(reply).toMatchObject({ status: 200, json: { predictions: [1] } });
  }, 60_000);

  test('that is too old the server says so', async () => {
    const old = ['--import', "data:text/javascript,import m from 'node:module'; delete m.registerHooks;"];

    await expect(TestServer.start([folderWith({ 'model.ts': model })], { execArgv: old })).rejects.toThrow(`kserve-model-server: Node.js 22.15 or later is needed; this is ${process.version}`);
  });
});
