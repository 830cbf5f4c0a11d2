import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;

/** Passes requests on, whatever the predictor speaks. */
const TRANSFORMER = `
import { defineModel, InferRequest, InferResponse, InferTensor } from 'kserve-model-server';
export default defineModel({
  preprocess: (payload) => payload instanceof InferRequest ? payload : new InferRequest('m', [InferTensor.of('x', 'FP32', payload.instances)]),
  postprocess: (reply, { protocol }) => protocol === 'v1' ? { predictions: [1] } : reply instanceof InferResponse ? reply : new InferResponse('m', [InferTensor.of('y', 'FP32', reply.predictions)]),
});
`;

/** Keeps finished spans in a file, a line each. */
const exporter = (file: string): string => `
const { trace, propagation } = require(${JSON.stringify(require.resolve('@opentelemetry/api'))});
const { BasicTracerProvider, SimpleSpanProcessor } = require(${JSON.stringify(require.resolve('@opentelemetry/sdk-trace-base'))});
const { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } = require(${JSON.stringify(require.resolve('@opentelemetry/core'))});
exports.register = () => {
  const keep = { export(spans, done) {
    for (const span of spans) {
      require('node:fs').appendFileSync(${JSON.stringify(file)}, JSON.stringify({
        name: span.name, trace: span.spanContext().traceId, id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId, attributes: span.attributes, status: span.status.code }) + '\\n');
    }
    done({ code: 0 });
  }, shutdown: async () => undefined };
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(keep)] }));
  propagation.setGlobalPropagator(new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }));
};
`;

interface Kept { readonly name: string; readonly trace: string; readonly id: string; readonly parent?: string; readonly attributes: { readonly [key: string]: unknown }; readonly status: number }

/** A server whose spans can be read; `sdk` is how OpenTelemetry comes into it. */
async function traced(model: { readonly [path: string]: string | Uint8Array }, args: readonly string[], sdk: 'preloaded' | 'installed' = 'preloaded') {
  const folder = folderWith({ spans: '' });
  const file = join(folder, 'spans');
  const files = folderWith({
    'register.cjs': `${exporter(file)}\nexports.register();`,
    'node_modules/@opentelemetry/sdk-node/index.js': `${exporter(file)}\nexports.NodeSDK = class { start() { exports.register(); } async shutdown() { console.log('shut down'); } };`,
  });
  const env = sdk === 'preloaded' ? { NODE_OPTIONS: `--require ${join(files, 'register.cjs')}` } : { NODE_PATH: join(files, 'node_modules') };
  const server = await TestServer.start([folderWith(model), '--model_name=m', ...args], { env: { ...env, OTEL_SERVICE_NAME: 'test' } });
  return { server, spans: (): Kept[] => readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Kept) };
}

const ONNX = { 'model.onnx': identityModel(ELEMENT.FLOAT) };
const HEADERS = { traceparent: TRACEPARENT, baggage: 'tenant=acme' };

test.each(['v1', 'v2', 'grpc-v2'] as const)('a call through a transformer to its predictor (%s) is one trace', async (protocol) => {
  const behind = await traced(ONNX, []);
  const front = await traced({ 'model.mjs': TRANSFORMER }, [`--predictor_host=127.0.0.1:${protocol === 'grpc-v2' ? behind.server.grpcPort : behind.server.httpPort}`, `--predictor_protocol=${protocol}`]);
  const { status } = await front.server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] }, headers: HEADERS });
  const client = new PredictorClient({ host: `127.0.0.1:${front.server.grpcPort}`, protocol: 'grpc-v2' });
  await client.infer(new InferRequest('m', [InferTensor.of('x', 'FP32', [[1, 2]])]), { headers: HEADERS });
  client.close();
  await front.server.stop();
  await behind.server.stop();

  const outer = front.spans();
  const inner = behind.spans();
  expect(status).toBe(200);
  expect(outer.map(({ name, trace, parent, attributes }) => ({ name, trace, parent, protocol: attributes['server.protocol'], model: attributes['model.name'] }))).toEqual([
    { name: 'infer m', trace: TRACE, parent: CALLER, protocol: 'v1', model: 'm' },
    { name: 'infer m', trace: TRACE, parent: CALLER, protocol: 'grpc', model: 'm' },
  ]);
  expect(inner.map(({ trace, parent }) => ({ trace, parent }))).toEqual(outer.map(({ id }) => ({ trace: TRACE, parent: id })));
  expect(inner[0]!.attributes).toMatchObject({ 'inference.batchRows': 1, 'inference.runMs': expect.any(Number), 'inference.queueMs': expect.any(Number) });
}, 60_000);

