import * as grpc from '@grpc/grpc-js';
import { CallOptions, TestServer } from './server';
import { encodeInferRequest } from '../../src/grpc/infer-codec';

/** A seeded generator, so that a failure can be repeated. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TOKENS = ['[', ']', '{', '}', ',', ':', '"', 'null', 'true', '-1', '1e999', '18446744073709551616', '0.1', '""', '"inputs"', '"shape"', '"FP32"', '"BYTES"', '\u0000', '\\', '\\u0000', ' '];
const SMALL_DIMS = [0, 1, 2, 3, -1, 2147483647, 4294967296, 9007199254740993, 1.5];

interface Attempt {
  readonly path: string;
  readonly options: CallOptions;
}

const FLOATS = Buffer.from(Float32Array.of(1, 2).buffer);

/** A valid request, by one of the protocols. */
function valid(random: () => number): Attempt {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const kind = pick(['v1', 'v2', 'binary', 'bytes', 'raw'] as const);
  const tensor = { name: 'x', datatype: 'FP32', shape: [1, 2] };
  switch (kind) {
    case 'v1': return { path: '/v1/models/fp32:predict', options: { body: '{"instances":[[1,2]]}' } };
    case 'v2': return { path: '/v2/models/fp32/infer', options: { body: JSON.stringify({ id: 'i', inputs: [{ ...tensor, data: [1, 2] }], outputs: [{ name: 'y', parameters: { binary_data: random() < 0.3 } }] }) } };
    case 'bytes': return { path: '/v2/models/bytes/infer', options: { body: JSON.stringify({ inputs: [{ ...tensor, datatype: 'BYTES', data: ['a', 'ü'] }] }) } };
    case 'raw': return { path: '/v2/models/fp32/infer', options: { body: FLOATS, headers: { 'inference-header-content-length': '0' } } };
    default: {
      const json = Buffer.from(JSON.stringify({ inputs: [{ ...tensor, parameters: { binary_data_size: 8 } }] }));
      return { path: '/v2/models/fp32/infer', options: { body: Buffer.concat([json, FLOATS]), headers: { 'inference-header-content-length': String(json.length) } } };
    }
  }
}

/** Damages a body: bytes, tokens, sizes, cuts and repeats. */
function mutate(body: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * (body.length + 1));
  const token = (): Buffer => Buffer.from(TOKENS[Math.floor(random() * TOKENS.length)]!);
  switch (Math.floor(random() * 6)) {
    case 0: { const copy = Buffer.from(body); if (copy.length > 0) { copy[at % copy.length] = Math.floor(random() * 256); } return copy; }
    case 1: return body.subarray(0, at);
    case 2: return Buffer.concat([body.subarray(0, at), token(), body.subarray(at)]);
    case 3: return Buffer.concat([body.subarray(0, at), token(), body.subarray(Math.min(body.length, at + Math.floor(random() * 8)))]);
    case 4: return Buffer.concat([body, body.subarray(at)]);
    default: return Buffer.from(body.toString('latin1').replace(/\[1,2\]/, `[${SMALL_DIMS[Math.floor(random() * SMALL_DIMS.length)]},${SMALL_DIMS[Math.floor(random() * SMALL_DIMS.length)]}]`), 'latin1');
  }
}

export interface FuzzResult {
  readonly requests: number;
  readonly statuses: { readonly [status: string]: number };
  /** Valid requests that were not answered right, with what came before. */
  readonly wrong: readonly string[];
}

/** Sends damaged requests by every protocol, each followed by a valid one whose answer must be right. */
export async function fuzz(server: TestServer, requests: number, seed: number, lanes = 8): Promise<FuzzResult> {
  const statuses: { [status: string]: number } = {};
  const wrong: string[] = [];
  const client = new grpc.Client(`127.0.0.1:${server.grpcPort}`, grpc.credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const rpc = (message: Buffer): Promise<string> => new Promise((resolve) => {
    client.makeUnaryRequest('/inference.GRPCInferenceService/ModelInfer', same, same, message, new grpc.Metadata(), { deadline: Date.now() + 20_000 }, (error) => resolve(`grpc ${error?.code ?? 0}`));
  });
  let left = requests;
  const lane = async (index: number): Promise<void> => {
    const random = randomFrom(seed + index * 7919);
    while (left-- > 0) {
      let sent: string;
      if (random() < 0.25) {
        const message = mutate(encodeInferRequest({ modelName: 'fp32', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, 2) }] }), random);
        sent = `grpc ${message.toString('base64')}`;
        const status = await rpc(message);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === 'grpc 4' || status === 'grpc 14') {
          wrong.push(`${status} to ${sent}`);
        }
      } else {
        const { path, options } = valid(random);
        let body: Buffer = Buffer.from(options.body as string);
        for (let i = 1 + Math.floor(random() * 3); i > 0; i--) {
          body = mutate(body, random);
        }
        sent = `${path} ${JSON.stringify(options.headers ?? {})} ${body.toString('base64')}`;
        const { status } = await server.call(path, { ...options, method: 'POST', body });
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === 503 || status === 504) {
          wrong.push(`${status} to ${sent}`);
        }
      }
      const good = await server.call('/v1/models/fp32:predict', { body: '{"instances":[[3,4.5]]}' });
      if (good.body.toString() !== '{"predictions":[[3,4.5]]}') {
        wrong.push(`${good.status} ${good.body.toString().slice(0, 200)} after ${sent}`);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
  client.close();
  return { requests, statuses, wrong: wrong.slice(0, 10) };
}
