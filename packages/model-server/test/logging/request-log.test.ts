import { parseFlags } from '../../src/cli/flags';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { Body, RequestLog } from '../../src/logging/request-log';
import { Metrics } from '../../src/metrics/registry';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';
import { Sink } from '../support/sink';

const EXPLAINER = `
import { defineModel } from 'kserve-model-server';
export default defineModel({ predict: () => ({ predictions: [1] }), explain: () => ({ explanations: [2] }) });
`;

describe('a server', () => {
  let sink: Sink;
  let server: TestServer;
  let client: PredictorClient;

  beforeAll(async () => {
    sink = new Sink();
    server = await TestServer.start([
      folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'half/model.onnx': identityModel(ELEMENT.DOUBLE), 'user/model.mjs': EXPLAINER }),
      `--log_url=${await sink.listen()}`, '--log_redact=inputs.*.data.0', '--access_log_sample=1', '--enable_latency_logging',
    ]);
    client = new PredictorClient({ host: `127.0.0.1:${server.grpcPort}`, protocol: 'grpc-v2' });
  }, 60_000);

  afterAll(async () => {
    client.close();
    await server.stop();
    sink.close();
  });

  const request = (values: number[], model = 'm', datatype: 'FP32' | 'FP64' = 'FP32'): InferRequest => new InferRequest(model, [new InferTensor('x', datatype, [1, 2], values)], { id: 'i' });

  test('logs gRPC as the V2 JSON it stands for, redacted', async () => {
    await client.infer(request([42, 2]), { headers: { 'x-request-id': 'g1' } });

    expect(await sink.of('g1', 2)).toEqual([
      ['request', '{"id":"i","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":["[REDACTED]",2]}]}'],
      ['response', '{"model_name":"m","id":"i","outputs":[{"name":"y","shape":[1,2],"datatype":"FP32","data":[42,2]}]}'],
    ]);
  });

  test('logs what a failed call was answered', async () => {
    await expect(client.infer(request([1, 2], 'm', 'FP64'), { headers: { 'x-request-id': 'g2' } })).rejects.toThrow(/must be FP32/);
    await server.call('/v1/models/m:predict', { body: { instances: 1 }, headers: { 'x-request-id': 'h2' } });

    expect((await sink.of('g2', 2))[1]).toEqual(['response', '{"error":"input \'x\' must be FP32, but is FP64"}']);
    expect((await sink.of('h2', 2))[1]).toEqual(['response', '{"error":"\'instances\' must be a list"}']);
  });

  test('logs explanations', async () => {
    await server.call('/v1/models/user:explain', { body: { instances: [1] }, headers: { 'x-request-id': 'e1' } });

    expect(await sink.of('e1', 2)).toEqual([['request', '{"instances":[1]}'], ['response', '{"explanations":[2]}']]);
  });

  test('keeps the header that tells where binary tensors begin', async () => {
    const { body, headers } = request([1, 2]).toRest({ binary: true });
    await server.call('/v2/models/m/infer', { body, headers: { ...headers, 'x-request-id': 'b1' } });
    await sink.of('b1', 2);

    const lengths = sink.events.filter((event) => event.headers['ce-id'] === 'b1').map((event) => Number(event.headers['inference-header-content-length']));
    expect(lengths.filter((length) => length > 0)).toHaveLength(2);
  });

  test('counts as lost what has no form in the log, and answers it all the same', async () => {
    await client.infer(request([Infinity, 2]), { headers: { 'x-request-id': 'f1' } });
    await expect(client.infer(new InferRequest('m', [new InferTensor('x', 'FP16', [1, 2], Uint16Array.of(1, 2))]), { headers: { 'x-request-id': 'f2' } })).rejects.toThrow(/must be FP32/);
    const answer = await sink.of('f2', 1);
    const { body } = await server.call('/metrics');

    expect(body.toString()).toContain('model_server_request_log_lost_total{reason="form"} 3');
    expect([await sink.of('f1', 0), answer]).toEqual([[], [['response', expect.stringContaining('FP16')]]]);
  });

  test('has an access line for REST and gRPC alike, with the id and the time of each stage', async () => {
    await client.infer(request([1, 2]), { headers: { 'x-request-id': 'a1' } });
    await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] }, headers: { 'x-request-id': 'a1' } });
    const lines = (): string[] => server.output.split('\n').slice(0, -1).filter((line) => line.includes('"requestId":"a1"'));
    for (let i = 0; i < 250 && lines().length < 2; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }

    expect(lines().map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ model: 'm', protocol: 'grpc', status: 0, milliseconds: expect.any(Number), queueMs: expect.any(Number), runMs: expect.any(Number), batchRows: 1 }),
      expect.objectContaining({ model: 'm', protocol: 'v1', status: 200, milliseconds: expect.any(Number), queueMs: expect.any(Number), runMs: expect.any(Number), batchRows: 1 }),
    ]);
  });
});

