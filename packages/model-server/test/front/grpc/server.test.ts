import { ClientHttp2Session, ClientHttp2Stream, connect, constants, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { framed } from '../../../src/front/grpc/messages';
import { encodeInferRequest } from '../../../src/grpc/infer-codec';
import { MESSAGES } from '../../../src/grpc/schema';
import { decodeMessage, Decoded, encodeMessage } from '../../../src/protobuf/message';
import { END_HEADERS, frame, FrameType, literal, PREFACE } from '../../support/http2';
import { folderWith, TestServer } from '../../support/server';

const SLOW = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  async predict({ x }) {
    await new Promise((resolve) => setTimeout(resolve, x.data[0]));
    return { y: x.data };
  },
});
`;
const INFER = '/inference.GRPCInferenceService/ModelInfer';
const STREAM = INFER.replace('ModelInfer', 'ModelStreamInfer');
const LIVE = '/inference.GRPCInferenceService/ServerLive';

let server: TestServer;
let session: ClientHttp2Session;

beforeAll(async () => {
  server = await TestServer.start([folderWith({ 'model.ts': SLOW }), '--model_name=slow', '--grpc_max_send_message_length=500']);
  session = connect(`http://127.0.0.1:${server.grpcPort}`);
}, 60_000);

afterAll(async () => {
  session.close();
  await server.stop();
});

interface Reply {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const open = (path: string, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream =>
  session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', 'te': 'trailers', ...headers });

function replyOf(stream: ClientHttp2Stream): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (found) => { headers = found; });
    stream.on('trailers', (found: IncomingHttpHeaders) => { trailers = found; });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => resolve({ headers, trailers, body: Buffer.concat(chunks) }));
  });
}

function call(path: string, body: Uint8Array, headers?: OutgoingHttpHeaders): Promise<Reply> {
  const stream = open(path, headers);
  stream.end(body);
  return replyOf(stream);
}

const empty = framed(new Uint8Array(0))[0]!;
const wait = (ms: number): Buffer => framed(encodeInferRequest({ modelName: 'slow', inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(ms) }] }))[0]!;

test('a reply is headers, a message and a status', async () => {
  const { headers, body, trailers } = await call(LIVE, empty);

  expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,gzip,deflate' });
  expect([...body]).toEqual([0, 0, 0, 0, 2, 8, 1]);
  expect(trailers['grpc-status']).toBe('0');
});

test('a compressed request is understood', async () => {
  const message = gzipSync(wait(0).subarray(5));
  const body = Buffer.concat([Buffer.from([1, 0, 0, 0, message.length]), message]);

  expect((await call(INFER, body, { 'grpc-encoding': 'gzip' })).trailers['grpc-status']).toBe('0');
});

test.each([
  ['an unknown method', '/inference.GRPCInferenceService/Nothing', empty, {}, '12', /no method/],
  ['no message', LIVE, new Uint8Array(0), {}, '12', /none was sent/],
  ['two messages', LIVE, Buffer.concat([empty, empty]), {}, '12', /more were sent/],
  ['a message that is malformed', LIVE.replace('ServerLive', 'ModelReady'), Buffer.from([0, 0, 0, 0, 1, 255]), {}, '3', /malformed/],
  ['an encoding that is not offered', LIVE, Buffer.from([1, 0, 0, 0, 1, 0]), { 'grpc-encoding': 'snappy' }, '12', /identity,gzip,deflate/],
  ['a timeout that is no timeout', LIVE, empty, { 'grpc-timeout': '1 day' }, '13', /grpc-timeout/],
  ['a reply beyond the limit', INFER, framed(encodeInferRequest({ modelName: 'slow', id: 'i'.repeat(500), inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(0) }] }))[0]!, {}, '8', /grpc_max_send_message_length/],
])('%s is answered with a status alone', async (_, path, body, headers, status, message) => {
  const reply = await call(path, body, headers);

  expect(reply.headers[':status']).toBe(200);
  expect(reply.headers['grpc-status']).toBe(status);
  expect(decodeURIComponent(reply.headers['grpc-message'] as string)).toMatch(message);
  expect(reply.body.length).toBe(0);
});

