import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { ELEMENT } from '../../../src/engine/onnx/onnx-model';
import { identityModel } from '../../support/models';
import { folderWith, runnersOf, TestServer } from '../../support/server';

const declared = (predict: string): string => `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  ${predict}
});
`;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'whole/model.mjs': declared('predict: ({ x }) => ({ y: x.data.map((value) => value / 0) }),'),
    'pieces/model.mjs': declared('async *predict({ x }) { yield { y: x.data }; yield { y: x.data.map((value) => value / 0) }; },'),
    'endless/model.mjs': declared('async *predict({ x }) { for (;;) { yield { y: x.data }; await new Promise((resolve) => setTimeout(resolve, 20)); } },'),
    'broken/model.mjs': declared("async *predict({ x }) { yield { y: x.data }; throw new TypeError('oh'); },"),
    'waits/model.mjs': declared('async predict({ x }) { await new Promise((resolve) => setTimeout(resolve, x.data[0])); return { y: x.data }; },'),
    'names/model.mjs': declared('predict: (_, { headers }) => ({ y: { shape: [1], data: [0] }, names: Object.keys(headers).sort() }),').replace('outputs: {', "outputs: { names: { datatype: 'BYTES', shape: [-1] },"),
    'cached/model.onnx': identityModel(ELEMENT.FLOAT, ['N']),
    'cached/model.json': '{"deterministic":true}',
    'many/1/model.onnx': identityModel(ELEMENT.FLOAT, ['N']),
    'many/2/model.onnx': identityModel(ELEMENT.FLOAT, ['N']),
    'again/model.onnx': identityModel(ELEMENT.FLOAT, ['N']),
  }), '--max_rows=3']);
}, 60_000);

afterAll(() => server.stop());

const input = (...data: number[]): { inputs: object[] } => ({ inputs: [{ name: 'x', datatype: 'FP32', shape: [data.length], data }] });

interface Conversation {
  readonly replies: string[];
  readonly code: number;
}

/** Says these messages and hears until the connection closes, or ends it after so many replies. */
function converse(model: string, messages: readonly object[], enough = Infinity, headers = {}): Promise<Conversation> {
  return new Promise((resolve, reject) => {
    const replies: string[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/${model}/stream`, { headers });
    socket.on('open', () => messages.forEach((message) => socket.send(JSON.stringify(message))));
    socket.on('message', (message: Buffer) => {
      replies.push(message.toString());
      if (replies.length === enough) {
        socket.close(1000);
      }
    });
    socket.on('error', reject);
    socket.on('close', (code) => resolve({ replies, code }));
  });
}

async function counted(model: string, protocol: string, outcome: string): Promise<number> {
  const metrics = (await server.call('/metrics')).body.toString();
  return Number(new RegExp(`^model_server_requests_total\\{(?=.*model_name="${model}")(?=.*protocol="${protocol}")(?=.*outcome="${outcome}").*\\} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
}

async function inFlight(): Promise<string> {
  return /in_flight\S* (\d+)\n/.exec((await server.call('/metrics')).body.toString())![1]!;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await done()) && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.each([['whole', 'v2', 1], ['pieces', 'stream', 2]])('a reply that JSON cannot say is an error of its own, and the runner lives: %s', async (model, protocol, replies) => {
  const runners = runnersOf(server);
  const conversation = await converse(model, [input(1)]);

  expect(conversation.code).toBe(1011);
  expect(conversation.replies.length).toBe(replies);
  expect(JSON.parse(conversation.replies.at(-1)!)).toEqual({ error: expect.stringMatching(/'y'.*binary/) });
  expect(runnersOf(server)).toEqual(runners);
  expect(await counted(model, protocol, 'server_error')).toBe(1);
  expect(await inFlight()).toBe('0');
}, 20_000);

test('messages to a model that does not stream are counted, good and bad', async () => {
  const { replies, code } = await converse('cached', [input(1, 2), { inputs: 1 }, input(1, 2, 3, 4)], 3);

  expect(replies.sort().map((reply) => Object.keys(JSON.parse(reply) as object))).toEqual([['error'], ['error'], ['model_name', 'outputs']]);
  expect(replies[1]).toContain('4 rows');
  expect(code).toBe(1000);
  expect([await counted('cached', 'v2', 'success'), await counted('cached', 'v2', 'client_error')]).toEqual([1, 2]);
});

test('a connection outlives its model: each message goes to the model as it is then', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/again/stream`);
  await new Promise((resolve) => socket.once('open', resolve));
  const change = (action: string): Promise<unknown> => server.call(`/v2/repository/models/again/${action}`, { body: {} });
  const ask = (): Promise<string[]> => new Promise((resolve) => {
    socket.once('message', (message: Buffer) => resolve(Object.keys(JSON.parse(message.toString()) as object)));
    socket.once('close', (code) => resolve([`closed with ${code}`]));
    socket.send(JSON.stringify(input(1)));
  });
  const answers = [await ask()];
  for (const actions of [['load', 'load'], ['unload'], ['load']]) {
    for (const action of actions) { // the second load begins when the first version is gone
      await change(action);
    }
    answers.push(await ask());
  }
  socket.close();

  expect(answers).toEqual([['model_name', 'outputs'], ['model_name', 'outputs'], ['error'], ['model_name', 'outputs']]);
});

test.each([
  ['cached', 'open'], ['%63ached', 'open'], ['%zz', 'Unexpected server response: 404'], ['cached/versions/%31', 'Unexpected server response: 404'], ['cached/versions/%zz', 'Unexpected server response: 404'],
  ['many/versions/%32', 'open'], ['many/versions/3', 'Unexpected server response: 404'],
])('the path of a WebSocket is read as any other: %s', async (path, outcome) => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/${path}/stream`);
  const got = await new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('error', (error) => resolve(error.message));
  });
  socket.close();

  expect(got).toBe(outcome);
});

