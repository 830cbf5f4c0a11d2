import { gzipSync } from 'node:zlib';
import { Random } from './random';
import { Exchange } from '../exchanges';

const TOKENS = ['[', ']', '{', '}', ',', ':', '"', 'null', 'true', '-1', '1e999', '18446744073709551616', '0.1', '""', '"inputs"', '"instances"', '"shape"', '"FP32"', '"BYTES"', '\u0000', '\\', '\\u0000', '\\ud800', ' ', '[[[[[[[['];
const DIMS = [0, 1, 2, 3, -1, 2147483647, 4294967296, 9007199254740993, 1.5];
const LENGTHS = [0, 1, 7, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1];

type Mutation = (body: Buffer, random: Random) => Buffer;

const at = (body: Buffer, random: Random): number => random.int(body.length + 1);

/** Damages of a body: bytes, tokens, sizes, cuts and repeats. */
const MUTATIONS: readonly Mutation[] = [
  (body, random) => {
    const copy = Buffer.from(body);
    for (let i = 1 + random.int(3); i > 0 && copy.length > 0; i--) {
      copy[random.int(copy.length)] = random.int(256);
    }
    return copy;
  },
  (body, random) => {
    const copy = Buffer.from(body);
    if (copy.length > 0) {
      copy[random.int(copy.length)]! ^= 1 << random.int(8);
    }
    return copy;
  },
  (body, random) => body.subarray(0, at(body, random)),
  (body, random) => body.subarray(at(body, random)),
  (body, random) => {
    const i = at(body, random);
    return Buffer.concat([body.subarray(0, i), Buffer.from(random.pick(TOKENS)), body.subarray(i + random.pick([0, 0, 1, 2, 8]))]);
  },
  (body, random) => Buffer.concat([body, body.subarray(at(body, random))]),
  (body, random) => {
    const [from, to] = [at(body, random), at(body, random)].sort((a, b) => a - b) as [number, number];
    return Buffer.concat([body.subarray(0, to), body.subarray(from)]);
  },
  (body, random) => Buffer.from(body.toString('latin1').replace(/\[1,2\]/, `[${random.pick(DIMS)},${random.pick(DIMS)}]`), 'latin1'),
  (body, random) => {
    const copy = Buffer.from(body);
    if (copy.length >= 4) {
      copy.writeInt32LE(random.pick(LENGTHS) | 0, random.int(copy.length - 3));
    }
    return copy;
  },
];

export function mutateBytes(body: Buffer, random: Random): Buffer {
  let damaged = body;
  for (let i = 1 + random.int(3); i > 0; i--) {
    damaged = random.pick(MUTATIONS)(damaged, random);
  }
  return damaged;
}

/** What `Number` reads, but no length is. */
const NUMBERS = ['-Infinity', 'Infinity', 'NaN', '1e999', '-1e999', '-1', '0.5', '0x10', '9007199254740993'];

/** A head of HTTP one of whose values is an odd number. */
export function mutateHead(head: string, random: Random): string {
  const lines = head.split('\r\n');
  const i = 1 + random.int(lines.length - 1);
  lines[i] = lines[i]!.replace(/: .*/, `: ${random.pick(NUMBERS)}`);
  return lines.join('\r\n');
}

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['inference-header-content-length', ['0', '1e3', '99999999999', '8', '', 'x', ...NUMBERS]],
  ['content-type', ['application/json', 'application/octet-stream', 'application/cloudevents+json', 'application/cloudevents-batch+json', 'text/plain; charset=utf-16', ';']],
  ['content-encoding', ['gzip', 'deflate', 'br', 'identity', 'zstd']],
  ['accept', ['text/event-stream', '*/*', '']],
  ['ce-id', ['1', '']],
  ['ce-type', ['x', 'é']],
  ['ce-source', ['/s']],
  ['ce-specversion', ['1.0', '9']],
  ['x-request-timeout-ms', ['60000', 'x', '-Infinity', 'NaN', '1e999', '-1', '9007199254740993']],
  ['grpc-timeout', ['60S', '1x', '']],
  ['traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'zz']],
  ['expect', ['100-continue']],
];
const PIECES = ['/', '..', '%2e%2e', '%', '%00', '%zz', 'versions', '1', ':predict', ':explain', '?a=b', 'v1', 'v2', 'models', 'fp32', 'infer', 'ready', '__proto__', 'x'.repeat(300), 'é'];
const PATHS = [
  '/v1/models', '/v2', '/v2/models/fp32', '/v2/models/fp32/ready', '/v2/models/stream/generate_stream', '/v2/repository/index', '/v2/repository/models/none/unload', '/v2/health/ready', '/metrics', '/openapi.json',
  '/openai/v1/embeddings', '/openai/v1/rerank', '/openai/v1/models', '/v1/models/fp32:explain', '/v1/models/fp32/versions/3:predict',
];
// headers that HTTP clients refuse to send belong to the raw sockets
const sendable = (value: string): string => value.replace(/[^\x21-\x7e]/g, '');

/** A request damaged somewhere: body, headers, encoding or path. */
export function mutate(valid: Exchange, random: Random): Omit<Exchange, 'kind' | 'right'> {
  let { path, headers, body } = valid;
  if (valid.transport === 'grpc' || random.chance(0.7)) {
    body = mutateBytes(body, random);
  }
  if (valid.transport === 'http' && random.chance(0.4)) {
    const more = Object.fromEntries(Array.from({ length: 1 + random.int(3) }, () => {
      const [name, values] = random.pick(HEADERS);
      return [name, sendable(random.pick(values))];
    }));
    headers = { ...headers, ...more };
    if (headers['content-encoding'] === 'gzip' && random.chance(0.8)) {
      body = gzipSync(body);
      body = random.chance(0.5) ? mutateBytes(body, random) : body;
    }
  }
  if (valid.transport === 'http' && random.chance(0.1)) {
    path = random.pick(PATHS);
  } else if (valid.transport === 'http' && random.chance(0.1)) {
    const i = 1 + random.int(path.length);
    path = encodeURI(path.slice(0, i) + random.pick(PIECES) + path.slice(i)).replace(/%25/g, '%');
  }
  return { transport: valid.transport, path, headers, body };
}
