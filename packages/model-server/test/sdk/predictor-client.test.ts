import { createServer as createHttpServer, IncomingHttpHeaders } from 'node:http';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

let server: Server;
let client: PredictorClient;
let heads: string[];

/** A server that answers each request, by its number, with what `answer` does. */
async function start(answer: (socket: Socket, request: number) => void): Promise<void> {
  heads = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      // a head and its body may come apart
      const text = chunk.toString('latin1');
      if (/^(GET|POST) /.test(text)) {
        heads.push(text.split(' ')[0]!);
        answer(socket, heads.length);
      }
    });
  });
  await listen();
}

async function listen(protocol?: 'v2'): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new PredictorClient({ host: `127.0.0.1:${(server.address() as AddressInfo).port}`, protocol });
}

afterEach(() => {
  client.close();
  server.close();
});

const resetsSecond = (socket: Socket, request: number): void => {
  if (request === 2) {
    socket.resetAndDestroy();
  } else {
    socket.write(OK);
  }
};

test('a prediction whose kept connection is reset is not sent again', async () => {
  await start(resetsSecond);
  await client.predict('m', {});

  await expect(client.predict('m', {})).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be reached') });
  expect(heads).toEqual(['POST', 'POST']);
});

test('a question that changes nothing is sent again on another connection', async () => {
  await start(resetsSecond);
  await client.predict('m', {});

  expect(await client.metadata('m')).toEqual({});
  expect(heads).toEqual(['POST', 'GET', 'GET']);
});

test.each([
  ['whole', (socket: Socket) => socket.write(OK)],
  ['cut off', (socket: Socket) => { socket.write(OK.slice(0, -1)); setTimeout(() => socket.destroy(), 20); }],
  ['missing', (socket: Socket) => socket.destroy()],
])('no timer is left by a reply that is %s', async (_, answer) => {
  await start(answer as (socket: Socket) => void);
  const timers = jest.spyOn(global, 'setTimeout');
  await client.predict('m', {}).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const left = timers.mock.results.filter((result, i) => timers.mock.calls[i]![1] === 600_000 && !(result.value as { _destroyed: boolean })._destroyed);
  const begun = timers.mock.calls.filter(([, ms]) => ms === 600_000).length;
  timers.mockRestore();

  expect([begun, left.length]).toEqual([1, 0]);
});

describe('a V1 body', () => {
  /** What comes of a call whose reply is `{}`. */
  async function bodyOf(body: object): Promise<string> {
    let sent = '';
    server = createHttpServer((req, res) => {
      req.on('data', (chunk: Buffer) => { sent += chunk.toString(); });
      req.on('end', () => res.end('{}'));
    });
    await listen();
    await client.predict('m', body);
    return sent;
  }

  test('holds 64-bit integers exactly', async () => {
    expect(await bodyOf({ instances: [[9007199254740993n]] })).toBe('{"instances":[[9007199254740993]]}');
  });

  test('has the data of a tensor as a list', async () => {
    expect(await bodyOf({ instances: InferTensor.of('x', 'FP32', [1, 2]).data })).toBe('{"instances":[1,2]}');
  });

  test('is made of a request with one tensor', async () => {
    expect(await bodyOf(new InferRequest('m', [InferTensor.of('x', 'INT64', [[9007199254740993n, -1]])]))).toBe('{"instances":[[9007199254740993,-1]]}');
  });

  test.each([
    ['several tensors', [InferTensor.of('x', 'FP32', [1]), InferTensor.of('y', 'FP32', [1])], /V1 cannot carry this request of 2 tensors/],
    ['half-precision floats', [new InferTensor('x', 'FP16', [1], Uint16Array.of(1))], /'x' is FP16, which has no JSON form/],
    ['infinity', [InferTensor.of('x', 'FP32', [Infinity])], /'x' holds Infinity, which JSON cannot express/],
  ])('is not made of %s', async (_, tensors, message) => {
    await expect(bodyOf(new InferRequest('m', tensors))).rejects.toThrow(message);
  });
});

test.each<[string, () => Promise<unknown>, string]>([
  ['V1', () => client.predict('m', {}), '{"predictions"'],
  ['metadata', () => client.metadata('m'), ''],
  ['V2', () => client.infer(new InferRequest('m', [])), '{"outputs":[{"name":"y","shape":[2],"datatype":"FP32","data":[1]}]}'],
])('a reply of %s that cannot be read is the failure of the predictor', async (_, call, body) => {
  server = createHttpServer((req, res) => req.resume().on('end', () => res.end(body)));
  await listen('v2');

  await expect(call()).rejects.toMatchObject({ code: 'inference', message: expect.stringContaining("the predictor's reply cannot be read") });
});

