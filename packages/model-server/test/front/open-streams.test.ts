import { connect, Socket } from 'node:net';
import { WebSocket } from 'ws';
import { folderWith, TestServer } from '../support/server';

const MODEL = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'INT32', shape: [-1] } },
  outputs: { y: { datatype: 'INT32', shape: [-1] } },
  async *predict({ x }) { for (;;) { yield { y: x.data }; await new Promise((resolve) => setTimeout(resolve, 20)); } },
});
`;
const SLOW = "import { defineModel } from 'kserve-model-server'; export default defineModel({ predict: () => new Promise((resolve) => setTimeout(() => resolve({ predictions: [1] }), 3000)) });";
const BODY = JSON.stringify({ inputs: [{ name: 'x', datatype: 'INT32', shape: [1], data: [1] }] });

test('a stream that is opened while the server waits for its last requests ends at once', async () => {
  const server = await TestServer.start([folderWith({ 'm/model.mjs': MODEL, 'slow/model.mjs': SLOW })]);
  // accepted before the ports close, and not used yet
  const open = (): Promise<Socket> => new Promise((resolve) => { const socket = connect(server.httpPort, '127.0.0.1', () => resolve(socket)); });
  const [events, messages, metrics] = [await open(), await open(), await open()];
  const converse = (connection?: Socket): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/m/stream`, connection === undefined ? {} : { createConnection: () => connection });
  const early = converse();
  await new Promise((resolve) => early.once('open', resolve));
  early.send(BODY);
  await new Promise((resolve) => early.once('message', resolve));
  const last = server.call('/v1/models/slow:predict', { body: {} });
  await new Promise((resolve) => setTimeout(resolve, 300));
  server.child.kill('SIGTERM');
  const codes = [await new Promise((resolve) => early.once('close', resolve))];
  let reply = '';
  events.on('data', (chunk: Buffer) => { reply += chunk.toString(); });
  events.write(`POST /v2/models/m/generate_stream HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
  const ended = new Promise((resolve) => events.once('close', resolve));
  const late = converse(messages);
  const got: string[] = [];
  late.on('open', () => late.send(BODY));
  late.on('message', (message: Buffer) => got.push(message.toString()));
  codes.push(await new Promise((resolve) => late.once('close', resolve)));
  await ended;
  let counted = '';
  metrics.on('data', (chunk: Buffer) => { counted += chunk.toString(); });
  metrics.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await new Promise((resolve) => metrics.once('close', resolve));
  const { status } = await last;

  // what comes over a connection that is being closed begins nothing
  expect(counted).toMatch(/requests_total\{model_name="m",.*protocol="stream",outcome="cancelled"\} 2\n/);
  expect({ codes, got, status }).toEqual({ codes: [1001, 1001], got: [], status: 200 });
  expect(reply).toMatch(/^HTTP\/1\.1 503 [^]*\{"error":"the server is shutting down"\}$/);
  expect(await server.exited).toBe(0);
}, 60_000);

test('at the end a WebSocket gives the answers under way, takes no more messages and closes', async () => {
  const server = await TestServer.start([folderWith({ 'model.mjs': MODEL.replace(/async \*predict.*/, 'predict: ({ x }) => new Promise((resolve) => setTimeout(() => resolve({ y: x.data }), 1500)),') }), '--model_name=m']);
  const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/m/stream`);
  const replies: string[] = [];
  socket.on('message', (message: Buffer) => replies.push((JSON.parse(message.toString()) as { id: string }).id));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  const ask = (id: string): void => socket.send(JSON.stringify({ id, ...JSON.parse(BODY) as object }));
  ask('under way');
  await new Promise((resolve) => setTimeout(resolve, 200));
  server.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  ask('late');

  expect([await closed, replies, await server.exited]).toEqual([1001, ['under way'], 0]);
}, 30_000);