test('a stream with more rows than admitted is refused', async () => {
  const before = await counted('endless', 'stream', 'client_error');
  const reply = await server.call('/v2/models/endless/generate_stream', { body: input(1, 2, 3, 4) });
  const malformed = await server.call('/v2/models/endless/generate_stream', { body: '{' });

  expect([reply.status, reply.json.error, malformed.status]).toEqual([400, expect.stringContaining('4 rows'), 400]);
  expect(await counted('endless', 'stream', 'client_error')).toBe(before + 2);
});

test('a stream that its caller leaves is counted as cancelled', async () => {
  const before = await counted('endless', 'stream', 'cancelled');
  await converse('endless', [input(1)], 2);
  await until(async () => await counted('endless', 'stream', 'cancelled') > before);

  expect(await counted('endless', 'stream', 'cancelled')).toBe(before + 1);
});

test('a failure that ends a stream is logged once, with the id of its request and the stack', async () => {
  const logged = (id: string): unknown[] => server.output.split('\n').filter((line) => line.includes(`"requestId":"${id}"`)).map((line) => JSON.parse(line) as unknown);
  await server.call('/v2/models/broken/generate_stream', { body: input(1), headers: { 'x-request-id': 'events' } });
  await server.call('/v1/models/broken:predict', { body: { instances: 1 }, headers: { 'accept': 'text/event-stream', 'x-request-id': 'mistake' } });
  await converse('broken', [input(1)], Infinity, { 'x-request-id': 'messages' });
  await until(() => Promise.resolve(logged('messages').length > 0));
  const line = { level: 50, model: 'broken', protocol: 'stream', msg: 'TypeError : oh', stack: expect.stringContaining('model.mjs') };

  expect(['events', 'mistake', 'messages'].map(logged)).toEqual([[expect.objectContaining(line)], [], [expect.objectContaining(line)]]);
}, 20_000);

