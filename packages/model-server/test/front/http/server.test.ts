import http from 'node:http';
import { connect, Socket } from 'node:net';
import { parseFlags } from '../../../src/cli/flags';
import { ELEMENT } from '../../../src/engine/onnx/onnx-model';
import { FrontContext } from '../../../src/front/context';
import { Router } from '../../../src/front/http/router';
import { HttpFront } from '../../../src/front/http/server';
import { Metrics } from '../../../src/metrics/registry';
import { identityModel } from '../../support/models';
import { folderWith, TestServer } from '../../support/server';

test('a large reply that is being read when the server ends is whole', async () => {
  const server = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT, ['N']) }), '--model_name=m', '--max_rows=10000000']);
  const floats = Buffer.alloc(32 << 20, 1);
  const head = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [floats.length / 4], parameters: { binary_data_size: floats.length } }], parameters: { binary_data_output: true } });
  const socket = connect(server.httpPort, '127.0.0.1');
  let received = 0;
  socket.on('data', (chunk: Buffer) => { received += chunk.length; });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.pause();
  socket.write(`POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\nInference-Header-Content-Length: ${head.length}\r\nContent-Length: ${head.length + floats.length}\r\n\r\n${head}`);
  socket.write(floats);
  while (!/requests_total\{.*outcome="success".*\} 1\n/.test((await server.call('/metrics')).body.toString())) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stopped = server.stop();
  await new Promise((resolve) => setTimeout(resolve, 500));
  socket.resume();
  await ended;

  expect(received).toBeGreaterThan(floats.length);
  expect(await stopped).toBe(0);
}, 120_000);

/** What a connection gets until the server ends it, or until there is as much as is enough. */
function replyTo(port: number, request: string, enough?: (socket: Socket, reply: string) => void): Promise<string> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString();
      enough?.(socket, reply);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(reply));
  });
}

test.each([
  ['direct', 'infer HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc'],
  ["Node's", 'generate_stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc'],
])('a request that does not come to its end is given up with 408 (%s connection)', async (_, request) => {
  const { createServer } = http;
  const { setTimeout } = globalThis;
  const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((then: () => void, ms: number) => setTimeout(then, ms === 405_000 ? 300 : ms)) as typeof setTimeout);
  const metrics = new Metrics();
  let given: http.ServerOptions = {};
  const spy = jest.spyOn(http, 'createServer').mockImplementation(((options: http.ServerOptions, listener: http.RequestListener) => {
    given = options;
    return createServer({ ...options, headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 20 }, listener);
  }) as typeof createServer);
  const front = new HttpFront({ env: {}, settings: parseFlags(['--timeout_keep_alive=400'], {}).settings, metrics, registry: { ready: () => ({ metadata: {}, metrics: metrics.openModel('m', undefined) }) } } as unknown as FrontContext, undefined);
  spy.mockRestore();
  const port = await front.listen(0, '127.0.0.1');
  const reply = await replyTo(port, `POST /v2/models/m/${request}`);
  timers.mockRestore();
  front.destroy();
  await front.close(0);

  expect(reply).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*\r\n\r\n\{"error":"[^"]*"\}$/);
  expect(given).toMatchObject({ headersTimeout: 405_000, requestTimeout: 405_000, keepAlive: true, keepAliveInitialDelay: 60_000 });
});

test('bytes that are no request end a reply that is being sent, and nothing is written into it', async () => {
  const server = await TestServer.start([folderWith({
    'model.mjs': `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  async *predict({ x }) { for (;;) { yield { y: x.data }; await new Promise((resolve) => setTimeout(resolve, 20)); } },
});`,
  }), '--model_name=m']);
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] });
  let said = false;
  const reply = await replyTo(server.httpPort, `POST /v2/models/m/generate_stream HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`, (socket, got) => {
    if (!said && got.includes('data: ')) {
      said = true;
      socket.write('\0\0\r\n\r\n');
      setTimeout(() => socket.destroy(), 2000).unref();
    }
  });
  await server.stop();

  expect(reply).toMatch(/^HTTP\/1\.1 200 /);
  expect(reply).not.toContain('400');
}, 30_000);

describe('requests that are seldom seen', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) }), '--model_name=m']);
  }, 30_000);

  afterAll(() => server.stop());

  const body = '{"instances":[[1,2]]}';
  const chunked = `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  test('a target that is no path ends nothing, also on a connection that Node serves', async () => {
    let said = false;
    const reply = await replyTo(server.httpPort, `POST /v1/models/m:predict HTTP/1.1\r\nHost: a\r\n${chunked}`, (socket, got) => {
      if (!said && got.includes('predictions')) {
        said = true;
        socket.write('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      }
    });

    expect(reply).toMatch(/^HTTP\/1\.1 200 OK[^]*\{"predictions":\[\[1,2\]\]\}HTTP\/1\.1 404 Not Found[^]*\{"error":"there is nothing at OPTIONS \*"\}$/);
    expect((await server.call('/v2/health/live')).status).toBe(200);
  });

  test.each([
    ['a target with scheme and host, as for a proxy', 'POST http://a.example:8080/v1/models/m:predict HTTP/1.1\r\nHost: a\r\n', ''],
    ['an offer of HTTP/2, as of Java', 'POST /v1/models/m:predict HTTP/1.1\r\nHost: a\r\n', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n'],
  ])('%s is answered', async (_, head, headers) => {
    const reply = await replyTo(server.httpPort, `${head}${headers}Content-Length: ${body.length}\r\n\r\n${body}`, (socket, got) => {
      if (/\r\n\r\n./.test(got)) {
        socket.destroy();
      }
    });

    expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\{"predictions":\[\[1,2\]\]\}$/);
  });
});

test('a failure before a request has its handler ends that connection alone, and is told', async () => {
  const log = { error: jest.fn() };
  const front = new HttpFront({ env: {}, log, settings: parseFlags([], {}).settings, metrics: new Metrics() } as unknown as FrontContext, undefined);
  const port = await front.listen(0, '127.0.0.1');
  const request = 'OPTIONS /nothing HTTP/1.1\r\nHost: a\r\n\r\n';
  let find: jest.SpyInstance | undefined;
  // the first request gives the connection to Node's own server
  const heard = await replyTo(port, request, (socket) => {
    find ??= jest.spyOn(Router.prototype, 'find').mockImplementationOnce(() => { throw new TypeError('oh'); });
    socket.write(request);
  });
  find!.mockRestore();
  const next = await replyTo(port, 'GET /nothing HTTP/1.0\r\n\r\n');
  front.destroy();
  await front.close(0);

  expect(heard.match(/HTTP\/1\.1 404 /g)).toHaveLength(1);
  expect(next).toMatch(/^HTTP\/1\.1 404 /);
  expect(log.error).toHaveBeenCalledWith({ err: expect.objectContaining({ message: 'oh' }) }, 'a connection was ended by a failure');
});
