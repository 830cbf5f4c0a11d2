import type { RouterSpec } from '../../../src/graph/graph-spec';
import { Outcome, Router, RouterReply } from '../../../src/graph/simulator/router';

const url = (id: string) => ({ name: id, serviceUrl: `http://${id}` });
const reply = (body: string, status = 200, latency = 0): RouterReply => ({ status, body, latency });

interface World { exact?: boolean; random?: (count: number) => number }

function run(spec: RouterSpec, body: string, replies: { [id: string]: RouterReply }, world: World = {}): Outcome {
  return new Router(spec, {
    splitterExact: world.exact ?? true,
    call: ({ step }) => replies[step.name!],
    random: world.random ?? (() => 0),
  }).run(body);
}

test('a node that calls itself ends in a crash and not in an endless loop', () => {
  const outcome = run({ nodes: { root: { routerType: 'Ensemble', steps: [{ nodeName: 'root' }, { nodeName: 'root' }] } } }, '{}', {});

  expect(outcome).toMatchObject({ kind: 'crash', process: true, cause: 'node \'root\' calls itself without end' });
});

test('an unknown node is an invalid route type', () => {
  expect(run({ nodes: { root: { routerType: 'Sequence', steps: [{ nodeName: 'toString' }] } } }, '{}', {}))
    .toEqual({ kind: 'error', status: 500, cause: 'invalid route type: ', at: 0 });
});

test('an unmatched switch is 404 at the root and 500 inside', () => {
  const choice = { routerType: 'Switch', steps: [{ ...url('a'), condition: 'x' }] };

  expect(run({ nodes: { root: choice } }, '{}', {})).toMatchObject({ kind: 'error', status: 404 });
  expect(run({ nodes: { root: { routerType: 'Sequence', steps: [{ nodeName: 'choice' }] }, choice } }, '{}', {})).toMatchObject({ kind: 'error', status: 500 });
});

test('the first step gets the request even if it asks for the previous answer', () => {
  const bodies: string[] = [];
  const steps = ['a', 'b', 'c'].map((id) => ({ ...url(id), data: id === 'c' ? '$response.predictions' : '$response' }));
  const world = { splitterExact: true, random: () => 0, call: ({ body, step }: { body: string; step: { name?: string } }) => { bodies.push(body); return reply(`answer of ${step.name}`); } };

  new Router({ nodes: { root: { routerType: 'Sequence', steps } } }, world).run('request');

  expect(bodies).toEqual(['request', 'answer of a', 'request']);
});

test('before it was fixed, a splitter could draw a number without a branch', () => {
  const spec = { nodes: { root: { routerType: 'Splitter', steps: [{ ...url('a'), weight: 100 }] } } };
  const random = (count: number) => count - 1;

  expect(run(spec, '{}', { a: reply('{}') }, { random })).toMatchObject({ kind: 'answer' });
  expect(run(spec, '{}', { a: reply('{}') }, { random, exact: false })).toMatchObject({ kind: 'crash', process: false });
  const ensemble = { nodes: { root: { routerType: 'Ensemble', steps: [{ nodeName: 'split' }] }, split: spec.nodes.root } };
  expect(run(ensemble, '{}', { a: reply('{}') }, { random, exact: false })).toMatchObject({ kind: 'crash', process: true });
});

test('an ensemble hears of an error before the slow member that it waits for', () => {
  const spec = { nodes: { root: { routerType: 'Ensemble', steps: [url('slow'), url('bad')] } } };

  expect(run(spec, '{}', { slow: reply('{}', 200, 500), bad: reply('[]', 200, 20) })).toMatchObject({ kind: 'error', status: 500, at: 20 });
});

test('an ensemble takes as long as its slowest member and a sequence as all of its steps', () => {
  const steps = [url('a'), url('b')];
  const replies = { a: reply('{}', 200, 30), b: reply('{}', 200, 50) };

  expect(run({ nodes: { root: { routerType: 'Ensemble', steps } } }, '{}', replies).at).toBe(50);
  expect(run({ nodes: { root: { routerType: 'Sequence', steps } } }, '{}', replies).at).toBe(80);
});

test('members of an ensemble may answer null but no list', () => {
  const spec = { nodes: { root: { routerType: 'Ensemble', steps: [url('a')] } } };

  expect(run(spec, '', { a: reply('null') })).toMatchObject({ body: '{"a":null}' });
  expect(run(spec, '', { a: reply('[]') })).toMatchObject({ cause: 'json: cannot unmarshal array into Go value of type map[string]interface {}' });
});
