import { Duration } from 'cdk8s';
import { Condition, DeploymentMode, GraphNode, KServeRelease, OnError, Step, StepInput } from '../../src';
import { graphOf, to } from './support';

const CHAIN = GraphNode.sequence([to('a'), to('b', { input: StepInput.PREVIOUS })]);

test('the trace says what ran, with what, and why others did not', () => {
  const { graph } = graphOf({ root: GraphNode.sequence([to('a'), to('b', { when: Condition.exists('go') }), to('c')]) });

  const answer = graph.simulate({ json: { x: 1 } }, { responses: { a: { json: { stay: true }, latency: Duration.millis(20) } } });

  expect(answer.trace).toEqual([
    { node: 'root', step: 'a', target: 'http://a/', toNode: false, ran: true, startMillis: 0, durationMillis: 20, request: '{"x":1}', response: '{"stay":true}', status: 200, reason: undefined },
    expect.objectContaining({ step: 'b', ran: false, startMillis: 20, reason: 'its condition does not hold for the previous answer' }),
    expect.objectContaining({ step: 'c', ran: false, reason: 'the sequence stopped before it' }),
  ]);
  expect(answer.toString()).toBe([
    '     0 ms  root/a: 200, 20 ms',
    '    20 ms  root/b: not run: its condition does not hold for the previous answer',
    '    20 ms  root/c: not run: the sequence stopped before it',
    '    20 ms  200 {"stay":true}',
  ].join('\n'));
});

test('responses are found by node and step, step, service and URL; the handler comes last', () => {
  const { graph } = graphOf({ root: CHAIN });
  const bodyOf = (responses: {}) => graph.simulate({ body: '' }, { responses, handler: { handle: ({ step }) => ({ body: `${step} by handler` }) } }).body;

  expect(bodyOf({})).toBe('b by handler');
  expect(bodyOf({ 'http://b/': { body: 'url' } })).toBe('url');
  expect(bodyOf({ 'http://b/': { body: 'url' }, 'b': { body: 'step' } })).toBe('step');
  expect(bodyOf({ 'b': { body: 'step' }, 'root/b': { body: 'node' } })).toBe('node');
});

test('a handler sees what the service would see', () => {
  const calls: unknown[] = [];
  const { graph } = graphOf({ root: CHAIN }, { propagatedHeaders: ['^X-'] });

  graph.simulate({ body: 'first', headers: { 'x-id': '7', 'cookie': 'c' } }, { handler: { handle: (call) => { calls.push(call); return { body: 'answer of a' }; } } });

  expect(calls).toEqual([
    { node: 'root', step: 'a', target: 'http://a/', body: 'first', headers: { 'X-Id': '7', 'Content-Type': 'application/json' } },
    { node: 'root', step: 'b', target: 'http://b/', body: 'answer of a', headers: { 'X-Id': '7', 'Content-Type': 'application/json' } },
  ]);
});

test('a call without a response fails as when nobody listens', () => {
  const answer = graphOf().graph.simulate({ json: {} });

  expect(answer.status).toBe(500);
  expect(answer.json).toEqual({ error: 'Failed to process request', cause: 'Post "http://a/": dial tcp: nobody answers for \'a\' in this simulation' });
});

test('the limit for calls ends them', () => {
  const { graph } = graphOf({ routerTimeouts: { serviceClient: Duration.seconds(2) } });

  const answer = graph.simulate({ json: {} }, { responses: { a: {} }, latencies: { a: Duration.seconds(9) } });

  expect(answer.failure).toBe('Post "http://a/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
  expect(answer.millis).toBe(2000);
});

test('the limit for requests closes the connection', () => {
  const slow = { latency: Duration.seconds(31) };
  const answer = graphOf({ root: CHAIN }).graph.simulate({ json: {} }, { responses: { a: slow, b: slow } });

  expect(answer.status).toBe(0);
  expect(answer.failure).toBe('the answer took 62000 ms, longer than routerTimeouts.serverWrite (60 s)');
});

test('Knative ends a request that takes longer than its timeout', () => {
  const { graph } = graphOf({ deploymentMode: DeploymentMode.KNATIVE, timeout: Duration.seconds(5) });

  expect(graph.simulate({ json: {} }, { responses: { a: { latency: Duration.seconds(6) } } }).status).toBe(504);
});

test('a body that is no JSON goes through, and rubbish stays rubbish', () => {
  const { graph } = graphOf();
  const answer = graph.simulate({ body: '\u0000{"' }, { responses: { a: { status: 418, body: '<html>' } } });

  expect([answer.status, answer.body, answer.headers]).toEqual([418, '<html>', { 'Content-Type': 'text/html; charset=utf-8' }]);
  expect(answer.json).toBeUndefined();
  expect(answer.stepNamed('a').request).toBe('\u0000{"');
});

test('halves of surrogate pairs do not travel', () => {
  expect(graphOf().graph.simulate({ body: 'x\ud800' }, { responses: { a: {} } }).stepNamed('a').request).toBe('x\ufffd');
});

test('asking for a step that was not reached says which were', () => {
  const answer = graphOf().graph.simulate({}, { responses: { a: {} } });

  expect(() => answer.stepNamed('b')).toThrow('KSV2035: no step \'b\' was reached in the simulation.\n      Fix: ask for one of root/a.');
});

test('the release decides how splitters draw', () => {
  const root = GraphNode.splitter([to('a', { weight: 100 })]);
  const closed = (release: KServeRelease) => {
    const { graph } = graphOf({ root }, { release });
    return Array.from({ length: 500 }, (_, seed) => graph.simulate({}, { seed, responses: { a: {} } })).filter(({ status }) => status === 0).length;
  };

  expect(closed(KServeRelease.V0_19)).toBe(0);
  expect(closed(KServeRelease.V0_18)).toBeGreaterThan(0);
});

test('failures may be tolerated', () => {
  const { graph } = graphOf({ root: GraphNode.ensemble([to('a', { onError: OnError.CONTINUE }), to('b')]) });

  const answer = graph.simulate({}, { responses: { a: { status: 503, json: { error: 'busy' } }, b: { json: { predictions: [1] } } } });

  expect([answer.status, answer.json]).toEqual([200, { a: { error: 'busy' }, b: { predictions: [1] } }]);
});

test('the cost of a step does not grow with the number of steps', () => {
  const long = (count: number) => graphOf({ root: GraphNode.sequence(Array.from({ length: count }, (_, i) => to(`s${i}`, i === 0 ? {} : { input: StepInput.PREVIOUS, when: Condition.exists('ok') }))) }).graph;
  const [few, many] = [long(50), long(1000)];
  const perStep = (graph: typeof few, steps: number) => {
    const runs = Math.ceil(8000 / steps);
    const handler = { handle: () => ({ body: '{"ok":true}' }) };
    const start = process.cpuUsage();
    for (let run = 0; run < runs; run++) {
      expect(graph.simulate({ json: {} }, { handler }).calls).toHaveLength(steps);
    }
    return process.cpuUsage(start).user / (runs * steps);
  };
  perStep(few, 50); // warms up

  const ratios = [1, 2, 3].map(() => perStep(many, 1000) / perStep(few, 50));

  expect(Math.min(...ratios)).toBeLessThan(3);
});

test('a graph addressed as a service is called by its URL', () => {
  const { graph } = graphOf({ root: GraphNode.sequence([Step.toUrl('http://inner.models.svc.cluster.local', { name: 'inner' })]) });

  expect(graph.simulate({}, { responses: { 'http://inner.models.svc.cluster.local': { body: 'ok' } } }).body).toBe('ok');
});
