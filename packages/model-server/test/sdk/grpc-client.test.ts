import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AddressInfo, createServer, Socket } from 'node:net';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import * as grpcClient from '../../src/sdk/grpc-client';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { folderWith } from '../support/server';

const REQUEST = new InferRequest('m', [InferTensor.of('x', 'FP32', [1])]);

let client: PredictorClient;
let service: grpc.Server;

interface Seen {
  readonly method: string;
  readonly message: Buffer;
  readonly metadata: { readonly [name: string]: unknown };
}

/** A client of a predictor that answers any method with what `answer` gives for what it sees, or never. */
async function serve(answer: (seen: Seen) => Buffer | grpc.status | undefined, credentials = grpc.ServerCredentials.createInsecure(), options: (port: number) => object = (port) => ({ host: `127.0.0.1:${port}` }), trailers?: grpc.Metadata): Promise<void> {
  service = new grpc.Server();
  const same = (bytes: Buffer): Buffer => bytes;
  const method = (name: string) => ({ path: `/inference.GRPCInferenceService/${name}`, requestStream: false, responseStream: false, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same });
  const handle = (name: string): grpc.handleUnaryCall<Buffer, Buffer> => ({ request, metadata }, done) => {
    const result = answer({ method: name, message: request, metadata: metadata.getMap() });
    if (result === undefined) {
      return;
    }
    done(typeof result === 'number' ? { code: result, details: 'no', metadata: trailers } : null, typeof result === 'number' ? undefined : result);
  };
  service.addService({ infer: method('ModelInfer'), ready: method('ModelReady') }, { infer: handle('ModelInfer'), ready: handle('ModelReady') });
  const port = await new Promise<number>((resolve, reject) => service.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error))));
  client = new PredictorClient({ host: '', protocol: 'grpc-v2', ...options(port) });
}

afterEach(() => {
  client.close();
  service.forceShutdown();
});

test.each([
  ['invalid', grpc.status.INVALID_ARGUMENT],
  ['exhausted', grpc.status.RESOURCE_EXHAUSTED],
  ['unimplemented', grpc.status.UNIMPLEMENTED],
  ['unavailable', grpc.status.UNAVAILABLE],
  ['inference', grpc.status.UNKNOWN],
])('the failure is %s where the status is %d', async (code, status) => {
  await serve(() => status);

  await expect(client.infer(REQUEST)).rejects.toMatchObject({ code });
});

test.each([
  ['no message', Buffer.from([0x0a, 9])],
  ['a tensor without a name', Buffer.from([0x2a, 0])],
])('a reply that is %s is the failure of the predictor', async (_, reply) => {
  await serve(() => reply);

  await expect(client.infer(REQUEST)).rejects.toMatchObject({ code: 'inference', message: expect.stringContaining("the predictor's reply cannot be read") });
});

test('a model with a long name is ready', async () => {
  const name = 'm'.repeat(300);
  await serve(({ message }) => Buffer.from(message.subarray(3).toString() === name ? [8, 1] : []));

  expect([await client.isReady(name), await client.isReady('other')]).toEqual([true, false]);
});

test('https:// in the host is TLS', async () => {
  const keys = folderWith({});
  const [key, cert] = [join(keys, 'tls.key'), join(keys, 'tls.crt')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  const credentials = grpc.ServerCredentials.createSsl(null, [{ private_key: readFileSync(key), cert_chain: readFileSync(cert) }]);
  await serve(() => Buffer.from([8, 1]), credentials, (port) => ({ host: `HTTPS://127.0.0.1:${port}`, caFile: cert }));

  expect(await client.isReady('m')).toBe(true);
});

test.each([
  ['https://predictor', ['predictor:443', true]],
  ['http://predictor', ['predictor:80', false]],
  ['predictor', ['predictor:80', false]],
  ['[::1]', ['[::1]:80', false]],
  ['https://[::1]:8081', ['[::1]:8081', true]],
])('the connection to %s is to %j', async (host, wanted) => {
  await serve(() => Buffer.from([8, 1]));
  const open = jest.spyOn(grpcClient, 'openGrpc').mockReturnValue({ call: async () => Buffer.from([8, 1]), close: () => undefined });
  const other = new PredictorClient({ host, protocol: 'grpc-v2' });
  await other.isReady('m');
  const [[target, useSsl]] = open.mock.calls as unknown as [[string, boolean]];
  open.mockRestore();

  expect([target, useSsl]).toEqual(wanted);
});

test('headers are sent as metadata, but those of a connection or a body', async () => {
  let seen: Seen['metadata'] = {};
  await serve(({ metadata }) => {
    seen = metadata;
    return Buffer.of();
  });
  await client.infer(REQUEST, { headers: { 'X-Tenant': 'acme', 'authorization': 'Bearer t', 'x-request-id': 'r', 'traceparent': '00-a-b-01', 'connection': 'close', 'transfer-encoding': 'chunked', 'upgrade': 'h2c', 'content-length': '3', 'grpc-encoding': 'gzip' } });

  expect(seen).toEqual({ 'user-agent': expect.stringContaining('grpc-node'), 'x-tenant': 'acme', 'authorization': 'Bearer t', 'x-request-id': 'r', 'traceparent': '00-a-b-01' });
});

test('a failure tells the wait that the predictor asks for', async () => {
  const metadata = new grpc.Metadata();
  metadata.set('retry-after', '9');
  await serve(() => grpc.status.UNAVAILABLE, undefined, undefined, metadata);

  await expect(client.infer(REQUEST)).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 9 });
});

