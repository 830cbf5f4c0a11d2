import type { RouterNode } from '../../../src/graph/graph-spec';
import type { Scenario } from './arbitrary';
import type { ServicePlan } from './jobs';

const at = (id: string) => ({ serviceUrl: `http://127.0.0.1:9000/${id}` });

function slow(delays: { [id: string]: Partial<ServicePlan> }, root: RouterNode, timeouts: { serverWrite?: number; serviceClient?: number } = {}): Scenario {
  const services = Object.fromEntries(Object.entries(delays).map(([id, plan]) => [id, { status: 200, body: `{"from":"${id}"}`, delay: 0, hangUp: false, ...plan }]));
  return { spec: { nodes: { root }, routerTimeouts: timeouts }, services, requests: [{ body: '{"a":1}', headers: {} }] };
}

const BOTH = [{ name: 'x', ...at('x') }, { name: 'y', ...at('y') }];

/** Graphs whose outcome depends on how long services take. */
export const SLOW: Scenario[] = [
  slow({ x: { delay: 1400 }, y: {} }, { routerType: 'Sequence', steps: BOTH }, { serviceClient: 1 }),
  slow({ x: { delay: 300 }, y: { delay: 300 } }, { routerType: 'Sequence', steps: BOTH }, { serviceClient: 1 }),
  slow({ x: { delay: 300 }, y: { delay: 1400 } }, { routerType: 'Ensemble', steps: BOTH }, { serviceClient: 1 }),
  slow({ x: { delay: 700 }, y: { delay: 700 } }, { routerType: 'Sequence', steps: BOTH }, { serverWrite: 1 }),
  slow({ x: { delay: 700 }, y: { delay: 700 } }, { routerType: 'Ensemble', steps: BOTH }, { serverWrite: 1 }),
  slow({ x: { delay: 1300 }, y: {} }, { routerType: 'Sequence', steps: BOTH }, { serverWrite: 0, serviceClient: 0 }),
  // an error is heard as soon as it happens, a failed dependency only in its turn
  slow({ x: { delay: 400, status: 503 }, y: { body: 'rubbish' } }, { routerType: 'Ensemble', steps: BOTH.map((step) => ({ ...step, dependency: 'Hard' })) }),
  slow({ x: { status: 503 }, y: { delay: 400, body: 'rubbish' } }, { routerType: 'Ensemble', steps: BOTH.map((step) => ({ ...step, dependency: 'Hard' })) }),
  slow({ x: { delay: 400 }, y: { status: 500 } }, { routerType: 'Ensemble', steps: BOTH.map((step) => ({ ...step, dependency: 'Hard' })) }),
  slow({ x: { delay: 400 }, y: { body: 'rubbish', delay: 100 } }, { routerType: 'Ensemble', steps: BOTH }),
  slow({ x: { body: '[]', delay: 100 }, y: { body: 'rubbish', delay: 400 } }, { routerType: 'Ensemble', steps: BOTH }),
];