test.each([
  ['503, with the wait it asks for', 503, { 'retry-after': '9' }, '{"error":"x"}', { code: 'unavailable', retryAfterSeconds: 9, message: 'the predictor answered 503: x' }],
  ['429, with no wait where it gives a date', 429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '{"error":"x"}', { code: 'exhausted', retryAfterSeconds: undefined, message: 'the predictor answered 429: x' }],
  ['500 in the form of another server', 500, {}, '{"detail":"x"}', { code: 'internal', message: 'the predictor answered 500' }],
  ['a redirection, for which the caller is not to blame', 301, { location: '/' }, '', { code: 'inference', message: 'the predictor answered 301' }],
])('an answer of %s is told', async (_, status, headers, body, failure) => {
  server = createHttpServer((req, res) => req.resume().on('end', () => res.writeHead(status, headers as { [name: string]: string }).end(body)));
  await listen();

  await expect(client.predict('m', {})).rejects.toMatchObject(failure);
});

test.each([
  ['before the call', () => AbortSignal.abort(), []],
  ['during the call', () => AbortSignal.timeout(100), ['POST']],
])('a signal that is aborted %s cancels it', async (_, signal, sent) => {
  await start(() => undefined);

  await expect(client.predict('m', {}, { signal: signal() })).rejects.toMatchObject({ code: 'cancelled' });
  expect(heads).toEqual(sent);
});

test('who is asked whether a model is ready sees the key, and has five seconds', async () => {
  const limits: number[] = [];
  const { timeout } = AbortSignal;
  const spy = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    limits.push(ms);
    return timeout.call(AbortSignal, 100);
  });
  let authorized = 0;
  server = createHttpServer((req, res) => {
    if (req.headers.authorization === 'Bearer secret' && authorized++ === 0) { // the second is never answered
      res.end('{}');
    }
  });
  await listen();
  client.close();
  client = new PredictorClient({ host: `127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'secret' });
  const answers = [await client.isReady('m'), await client.isReady('m')];
  spy.mockRestore();

  expect([answers, limits]).toEqual([[true, false], [5000, 5000]]);
});

describe('the headers of a call', () => {
  /** What a predictor sees of a call with these headers. */
  async function sent(headers: { readonly [name: string]: string | undefined }, apiKey?: string): Promise<IncomingHttpHeaders> {
    let seen: IncomingHttpHeaders = {};
    server = createHttpServer((req, res) => {
      seen = req.headers;
      req.resume().on('end', () => res.end('{}'));
    });
    await listen();
    client.close();
    client = new PredictorClient({ host: `127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey });
    await client.predict('m', { instances: [] }, { headers });
    return seen;
  }
  const own = { 'connection': 'keep-alive', 'content-type': 'application/json', 'content-length': '16', 'host': expect.stringMatching(/^127\.0\.0\.1:/) };

  test('are sent as they are given, whatever the case of their names', async () => {
    expect(await sent({ 'X-Tenant': 'acme', 'Authorization': 'Bearer t', 'TraceParent': '00-a-b-01', 'cookie': 'c=1', 'x-none': undefined })).toEqual({ ...own, 'x-tenant': 'acme', 'authorization': 'Bearer t', 'traceparent': '00-a-b-01', 'cookie': 'c=1' });
  });

  test('leave out what tells of a connection, a body or the replies that can be read', async () => {
    const names = ['Connection', 'Keep-Alive', 'Proxy-Connection', 'TE', 'Trailer', 'Transfer-Encoding', 'Upgrade', 'HTTP2-Settings', 'Expect', 'Host', 'Accept', 'Accept-Encoding', 'Content-Type', 'Content-Length', 'Content-Encoding', 'Inference-Header-Content-Length', 'Sec-WebSocket-Key', 'grpc-timeout', 'te'];

    expect(await sent(Object.fromEntries(names.map((name) => [name, '7'])))).toEqual(own);
  });

  test('give way to the key of the client', async () => {
    expect((await sent({ Authorization: 'Bearer caller' }, 'secret')).authorization).toBe('Bearer secret');
  });

  test('that HTTP cannot carry are told, and are no failure of the connection', async () => {
    await expect(sent({ 'x-text': 'a\nb' })).rejects.toThrow('Invalid character in header content ["x-text"]');
  });
});

test.each([
  ['whose scheme contradicts useSsl', { host: 'http://predictor', useSsl: true }, "the predictor's host 'http://predictor' says no TLS, but useSsl (--predictor_use_ssl) asks for it; write https:// or leave the scheme out"],
  ['with a path', { host: 'http://gateway/models/' }, "the predictor's host 'http://gateway/models/' is more than a host, but models are called at its root; write name:port, with https:// before it for TLS"],
  ['that is none', { host: 'my predictor:80' }, "the predictor's host 'my predictor:80' is no host; write name:port, with https:// before it for TLS"],
])('a host %s is refused', (_, options, message) => {
  expect(() => new PredictorClient(options)).toThrow(message);
});