describe('where no connection comes about', () => {
  /** Connections that are made to a server that closes each after `closes` does its work. */
  async function tries(closes: (socket: Socket) => void, retries: number): Promise<[unknown, number]> {
    await serve(() => Buffer.of());
    let count = 0;
    const server = createServer((socket) => {
      count++;
      socket.on('error', () => undefined);
      closes(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client.close();
    client = new PredictorClient({ host: `127.0.0.1:${(server.address() as AddressInfo).port}`, protocol: 'grpc-v2', retries });
    const failure = await client.infer(REQUEST).catch((error: unknown) => error);
    client.close();
    server.close();
    return [failure, count];
  }

  test('a call is tried again as often as told, then unavailable', async () => {
    const [failure, count] = await tries((socket) => socket.destroy(), 3);

    expect(failure).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
    expect(count).toBeGreaterThanOrEqual(4);
  });

  test('a predictor that comes back is found within about a second', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await serve(() => Buffer.of());
    const backoffs = new PredictorClient({ host: `127.0.0.1:${port}`, protocol: 'grpc-v2' });
    const until = Date.now() + 6000;
    while (Date.now() < until) {
      await backoffs.infer(REQUEST).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise<void>((resolve, reject) => service.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => (error === null ? resolve() : reject(error))));
    const found = async (): Promise<number> => {
      for (let tried = 1; ; tried++) {
        if (await backoffs.infer(REQUEST).then(() => true, () => false)) {
          return tried;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const tried = await found();
    backoffs.close();

    expect(tried).toBeLessThan(20);
  }, 30_000);

  test('a call whose connection is lost amid it is not sent again', async () => {
    let calls = 0;
    await serve(() => {
      calls++;
      service.forceShutdown();
      return undefined;
    }, undefined, (port) => ({ host: `127.0.0.1:${port}`, retries: 3 }));

    await expect(client.infer(REQUEST)).rejects.toMatchObject({ code: expect.stringMatching(/unavailable|cancelled/) });
    expect(calls).toBe(1);
  });
});

describe('a signal', () => {
  /** The listeners that are on a signal. */
  function watched(signal: AbortSignal): { left: number; most: number } {
    const count = { left: 0, most: 0 };
    const { addEventListener, removeEventListener } = signal;
    Object.assign(signal, {
      addEventListener(...args: Parameters<typeof addEventListener>) {
        count.most = Math.max(count.most, ++count.left);
        addEventListener.apply(signal, args);
      },
      removeEventListener(...args: Parameters<typeof removeEventListener>) {
        count.left--;
        removeEventListener.apply(signal, args);
      },
    });
    return count;
  }

  test('that was aborted before the call ends it, and nothing is sent', async () => {
    let calls = 0;
    await serve(() => {
      calls++;
      return Buffer.of();
    });

    await expect(client.infer(REQUEST, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    await client.infer(REQUEST);
    expect(calls).toBe(1);
  });

  test('that is aborted during the call ends it', async () => {
    const abort = new AbortController();
    await serve(() => {
      abort.abort();
      return undefined;
    });

    await expect(client.infer(REQUEST, { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test.each([['a reply', Buffer.of()], ['a failure', grpc.status.INTERNAL]])('is let go of after %s', async (_, result) => {
    const { signal } = new AbortController();
    const count = watched(signal);
    await serve(() => result);
    await client.infer(REQUEST, { signal }).catch(() => undefined);

    expect(count).toEqual({ left: 0, most: 1 });
  });
});