test('a sink that does not answer holds up no request', async () => {
  const sink = new Sink(() => undefined);
  const server = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) }), '--model_name=m', `--log_url=${await sink.listen()}`]);
  const statuses = new Set<number>();
  for (let i = 0; i < 700; i++) {
    statuses.add((await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] } })).status);
  }
  const lost = /request_log_lost_total\{reason="queue"\} (\d+)/.exec((await server.call('/metrics')).body.toString())![1];
  await server.stop();
  sink.close();

  // five are being sent, a thousand wait
  expect({ statuses: [...statuses], lost }).toEqual({ statuses: [200], lost: String(2 * 700 - 1005) });
}, 30_000);

describe('what is logged', () => {
  const body = (text: string): Body => ({ bytes: Buffer.from(text), type: 'application/json' });
  const openWith = async (env: NodeJS.ProcessEnv, sink: Sink, ...flags: string[]): Promise<{ log: RequestLog; metrics: Metrics }> => {
    const metrics = new Metrics();
    return { log: new RequestLog(parseFlags([`--log_url=${await sink.listen()}`, ...flags], {}).settings, metrics, env), metrics };
  };
  const open = (sink: Sink, ...flags: string[]) => openWith({}, sink, ...flags);
  const call = (id: string) => ({ id, headers: {}, path: '/' });

  test.each([['all', ['request', 'response']], ['request', ['request']], ['response', ['response']]])('--log_mode=%s', async (mode, kinds) => {
    const sink = new Sink();
    const { log } = await open(sink, `--log_mode=${mode}`);
    log.request(call('1'), body('"q"'));
    log.response(call('1'), body('"r"'));
    await log.flush(5000);
    sink.close();

    expect((await sink.of('1', 0)).map(([kind]) => kind)).toEqual(kinds);
  });

  test('--log_sample is the share of requests', async () => {
    const sink = new Sink();
    const { log } = await open(sink, '--log_sample=0.25');
    sink.close();
    const random = jest.spyOn(Math, 'random');
    const taken = [0, 0.2499, 0.25, 0.9].map((value) => random.mockReturnValueOnce(value) && log.sampled());
    random.mockRestore();

    expect(taken).toEqual([true, true, false, false]);
  });

  test('attributes that no header can carry as they are come percent-encoded', async () => {
    const sink = new Sink();
    const { log } = await openWith({ COMPONENT: 'größe\r\n模型\ud800', POD_NAMESPACE: 'a b%"' }, sink, '--log_headers=x-user');
    log.request({ id: '1', headers: { 'x-user': 'Zoë' }, path: '/é' }, body('1'));
    await log.flush(5000);
    sink.close();

    expect(sink.events.map(({ headers }) => [headers['ce-component'], headers['ce-namespace'], headers['ce-endpoint'], headers['ce-metadata']])).toEqual([
      ['gr%C3%B6%C3%9Fe%0D%0A%E6%A8%A1%E5%9E%8B%EF%BF%BD', 'a b%"', '/%C3%A9', '{"x-user":"Zo%C3%AB"}'],
    ]);
  });

  test('an event that cannot be sent at all is counted, and keeps none of the others', async () => {
    const sink = new Sink();
    const { log, metrics } = await open(sink);
    for (let i = 0; i < 10; i++) {
      log.request(call('1'), { ...body('1'), type: 'a\nb' });
    }
    log.request(call('2'), body('2'));
    await log.flush(5000);
    sink.close();

    expect([metrics.server.value('logLost', 'sink').value, metrics.server.value('logSent').value, await sink.of('2', 1)]).toEqual([10, 1, [['request', '2']]]);
  });

  test.each(['nowhere', 'ftp://a/b'])('a sink that nothing can be sent to is refused at the start: %s', (url) => {
    expect(() => new RequestLog(parseFlags([`--log_url=${url}`], {}).settings, new Metrics(), {})).toThrow(`--log_url is '${url}', but must be the URL of a CloudEvents sink, http://… or https://…`);
  });

  test('an event that the sink refuses, and one that is too large, are counted', async () => {
    const sink = new Sink((res) => res.writeHead(500).end());
    const { log, metrics } = await open(sink);
    log.request(call('1'), body('1'));
    log.request(call('2'), { bytes: Buffer.alloc(17 * 1024 * 1024), type: 'application/octet-stream' });
    await log.flush(5000);
    sink.close();

    expect(['sink', 'size', 'queue', 'form'].map((reason) => metrics.server.value('logLost', reason).value)).toEqual([1, 1, 0, 0]);
    expect(metrics.server.value('logSent').value).toBe(0);
  });

  test.each([['is not redacted is sent', [], 0], ['is to be redacted is lost', ['--log_redact=a'], 1]])('a body of 2 MiB that %s', async (_, flags, lost) => {
    const sink = new Sink();
    const { log, metrics } = await open(sink, ...flags);
    log.request(call('1'), body(JSON.stringify('x'.repeat(2 << 20))));
    await log.flush(5000);
    sink.close();

    expect([metrics.server.value('logSent').value, metrics.server.value('logLost', 'size').value]).toEqual([1 - lost, lost]);
  });

  test('the queue is sent before the end', async () => {
    const sink = new Sink((res) => setTimeout(() => res.end(), 20));
    const { log } = await open(sink);
    for (let i = 0; i < 50; i++) {
      log.request(call('1'), body(String(i)));
    }
    await log.flush(10_000);
    sink.close();

    expect(sink.events).toHaveLength(50);
  });
});
