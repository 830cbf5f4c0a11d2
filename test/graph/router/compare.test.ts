import type { Scenario } from './arbitrary';
import { compare } from './compare';
import type { RealAnswer } from './jobs';
import type { RouterRooms } from './real-router';

const NO_BRANCH = 'None of the routes matched with the switch condition';
const service = (name: string) => `http://127.0.0.1:9000/${name}`;

/** Two members fail: a switch at once, a splitter of v0.16 by ending the process. A third is called, unless that is too late. */
const SCENARIO: Scenario = {
  spec: {
    nodes: {
      root: { routerType: 'Ensemble', steps: [{ nodeName: 'switch' }, { nodeName: 'splitter' }, { serviceUrl: service('c') }] },
      switch: { routerType: 'Switch', steps: [{ condition: 'absent', serviceUrl: service('a') }] },
      splitter: { routerType: 'Splitter', steps: [{ weight: 100, serviceUrl: service('b') }] },
    },
  },
  services: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { status: 200, body: '{}', delay: 0, hangUp: false }])),
  requests: [{ body: '{}', headers: {} }],
};

const FAILED: Omit<RealAnswer, 'calls' | 'ended'> = { status: 500, body: `{"error":"Failed to process request","cause":"${NO_BRANCH}"}`, contentType: 'application/json' };

async function differences(answer: RealAnswer, splitterExact = false): Promise<number> {
  const rooms = { run: async () => ({ answers: [answer] }) } as unknown as RouterRooms;
  return (await compare(rooms, 'router', splitterExact, SCENARIO)).differences.length;
}

const called = (...names: string[]) => names.map((name) => ({ service: name, body: '{}', headers: { 'content-type': 'application/json' } }));

test.each([
  ['all calls of an answer are made', { calls: called('b', 'c'), ended: false }, 0],
  ['a call is missing and the router goes on', { calls: called('c'), ended: false }, 1],
  ['a call is missing because the router ended', { calls: called('c'), ended: true }, 0],
  ['no call is made because the router ended', { calls: [], ended: true }, 0],
  ['the router ended, and made a call that nothing asks for', { calls: called('a'), ended: true }, 1],
  ['the router ended, and made a call twice', { calls: called('c', 'c'), ended: true }, 1],
])('when %s', async (_, seen, count) => {
  expect(await differences({ ...FAILED, ...seen })).toBe(count);
});

test('a router whose splitters always choose must not end', async () => {
  expect(await differences({ ...FAILED, calls: called('c'), ended: true }, true)).toBe(1);
});