test('a stream is in flight until it ends or is left', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/endless/stream`);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify(input(1)));
  await new Promise((resolve) => socket.once('message', resolve));
  const during = await inFlight();
  socket.close();
  await until(async () => await inFlight() === '0');

  expect([during, await inFlight()]).toEqual(['1', '0']);
});

test.each([
  ['REST', () => server.call('/v2/models/names/infer', { body: { ...input(1), outputs: [{ name: 'names' }] }, headers: { 'content-type': 'application/json', 'te': 'trailers', 'trailer': 'x-sum', 'x-mine': 'a' } }).then(({ json }) => json as unknown), ['content-type', 'x-mine']],
  ['WebSocket', () => converse('names', [{ ...input(1), outputs: [{ name: 'names' }] }], 1, { 'te': 'trailers', 'x-mine': 'a' }).then(({ replies }) => JSON.parse(replies[0]!) as unknown), ['x-mine']],
])('user code sees the headers of its caller, not those of the connection: %s', async (_, ask, names) => {
  const { outputs } = await ask() as { readonly outputs: readonly { readonly data: readonly string[] }[] };

  expect(outputs[0]!.data).toEqual(names);
});

test("a message's deadline is an error of that message: the connection and what else is said on it go on", async () => {
  const { replies, code } = await converse('waits', [{ id: 'long', ...input(5000) }, { id: 'short', ...input(1) }, { id: 'after', ...input(2) }], 3, { 'x-request-timeout-ms': '1000' });

  expect(code).toBe(1000);
  expect(replies.map((reply) => JSON.parse(reply) as unknown)).toEqual([
    expect.objectContaining({ id: 'short', outputs: [expect.objectContaining({ data: [1] })] }),
    expect.objectContaining({ id: 'after', outputs: [expect.objectContaining({ data: [2] })] }),
    { id: 'long', error: 'the deadline of the request has passed' },
  ]);
  expect(await counted('waits', 'v2', 'timeout')).toBe(1);
}, 20_000);

test("a caller's deadline ends a stream, and nothing else of its connection", async () => {
  const patience = { 'x-request-timeout-ms': '300' };
  const events = await server.call('/v2/models/endless/generate_stream', { body: input(1), headers: patience });
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/endless/stream`, { headers: patience });
  await new Promise((resolve) => socket.once('open', resolve));
  /** Asks, and tells what came until the error. */
  const ask = (id: string): Promise<string> => new Promise((resolve) => {
    const forms = new Set<string>();
    socket.on('close', (code) => resolve(`closed with ${code}`));
    socket.on('message', (message: Buffer) => {
      const reply = JSON.parse(message.toString()) as { id: string; error?: string };
      if (reply.id === id) {
        forms.add(reply.error ?? 'pieces');
        if (reply.error !== undefined) {
          resolve([...forms].join(', '));
        }
      }
    });
    socket.send(JSON.stringify({ id, ...input(1) }));
  });
  const first = ask('first');
  await new Promise((resolve) => setTimeout(resolve, 150));
  const ends = await Promise.all([first, ask('second')]);
  socket.close();

  expect(events.body.toString()).toMatch(/event: error\ndata: \{"error":"the deadline of the request has passed"\}\n\n$/);
  expect(ends).toEqual(Array(2).fill('pieces, the deadline of the request has passed'));
  expect(await counted('endless', 'stream', 'timeout')).toBe(3);
}, 20_000);

test.each(['1e12', '1e400'])('a caller may be as patient as it likes: %s', async (patience) => {
  expect((await server.call('/v2/models/cached/infer', { body: input(Number(patience.length)), headers: { 'x-request-timeout-ms': patience } })).status).toBe(200);
});

test('who reads no replies is heard no further until it does', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/cached/stream`);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.pause();
  const message = JSON.stringify({ ...input(1), id: 'i'.repeat(500_000) });
  for (let i = 0; i < 100; i++) {
    socket.send(message);
  }
  let before = Infinity;
  while (socket.bufferedAmount > 0 && socket.bufferedAmount < before) {
    before = socket.bufferedAmount;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const unheard = socket.bufferedAmount;
  let replies = 0;
  const all = new Promise<void>((resolve) => socket.on('message', () => {
    replies++;
    if (replies === 100) {
      resolve();
    }
  }));
  socket.resume();
  await all;
  socket.close();

  expect(unheard).toBeGreaterThan(20_000_000);
}, 30_000);

test.each(['/v2/models/waits/stream', '/v2/models/absent/stream'])('an upgrade to %s behind a request without a reply yet ends the connection: its reply would be taken for the other', async (path) => {
  const body = JSON.stringify(input(100));
  const heard = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(server.httpPort, '127.0.0.1', () => socket.write(
      // in chunks, which Node's own server takes
      `POST /v2/models/waits/infer HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      + `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    ));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });

  expect(heard).toBe('');
  expect((await server.call('/v2/models/waits/infer', { body: input(0) })).status).toBe(200);
});