test('a reply beyond the limit is no success, and ends only its own request of a stream', async () => {
  const outcomes = async (): Promise<number[]> => {
    const text = (await server.call('/metrics')).body.toString();
    return ['success', 'client_error'].map((outcome) => Number(new RegExp(`^model_server_requests_total\\{[^}]*protocol="grpc",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)![1]));
  };
  const asked = (id: string): Buffer => framed(encodeInferRequest({ modelName: 'slow', id, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(0) }] }))[0]!;
  const before = await outcomes();
  const unary = await call(INFER, asked('i'.repeat(500)));
  const { body, trailers } = await call(STREAM, Buffer.concat([asked('i'.repeat(500)), asked('short')]));
  const after = await outcomes();

  const pieces: Decoded[] = [];
  for (let at = 0; at < body.length; at += 5 + body.readUInt32BE(at + 1)) {
    pieces.push(decodeMessage(MESSAGES, '.inference.ModelStreamInferResponse', body.subarray(at + 5, at + 5 + body.readUInt32BE(at + 1))));
  }
  expect([unary.headers['grpc-status'], trailers['grpc-status'], pieces.length]).toEqual(['8', '0', 2]);
  expect(pieces[0]!.error_message).toMatch(/^the reply has \d+ bytes, larger than grpc_max_send_message_length admits \(500\)$/);
  expect([pieces[1]!.error_message, pieces[1]!.infer_response.id]).toEqual([undefined, 'short']);
  expect(after.map((count, i) => count - before[i]!)).toEqual([1, 2]);
});

test('a message of a status is percent-encoded', async () => {
  const reply = await call(INFER, framed(encodeInferRequest({ modelName: 'ä%\n', inputs: [] }))[0]!);

  expect(reply.headers).toMatchObject({ 'grpc-status': '5', 'grpc-message': 'Model%20with%20name%20%C3%A4%25%0A%20does%20not%20exist.' });
});

test.each([[{ 'content-type': 'application/json' }, 415], [{ ':method': 'GET' }, 405]] as const)('what is no gRPC (%j) has a status of HTTP', async (headers, status) => {
  const stream = open(LIVE, headers);
  stream.end();

  expect((await replyOf(stream)).headers[':status']).toBe(status);
});

test('a caller that is still sending when it is refused is told to stop', async () => {
  const stream = open('/inference.GRPCInferenceService/Nothing');
  stream.write(empty);
  const reply = await replyOf(stream);

  expect(reply.headers['grpc-status']).toBe('12');
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
});

test("a caller's deadline ends its wait", async () => {
  const { headers } = await call(INFER, wait(5000), { 'grpc-timeout': '100m' });

  expect(headers['grpc-status']).toBe('4');
});

test('a call that is given up leaves nothing in flight, and its connection serves on', async () => {
  const stream = open(INFER);
  stream.on('error', () => undefined);
  stream.end(wait(300));
  await new Promise((resolve) => setTimeout(resolve, 50));
  stream.close(constants.NGHTTP2_CANCEL);
  await new Promise((resolve) => stream.on('close', resolve));

  expect((await call(INFER, wait(0))).trailers['grpc-status']).toBe('0');
  expect((await server.call('/metrics')).body.toString()).toMatch(/in_flight\S* 0\n/);
});

/** HEADERS that leave the stream open. */
function headersFrame(path: string, type: string): Buffer {
  const headers = { ':method': 'POST', ':scheme': 'http', ':authority': 'a', ':path': path, 'content-type': type };
  return frame(FrameType.HEADERS, END_HEADERS, 1, Buffer.concat(Object.entries(headers).map(([name, value]) => literal(name, value))));
}

/** A connection past the preface and the SETTINGS of both. */
async function rawConnection(): Promise<Socket> {
  const socket = connectTcp(server.grpcPort, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([PREFACE, frame(FrameType.SETTINGS, 0, 0, Buffer.alloc(0))]));
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

const RESETS = [LIVE, INFER, STREAM, '/no.Service/Method', '/grpc.health.v1.Health/Watch', '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo']
  .flatMap((path) => ['application/grpc', 'application/json'].flatMap((type) => [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL].map((code) => [path, type, code] as const)));

test.each(RESETS)('a caller that opens %s as %s and resets it with code %d ends nothing else', async (path, type, code) => {
  const reset = frame(FrameType.RST_STREAM, 0, 1, Buffer.from([0, 0, 0, code]));
  const [together, apart] = [await rawConnection(), await rawConnection()];
  together.write(Buffer.concat([headersFrame(path, type), reset]));
  apart.write(headersFrame(path, type));
  await new Promise((resolve) => setTimeout(resolve, 20));
  apart.write(reset);
  await new Promise((resolve) => setTimeout(resolve, 30));

  expect(server.child.exitCode).toBe(null);
  expect((await call(INFER, wait(0))).trailers['grpc-status']).toBe('0');
  together.destroy();
  apart.destroy();
});

test('a health watch tells changes until it is given up', async () => {
  const stream = open('/grpc.health.v1.Health/Watch');
  stream.end(empty);
  const first = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
  stream.close(constants.NGHTTP2_CANCEL);

  expect([...first]).toEqual([0, 0, 0, 0, 2, 8, 1]);
});

test('a health watch takes one message', async () => {
  const { headers, trailers } = await call('/grpc.health.v1.Health/Watch', Buffer.concat([empty, empty]));

  expect(headers['grpc-status'] ?? trailers['grpc-status']).toBe('3');
});

test('who reads no replies of reflection is heard no further until it does', async () => {
  const other = await TestServer.start([folderWith({ 'model.ts': SLOW }), '--model_name=slow']);
  const client = connect(`http://127.0.0.1:${other.grpcPort}`, { maxSessionMemory: 1000 });
  const stream = client.request({ ':method': 'POST', ':path': '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', 'content-type': 'application/grpc', 'te': 'trailers' });
  const host = 'h'.repeat(500_000);
  const message = Buffer.concat(framed(encodeMessage(MESSAGES, '.grpc.reflection.v1.ServerReflectionRequest', { host, list_services: '' })));
  let taken = 0;
  for (let heard = true; heard && taken < 60; taken += heard ? 1 : 0) {
    heard = await Promise.race([new Promise<true>((resolve) => stream.write(message, () => resolve(true))), new Promise<false>((resolve) => setTimeout(resolve, 1000, false))]);
  }
  const got = replyOf(stream);
  stream.end();
  const { body, trailers } = await got;
  client.close();
  await other.stop();

  expect(taken).toBeLessThan(30);
  expect(body.length).toBeGreaterThan(taken * 2 * host.length);
  expect(trailers['grpc-status']).toBe('0');
}, 20_000);

test('at the end streams that wait are told to go elsewhere, after what is under way on them', async () => {
  const other = await TestServer.start([folderWith({ 'model.ts': SLOW }), '--model_name=slow']);
  const client = connect(`http://127.0.0.1:${other.grpcPort}`);
  const streams = ['/grpc.health.v1.Health/Watch', '/inference.GRPCInferenceService/ModelStreamInfer', '/inference.GRPCInferenceService/ModelStreamInfer', '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo']
    .map((path) => client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', 'te': 'trailers' }));
  const replies = streams.map(replyOf);
  streams[0]!.write(empty);
  streams[1]!.write(wait(500));
  await new Promise((resolve) => streams[0]!.once('data', resolve));
  const code = await other.stop();
  const [watch, busy, idle, reflection] = await Promise.all(replies);
  client.destroy();

  expect([watch, busy, idle, reflection].map((reply) => reply!.headers['grpc-status'] ?? reply!.trailers['grpc-status'])).toEqual(['14', '14', '14', '14']);
  expect([...watch!.body]).toEqual([0, 0, 0, 0, 2, 8, 1, 0, 0, 0, 0, 2, 8, 2]);
  expect([busy!.body.length > 0, idle!.body.length, reflection!.body.length]).toEqual([true, 0, 0]);
  expect(code).toBe(0);
}, 30_000);

test('at the end calls under way are answered and no others begin', async () => {
  const other = await TestServer.start([folderWith({ 'model.ts': SLOW }), '--model_name=slow']);
  const client = connect(`http://127.0.0.1:${other.grpcPort}`);
  const stream = client.request({ ':method': 'POST', ':path': INFER, 'content-type': 'application/grpc', 'te': 'trailers' });
  stream.end(wait(500));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const said = new Promise((resolve) => client.on('goaway', resolve));
  const ended = other.stop();

  expect(await said).toBe(0);
  expect((await replyOf(stream)).trailers['grpc-status']).toBe('0');
  expect(await ended).toBe(0);
}, 30_000);
