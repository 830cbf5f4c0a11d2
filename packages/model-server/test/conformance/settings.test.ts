import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { irisModel } from '../../src/examples/iris';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

const IRIS = { instances: [[5.1, 3.5, 1.4, 0.2]] };
const FLOAT = identityModel(ELEMENT.FLOAT);

test('MODEL_INIT_MODE=async waits for the directory, not ready and alive meanwhile', async () => {
  const parent = folderWith({});
  const server = await TestServer.start([join(parent, 'models'), '--model_name=m'], { env: { MODEL_INIT_MODE: 'async' }, until: 'listening' });
  const early = [await server.call('/v2/health/ready'), await server.call('/v2/health/live'), await server.call('/v1/models/m:predict', { body: IRIS })];
  const loaded = new Promise<void>((resolve) => server.child.on('message', ({ event }: { event: string }) => (event === 'loaded' ? resolve() : undefined)));
  mkdirSync(join(parent, 'new'));
  writeFileSync(join(parent, 'new', 'model.onnx'), irisModel());
  renameSync(join(parent, 'new'), join(parent, 'models'));
  await loaded;
  const late = await server.call('/v1/models/m:predict', { body: IRIS });
  await server.stop();

  expect(early.map(({ status }) => status)).toEqual([503, 200, 404]);
  expect(late.json).toEqual({ predictions: ['setosa'] });
}, 30_000);

test('MODEL_INIT_MODE=async gives up after --model_wait_seconds', async () => {
  const server = await TestServer.start([join(folderWith({}), 'models'), '--model_wait_seconds=0.3'], { env: { MODEL_INIT_MODE: 'async' }, until: 'listening' });

  expect(await server.exited).toBe(1);
  expect(server.output).toContain('did not appear within 0.3 s (--model_wait_seconds)');
}, 30_000);

test('PREDICT_PROBA makes a classifier answer probabilities on V1', async () => {
  const server = await TestServer.start([folderWith({ 'model.onnx': irisModel() }), '--model_name=m'], { env: { PREDICT_PROBA: 'true' } });
  const { json } = await server.call('/v1/models/m:predict', { body: IRIS });
  await server.stop();

  expect(json.predictions[0]).toHaveLength(3);
  expect(json.predictions[0].indexOf(Math.max(...json.predictions[0]))).toBe(0);
}, 30_000);

test('load and unload need the token of --admin_token_file, over REST; it is read anew each time', async () => {
  const folder = folderWith({ 'm/model.onnx': FLOAT });
  const token = join(folderWith({ token: 'first\n' }), 'token');
  const server = await TestServer.start([folder, '--multi_model', `--admin_token_file=${token}`]);
  const load = async (authorization?: string): Promise<number> =>
    (await server.call('/v2/repository/models/m/load', { body: {}, headers: authorization === undefined ? {} : { authorization } })).status;
  const statuses = [await load(), await load('Bearer wrong'), await load('first'), await load('Bearer first')];
  writeFileSync(token, 'second');
  statuses.push(await load('Bearer first'), await load('Bearer second'));
  const index = (await server.call('/v2/repository/index', { body: {} })).status;
  await server.stop();

  expect({ statuses, index }).toEqual({ statuses: [401, 401, 401, 200, 401, 200], index: 200 });
}, 30_000);

test('idle connections are kept for longer than Envoy keeps its own', async () => {
  const server = await TestServer.start([folderWith({ 'model.onnx': FLOAT })]);
  const { headers } = await server.call('/v2/health/live');
  await server.stop();

  expect(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))![1])).toBeGreaterThan(65);
}, 30_000);

test('a transformer forwards the headers that trace and authorise, and no others', async () => {
  const seen: { [name: string]: unknown }[] = [];
  const predictor = createServer((req, res) => {
    seen.push(req.headers);
    req.resume();
    res.setHeader('content-type', 'application/json').end('{"predictions":[1]}');
  });
  await new Promise<void>((resolve) => predictor.listen(0, '127.0.0.1', resolve));
  const server = await TestServer.start([
    folderWith({ 'model.mjs': "import { defineModel } from 'kserve-model-server'; export default defineModel({ preprocess: (body) => body });" }),
    '--model_name=m', `--predictor_host=127.0.0.1:${(predictor.address() as AddressInfo).port}`,
  ]);
  const forwarded = {
    'x-request-id': 'r1',
    'authorization': 'Bearer t',
    'traceparent': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'tracestate': 'a=b',
    'baggage': 'tenant=acme',
    'x-b3-traceid': '1',
    'x-b3-spanid': '2',
    'x-b3-parentspanid': '3',
    'x-b3-sampled': '1',
    'x-b3-flags': '0',
    'b3': '1-2-1',
  };
  await server.call('/v1/models/m:predict', { body: { instances: [1] }, headers: { ...forwarded, 'cookie': 'secret', 'x-other': 'no' } });
  await server.stop();
  predictor.closeAllConnections();
  predictor.close();

  expect(seen[0]).toEqual({ ...forwarded, 'host': expect.any(String), 'connection': 'keep-alive', 'content-type': 'application/json', 'content-length': '17' });
}, 30_000);

describe('a WebSocket ends with', () => {
  const MODEL = `
import { defineModel, TooManyRequests } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'INT32', shape: [-1] } },
  outputs: { y: { datatype: 'INT32', shape: [-1] } },
  async *predict({ x }) {
    if (x.data[0] === 1) throw new Error('oh');
    if (x.data[0] === 2) throw new TooManyRequests('later');
    yield { y: [x.data[0]] };
    await new Promise((resolve) => setTimeout(resolve, x.data[0] === 3 ? 60_000 : 0));
  },
});
`;
  const body = (value: number): string => JSON.stringify({ id: 'i', inputs: [{ name: 'x', datatype: 'INT32', shape: [1], data: [value] }] });

  test.each([
    ['1011 when the model fails', 1, 1011],
    ['1013 when there is no room', 2, 1013],
    ['1001 when the server stops', 3, 1001],
    ['1000 when the caller has enough', 0, 1000],
  ])('%s', async (_, value, code) => {
    const server = await TestServer.start([folderWith({ 'model.mjs': MODEL }), '--model_name=m']);
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/v2/models/m/stream`);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.on('open', () => socket.send(body(value)));
    socket.on('message', () => {
      if (value === 3) {
        server.child.kill('SIGTERM');
      } else if (value === 0) {
        socket.close(1000);
      }
    });

    expect(await closed).toBe(code);
    await server.stop();
  }, 30_000);
});

test('callers whom the drain cannot wait for are answered 503, and the exit is clean', async () => {
  const slow = "import { defineModel } from 'kserve-model-server'; export default defineModel({ predict: () => new Promise((resolve) => setTimeout(resolve, 60_000)) });";
  const server = await TestServer.start([folderWith({ 'model.mjs': slow }), '--model_name=m', '--drain_timeout_seconds=1']);
  const call = server.call('/v1/models/m:predict', { body: {} });
  await new Promise((resolve) => setTimeout(resolve, 300));
  server.child.kill('SIGTERM');

  expect((await call).status).toBe(503);
  expect(await server.exited).toBe(0);
}, 30_000);
