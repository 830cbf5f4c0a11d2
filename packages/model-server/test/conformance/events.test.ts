import * as grpc from '@grpc/grpc-js';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { encodeInferRequest } from '../../src/grpc/infer-codec';
import { CATALOGUE, MetricSpec } from '../../src/metrics/catalogue';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';
import { Sink } from '../support/sink';

const RAW = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  explain: (payload) => ({ explanations: [payload.instances.length] }),
  preprocess: (payload) => payload,
  predict: (payload) => ({ predictions: ArrayBuffer.isView(payload) ? ['bytes ' + payload.length] : [payload.instances.length] }),
});
`;
const COUNTING = `
import { defineModel } from 'kserve-model-server';
let calls = 0;
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  async predict({ x }) {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { y: { shape: [1], data: [calls] } };
  },
});
`;

let sink: Sink;
let server: TestServer;

beforeAll(async () => {
  sink = new Sink();
  server = await TestServer.start([
    folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'raw/model.mjs': RAW, 'counting/model.mjs': COUNTING, 'counting/model.json': '{"deterministic":true}' }),
    `--log_url=${await sink.listen()}`, '--log_redact=instances.*.0, predictions', '--log_headers=x-tenant',
  ], { env: { INFERENCE_SERVICE_NAME: 'isvc' } });
}, 60_000);

afterAll(async () => {
  await server.stop();
  sink.close();
});

const EVENT = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': 'test', 'ce-type': 'in', 'content-type': 'application/json' };

describe('11. CloudEvents', () => {
  test('binary mode is answered in kind', async () => {
    const reply = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] }, headers: EVENT });

    expect(reply.json).toEqual({ predictions: [[1, 2]] });
    expect(reply.headers).toMatchObject({ 'ce-specversion': '1.0', 'ce-source': 'io.kserve.inference.m', 'ce-type': 'io.kserve.inference.response', 'content-type': 'application/json' });
    expect(reply.headers['ce-id']).not.toBe('e1');
  });

  test('a large event is answered in kind', async () => {
    const instances = Array.from({ length: 150_000 }, (_, i) => [i, 2]);
    const reply = await server.call('/v1/models/m:predict', { body: { instances }, headers: EVENT });

    expect(reply.headers['ce-type']).toBe('io.kserve.inference.response');
    expect(JSON.stringify(reply.json.predictions) === JSON.stringify(instances)).toBe(true);
  });

  test('structured mode is answered in kind', async () => {
    const event = { specversion: '1.0', id: 'e2', source: 'test', type: 'in', data: { instances: [[1, 2]] } };
    const reply = await server.call('/v1/models/m:predict', { body: event, headers: { 'content-type': 'application/cloudevents+json' } });

    expect(reply.headers['content-type']).toBe('application/cloudevents+json');
    expect(reply.json).toMatchObject({ specversion: '1.0', source: 'io.kserve.inference.m', type: 'io.kserve.inference.response', data: { predictions: [[1, 2]] } });
  });

  test('other data than JSON reaches preprocess as bytes', async () => {
    expect((await server.call('/v1/models/raw:predict', { body: Buffer.from([1, 2, 3]), headers: { ...EVENT, 'content-type': 'image/png' } })).json).toEqual({ predictions: ['bytes 3'] });
    expect((await server.call('/v1/models/m:predict', { body: Buffer.from([1, 2, 3]), headers: { ...EVENT, 'content-type': 'image/png' } })).status).toBe(415);
  });

  test.each([
    ['bytes in structured mode', { 'content-type': 'application/cloudevents+json' }, JSON.stringify({ specversion: '1.0', id: 'e', source: 's', type: 't', datacontenttype: 'image/png', data_base64: 'AQID' }), { data: { predictions: ['bytes 3'] } }],
    ['a text in structured mode', { 'content-type': 'application/cloudevents+json' }, JSON.stringify({ specversion: '1.0', id: 'e', source: 's', type: 't', datacontenttype: 'text/plain', data: 'four' }), { data: { predictions: ['bytes 4'] } }],
    ['a text in binary mode', { ...EVENT, 'content-type': 'text/plain' }, '[1]', { predictions: ['bytes 3'] }],
    ['JSON of the type that curl gives it', { ...EVENT, 'content-type': 'application/x-www-form-urlencoded' }, '{"instances":[1,2]}', { predictions: [2] }],
    ['JSON under data_base64', { 'content-type': 'application/cloudevents+json' }, JSON.stringify({ specversion: '1.0', id: 'e', source: 's', type: 't', data_base64: Buffer.from('{"instances":[1,2]}').toString('base64') }), { data: { predictions: [2] } }],
  ])("what reaches preprocess is told by the event's data: %s", async (_, headers, body, reply) => {
    expect((await server.call('/v1/models/raw:predict', { body, headers })).json).toMatchObject(reply);
  });

  test('an explanation is answered in kind', async () => {
    const reply = await server.call('/v1/models/raw:explain', { body: { instances: [1, 2] }, headers: EVENT });

    expect(reply).toMatchObject({ json: { explanations: [2] }, headers: { 'ce-source': 'io.kserve.inference.raw', 'ce-type': 'io.kserve.inference.response' } });
  });

  test.each([
    ['a batch', '[]', { 'content-type': 'application/cloudevents-batch+json' }, 415],
    ['an event without an id', '{"instances":[[1,2]]}', { 'ce-specversion': '1.0', 'ce-source': 's', 'ce-type': 't' }, 400],
    ['a structured event without data', '{"specversion":"1.0","id":"1","source":"s","type":"t"}', { 'content-type': 'application/cloudevents+json' }, 400],
  ])('%s is refused', async (_, body, headers, status) => {
    expect((await server.call('/v1/models/m:predict', { body, headers: headers as unknown as { [name: string]: string } })).status).toBe(status);
  });

  test('an error is answered as any other', async () => {
    expect(await server.call('/v1/models/m:predict', { body: { instances: 1 }, headers: EVENT })).toMatchObject({ status: 400, json: { error: "'instances' must be a list" } });
  });
});

test('requests and replies go to the sink with one id, redacted', async () => {
  await server.call('/v1/models/m:predict', { body: { instances: [[42, 2]] }, headers: { 'x-request-id': 'r1', 'x-tenant': 'acme', 'x-secret': 'no' } });
  await sink.of('r1', 2);

  expect(sink.events.filter(({ headers }) => headers['ce-id'] === 'r1').map(({ headers, body }) => [headers['ce-type'], headers['ce-id'], headers['ce-inferenceservicename'], headers['ce-metadata'], body]).sort()).toEqual([
    ['org.kubeflow.serving.inference.request', 'r1', 'isvc', '{"x-tenant":"acme"}', '{"instances":[["[REDACTED]",2]]}'],
    ['org.kubeflow.serving.inference.response', 'r1', 'isvc', '{"x-tenant":"acme"}', '{"predictions":"[REDACTED]"}'],
  ]);
});

test('what is logged is what came, though the memory of bodies is used again', async () => {
  const slow = new Sink((res) => setTimeout(() => res.end(), 100));
  const logging = await TestServer.start([folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT) }), `--log_url=${await slow.listen()}`, '--log_mode=request']);
  const client = new grpc.Client(`127.0.0.1:${logging.grpcPort}`, grpc.credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const call = (id: string, fill: number): Promise<unknown> => new Promise((resolve, reject) => {
    const metadata = new grpc.Metadata();
    metadata.set('x-request-id', id);
    const message = encodeInferRequest({ modelName: 'm', inputs: [{ name: 'x', datatype: 'FP32', shape: [2500, 2], data: new Float32Array(5000).fill(fill) }] });
    client.makeUnaryRequest('/inference.GRPCInferenceService/ModelInfer', same, same, message, metadata, (error, reply) => (error === null ? resolve(reply) : reject(error)));
  });
  for (let i = 0; i < 20; i++) {
    await call(`pool${i}`, i);
  }
  client.close();
  const bodies = await Promise.all(Array.from({ length: 20 }, (_, i) => slow.of(`pool${i}`, 1)));
  await logging.stop();
  slow.close();

  expect(bodies.map(([request]) => [...new Set((JSON.parse(request![1]) as { inputs: { data: number[] }[] }).inputs[0]!.data)])).toEqual(Array.from({ length: 20 }, (_, i) => [i]));
});

test('equal requests to a deterministic model share one run and its answer', async () => {
  const ask = (x: number): Promise<unknown> => server.call('/v1/models/counting:predict', { body: { instances: [x] } }).then((reply) => reply.json);
  const together = await Promise.all([ask(1), ask(1), ask(1)]);
  const later = await ask(1);

  expect([...together, later]).toEqual(Array(4).fill({ predictions: [1] }));
  expect(await ask(2)).toEqual({ predictions: [2] });
  expect((await server.call('/metrics')).body.toString()).toContain('model_server_cache_hits_total{model_name="counting",model_version=""} 3');
});

test('the OpenAPI document describes each model by its metadata', async () => {
  const { json } = await server.call('/openapi.json');

  expect(json.openapi).toBe('3.1.0');
  expect(json.paths['/v1/models/m:predict'].post.requestBody.content['application/json'].schema.properties.instances).toEqual({
    type: 'array', items: { type: 'array', items: { type: ['number', 'null'], description: 'null is NaN' }, minItems: 2, maxItems: 2 },
  });
  expect(Object.keys(json.paths)).toEqual(expect.arrayContaining(['/v2/models/m/infer', '/v2/models/counting/infer', '/v2/health/live']));
});

test('every metric served stands in the catalogue, and every one in the catalogue is served', async () => {
  const served = [...(await server.call('/metrics')).body.toString().matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => `${match[1]} ${match[2]}`);
  const { json } = await server.call('/metrics/catalogue.json');

  expect(served.sort()).toEqual((Object.values(CATALOGUE) as MetricSpec[]).map((spec) => `${spec.name} ${spec.type}`).sort());
  expect(json).toEqual(JSON.parse(JSON.stringify(CATALOGUE)));
});