test('a failure of the model marks the span, a caller\'s mistake does not', async () => {
  const { server, spans } = await traced({ 'model.mjs': "import { defineModel, InvalidInput } from 'kserve-model-server'; export default defineModel({ predict(body) { throw body.mine ? new InvalidInput('no') : new TypeError('oh'); } });" }, []);
  await server.call('/v1/models/m:predict', { body: { mine: true } });
  await server.call('/v1/models/m:predict', { body: {}, headers: { 'x-request-id': 'r7' } });
  await server.stop();

  expect(spans().map(({ attributes, status }) => [attributes['response.status'], status])).toEqual([[400, 0], [500, 2]]);
  const line = server.output.split('\n').find((text) => text.includes('"requestId":"r7"'));
  expect(JSON.parse(line!)).toMatchObject({ level: 50, model: 'm', protocol: 'v1', msg: 'TypeError : oh', stack: expect.stringContaining('model.mjs') });
}, 30_000);

const STREAM = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'BYTES', shape: [1] } },
  async *predict({ x }, { headers }) {
    yield { y: [headers.traceparent] };
    if (x.data[0] === 2) throw new Error('oh');
    while (x.data[0] === 3) { yield { y: ['more'] }; await new Promise((resolve) => setTimeout(resolve, 10)); }
  },
});
`;

test('a stream is a span and a line of the log to its end, refusal, failure or leave', async () => {
  const { server, spans } = await traced({ 'model.mjs': STREAM }, ['--access_log_sample=1']);
  const url = `http://127.0.0.1:${server.httpPort}/v2/models/m/generate_stream`;
  const ask = (x: unknown, signal?: AbortSignal): Promise<Response> => fetch(url, { method: 'POST', body: JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [x] }] }), headers: HEADERS, signal });
  const [seen] = /00-\w+-\w+-01/.exec(await (await ask(1)).text())!;
  await (await ask(2)).text();
  await (await ask('none')).text();
  const left = new AbortController();
  await (await ask(3, left.signal)).body!.getReader().read();
  left.abort();
  const lines = (): { readonly [key: string]: unknown }[] => server.output.split('\n').filter((text) => text.includes('"msg":"request"')).map((text) => JSON.parse(text) as { [key: string]: unknown });
  for (const end = performance.now() + 10_000; lines().length < 4 && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await server.stop();

  expect(spans().map(({ trace, parent, attributes, status }) => [trace, parent, attributes['server.protocol'], attributes['response.status'], status])).toEqual([200, 500, 400, 499].map((status) => [TRACE, CALLER, 'stream', status, status === 500 ? 2 : 0]));
  expect(seen).toBe(`00-${TRACE}-${spans()[0]!.id}-01`);
  expect(lines().map(({ protocol, status, milliseconds }) => [protocol, status, typeof milliseconds])).toEqual([['stream', 200, 'number'], ['stream', 500, 'number'], ['stream', 400, 'number'], ['stream', 499, 'number']]);
}, 30_000);

test('the SDK is started where OTEL_ variables are set and it is installed, and sends what is left at the end', async () => {
  const { server, spans } = await traced(ONNX, [], 'installed');
  await server.call('/v2/models/m/infer', { body: { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] }, headers: HEADERS });
  await server.stop();

  expect(spans().map(({ trace, parent }) => ({ trace, parent }))).toEqual([{ trace: TRACE, parent: CALLER }]);
  expect(server.output).toContain('shut down');
}, 30_000);

test('without the SDK the server warns and serves', async () => {
  const server = await TestServer.start([folderWith(ONNX), '--model_name=m'], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
  const { status } = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] } });
  await server.stop();

  expect(status).toBe(200);
  expect(server.output).toContain('OTEL_ variables are set, but @opentelemetry/sdk-node cannot be loaded');
}, 30_000);
