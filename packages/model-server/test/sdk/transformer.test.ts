import { createServer, IncomingHttpHeaders } from 'node:http';
import { AddressInfo } from 'node:net';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

/** Doubles what comes in and adds one to what comes back. */
const TRANSFORMER = `
import { defineModel, InferRequest, InferResponse, InferTensor } from 'kserve-model-server';
export default defineModel({
  preprocess(payload) {
    const rows = payload instanceof InferRequest ? payload.input('x').nested() : payload.instances;
    return new InferRequest('m', [InferTensor.of('x', 'FP32', rows.map((row) => row.map((value) => value * 2)))]);
  },
  postprocess(reply, { protocol }) {
    const rows = (Array.isArray(reply.predictions) ? reply.predictions : reply.output('y').nested()).map((row) => row.map((value) => value + 1));
    return protocol === 'v1' ? { predictions: rows } : new InferResponse('m', [InferTensor.of('z', 'FP32', rows)]);
  },
});
`;

let predictor: TestServer;

beforeAll(async () => {
  predictor = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) }), '--model_name=m']);
}, 30_000);

afterAll(async () => {
  await predictor.stop();
});

test.each(['v1', 'v2', 'grpc-v2'])('a transformer calls its predictor by %s and answers V1, V2 and gRPC alike', async (protocol) => {
  const port = protocol === 'grpc-v2' ? predictor.grpcPort : predictor.httpPort;
  const server = await TestServer.start([folderWith({ 'model.mjs': TRANSFORMER }), '--model_name=m', `--predictor_host=127.0.0.1:${port}`, `--predictor_protocol=${protocol}`]);
  const v1 = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] } });
  const v2 = await server.call('/v2/models/m/infer', { body: { id: 'i', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] } });
  const unknown = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2, 3]] } });
  await server.stop();

  expect(v1.json).toEqual({ predictions: [[3, 5]] });
  expect(v2.json).toEqual({ model_name: 'm', id: 'i', outputs: [{ name: 'z', shape: [1, 2], datatype: 'FP32', data: [3, 5] }] });
  expect(unknown).toMatchObject({ status: 400, json: { error: expect.stringMatching(/the predictor answered .*must have the shape/) } });
}, 30_000);

describe("of a caller's headers", () => {
  const identity = { 'x-request-id': 'r1', 'authorization': 'Bearer t', 'traceparent': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'tracestate': 'a=b', 'baggage': 'tenant=acme', 'b3': '0' };
  const hops = { 'te': 'trailers', 'trailer': 'x-sum', 'accept': 'application/json', 'accept-encoding': 'gzip', 'cookie': 'c=1', 'x-tenant': 'acme' };
  const PREDICTS = `
import { defineModel } from 'kserve-model-server';
export default defineModel({ predict: (payload, { predictor, headers }) => predictor.predict('m', payload, { headers }) });
`;

  /** What a predictor sees of a call through this model. */
  async function through(model: string): Promise<IncomingHttpHeaders> {
    let seen: IncomingHttpHeaders = {};
    const behind = createServer((req, res) => {
      seen = req.headers;
      req.resume().on('end', () => res.end('{"predictions":[[1]]}'));
    });
    await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
    const server = await TestServer.start([folderWith({ 'model.mjs': model }), '--model_name=m', `--predictor_host=127.0.0.1:${(behind.address() as AddressInfo).port}`]);
    await server.call('/v1/models/m:predict', { body: { instances: [[1]] }, headers: { ...identity, ...hops } });
    await server.stop();
    behind.closeAllConnections();
    behind.close();
    return seen;
  }
  const own = { 'connection': 'keep-alive', 'content-type': 'application/json', 'content-length': expect.any(String), 'host': expect.any(String) };

  test('a transformer hands on who calls, for which request and in which trace, and no others', async () => {
    expect(await through(TRANSFORMER)).toEqual({ ...own, ...identity });
  }, 30_000);

  test('a model that hands on all sends them but those of the connection', async () => {
    expect(await through(PREDICTS)).toEqual({ ...own, ...identity, 'cookie': 'c=1', 'x-tenant': 'acme' });
  }, 30_000);
});

test('a transformer waits for its predictor when told to, and is not ready while that is gone', async () => {
  const server = await TestServer.start([folderWith({ 'model.mjs': TRANSFORMER }), '--model_name=m', '--predictor_host=127.0.0.1:9', '--enable_predictor_health_check']);
  const ready = await server.call('/v2/health/ready');
  const call = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] } });
  await server.stop();

  expect([ready.status, call.status]).toEqual([503, 503]);
}, 30_000);

test('a transformer without --model_name asks its predictor for the model that it serves', async () => {
  const asked: string[] = [];
  const behind = createServer((req, res) => {
    asked.push(req.url!);
    res.writeHead(asked.length === 1 ? 503 : 200).end('{}');
  });
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
  const server = await TestServer.start([folderWith({ 'model.mjs': TRANSFORMER, 'model.json': '{"name":"own"}' }), `--predictor_host=127.0.0.1:${(behind.address() as AddressInfo).port}`, '--enable_predictor_health_check']);
  const statuses = [(await server.call('/v2/health/ready')).status];
  for (let i = 0; i < 150 && statuses.at(-1) !== 200; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    statuses.push((await server.call('/v2/health/ready')).status);
  }
  await server.stop();
  behind.closeAllConnections();
  behind.close();

  expect([statuses[0], statuses.at(-1), new Set(asked)]).toEqual([503, 200, new Set(['/v1/models/own'])]);
}, 30_000);

test('a transformer notices a predictor that hangs, and asks it one question at a time', async () => {
  let answers = true;
  let open = 0;
  let most = 0;
  const hanging = createServer((_, res) => {
    most = Math.max(most, ++open);
    res.on('close', () => open--);
    if (answers) {
      res.end('{"name":"m","ready":true}');
    }
  });
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  const server = await TestServer.start([folderWith({ 'model.mjs': TRANSFORMER }), '--model_name=m', `--predictor_host=127.0.0.1:${(hanging.address() as AddressInfo).port}`, '--enable_predictor_health_check']);
  /** The status once it is this, or what it is after a long wait. */
  const settled = async (wanted: number): Promise<number> => {
    for (let i = 0; ; i++) {
      const { status } = await server.call('/v2/health/ready');
      if (status === wanted || i === 150) {
        return status;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const statuses = [await settled(200)];
  answers = false;
  statuses.push(await settled(503));
  answers = true;
  statuses.push(await settled(200));
  await server.stop();
  hanging.closeAllConnections();
  hanging.close();

  expect([statuses, most]).toEqual([[200, 503, 200], 1]);
}, 30_000);
