import * as fc from 'fast-check';
import type { RouterNode, RouterSpec, RouterStep } from '../../../src/graph/graph-spec';
import { conditionPath } from './arbitrary-conditions';
import { jsonBody } from './arbitrary-bodies';
import type { ServicePlan } from './jobs';

/** A graph with what its services answer and requests for it. */
export interface Scenario {
  readonly spec: RouterSpec;
  readonly services: { [id: string]: ServicePlan };
  readonly propagate?: string[];
  readonly requests: { body: string; headers: { [name: string]: string } }[];
}

const TYPES = ['Sequence', 'Sequence', 'Switch', 'Ensemble', 'Splitter'] as const;

/** Weights whose branches begin at 0, 10, 25, 50 or 100. */
const WEIGHTS: { [count: number]: number[][] } = {
  1: [[100]],
  2: [[10, 90], [50, 50], [0, 100], [100, 0], [25, 75], [-10, 110]],
  3: [[10, 40, 50], [25, 25, 50], [0, 50, 50], [10, 15, 75]],
  4: [[10, 15, 25, 50], [0, 25, 75, 0], [10, 0, 40, 50]],
};

interface StepSeed {
  readonly name?: string;
  readonly data?: string;
  readonly map: boolean;
  readonly condition: string;
  readonly useCondition: boolean;
  readonly dependency?: string;
  readonly target: number;
  readonly plan: ServicePlan;
  readonly child?: NodeSeed;
}

interface NodeSeed {
  readonly type: typeof TYPES[number];
  readonly weights: number;
  readonly steps: StepSeed[];
}

const plan: fc.Arbitrary<ServicePlan> = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 200, 201, 204, 299, 304, 400, 404, 422, 500, 503),
  body: jsonBody,
  delay: fc.constant(0),
  hangUp: fc.integer({ min: 0, max: 29 }).map((n) => n === 0),
});

function stepSeed(depth: number): fc.Arbitrary<StepSeed> {
  return fc.record({
    name: fc.constantFrom(undefined, 'a', 'b', 'c', 'zoë', 'x"<y'),
    data: fc.constantFrom(undefined, '$request', '$response', '$response', '$response.predictions'),
    map: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    condition: conditionPath,
    useCondition: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
    dependency: fc.constantFrom(undefined, 'Soft', 'Hard', 'Hard'),
    target: fc.integer({ min: 0, max: 39 }),
    plan,
    child: depth === 0 ? fc.constant(undefined) : fc.option(fc.constant(undefined).chain(() => nodeSeed(depth - 1)), { nil: undefined, freq: 2 }),
  });
}

function nodeSeed(depth: number): fc.Arbitrary<NodeSeed> {
  return fc.record({
    type: fc.constantFrom(...TYPES),
    weights: fc.nat(),
    steps: fc.array(stepSeed(depth), { minLength: 0, maxLength: 4 }).map((steps) => steps),
  });
}

const headers = fc.record({
  'content-type': fc.constantFrom(undefined, 'application/json', 'text/csv'),
  'x-request-id': fc.constantFrom(undefined, '7'),
  'authorization': fc.constantFrom(undefined, 'Bearer t'),
  'x_b3-trace': fc.constantFrom(undefined, 'z'),
}).map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as { [name: string]: string });

const propagate = fc.constantFrom<string[] | undefined>(undefined, [], ['^X-'], ['*bad*', 'Request'], ['Authorization', 'Content-Type'], ['x-request-id'], ['(?i)x-request-id', '^X_b3']);

/** Random graphs, nested to a depth of 4. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  root: fc.integer({ min: 0, max: 3 }).chain(nodeSeed),
  propagate,
  requests: fc.array(fc.record({ body: jsonBody, headers }), { minLength: 1, maxLength: 3 }),
}).map(({ root, propagate: patterns, requests }) => {
  const nodes: { [name: string]: RouterNode } = {};
  const services: { [id: string]: ServicePlan } = {};
  const build = (name: string, seed: NodeSeed) => {
    const choices = WEIGHTS[seed.steps.length];
    const weights = choices?.[seed.weights % choices.length];
    const names = new Set<string>();
    const steps = seed.steps.map((step, index): RouterStep => {
      const own = step.name !== undefined && !names.has(step.name) ? step.name : undefined;
      names.add(own ?? '');
      return {
        ...own === undefined ? {} : { name: own },
        ...step.data === undefined ? {} : { data: step.data },
        ...step.map ? { mapPredictionsToInstances: true } : {},
        ...(seed.type === 'Switch' || (seed.type === 'Sequence' && step.useCondition)) ? { condition: step.condition } : {},
        ...step.dependency === undefined ? {} : { dependency: step.dependency },
        ...seed.type === 'Splitter' ? { weight: weights![index] } : {},
        ...target(`${name}.${index}`, step),
      };
    });
    nodes[name] = { routerType: seed.type, steps };
  };
  const target = (id: string, step: StepSeed): RouterStep => {
    if (step.child !== undefined && (step.child.type !== 'Splitter' || step.child.steps.length > 0)) {
      build(id, step.child);
      return { nodeName: id };
    }
    if (step.target === 0) {
      return { nodeName: 'nowhere' };
    }
    if (step.target <= 2) {
      return { serviceUrl: step.target === 1 ? 'http://127.0.0.1:1/' : 'nohost' };
    }
    services[id] = step.plan;
    return { serviceUrl: `http://127.0.0.1:9000/${id}` };
  };
  build('root', root);
  return { spec: { nodes }, services, propagate: patterns, requests };
});
