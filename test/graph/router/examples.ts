import { Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import type { InferenceGraph } from '../../../src';
import { KServeRelease, ServingTarget } from '../../../src';
import { CreditDecision } from '../../../examples/credit-decision/graph';
import { customerSegments } from '../../../examples/customer-segments/graph';
import { dogBreed } from '../../../examples/dog-breed/graph';
import { fallbackModel } from '../../../examples/fallback-model/graph';
import { FraudVote } from '../../../examples/fraud-vote/graph';
import { versionSplit } from '../../../examples/version-split/graph';
import type { RouterSpec } from '../../../src/graph/graph-spec';
import { jsonBody } from './arbitrary-bodies';
import type { Scenario } from './arbitrary';
import type { ServicePlan } from './jobs';

const GRAPHS: { [name: string]: (chart: Chart) => InferenceGraph } = {
  'credit-decision': (chart) => new CreditDecision(chart, 'Credit').graph,
  'customer-segments': customerSegments,
  'dog-breed': dogBreed,
  'fallback-model': fallbackModel,
  'fraud-vote': (chart) => new FraudVote(chart, 'Fraud').graph,
  'version-split': versionSplit,
};

/** Bodies that lead through all branches of the examples, among others that do not. */
const body = fc.oneof(jsonBody, fc.constantFrom(
  '{"predictions":["dog"]}', '{"predictions":["cat"]}', '{"error":"busy"}', '{"instances":[[1,2,3]]}', '{"instances":[[1]]}',
  '{"customer":{"segment":"business"}}', '{"customer":{"age":20}}', '{"customer":{"age":"20"}}',
));

const plan: fc.Arbitrary<ServicePlan> = fc.record({
  status: fc.constantFrom(200, 200, 200, 422, 503), body, delay: fc.constant(0), hangUp: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
});

/** Every example with services that answer at random. */
export function exampleScenarios(release: KServeRelease, runs: number): Scenario[] {
  return Object.entries(GRAPHS).flatMap(([name, make], i) => {
    const chart = Testing.chart();
    ServingTarget.attach(chart, { release });
    const spec = withUrls(make(chart)._spec);
    const ids = Object.values(spec.nodes).flatMap(({ steps = [] }) => steps.flatMap(({ serviceUrl }) => serviceUrl?.split('/').pop() ?? []));
    const random = fc.record({
      spec: fc.constant(spec),
      services: fc.tuple(...ids.map(() => plan)).map((plans) => Object.fromEntries(plans.map((one, at) => [ids[at], one]))),
      requests: fc.array(fc.record({ body, headers: fc.constant({}) }), { minLength: 3, maxLength: 3 }),
    });
    return fc.sample(random, { seed: name.length + i, numRuns: runs });
  });
}

function withUrls(spec: RouterSpec): RouterSpec {
  return {
    ...spec,
    nodes: Object.fromEntries(Object.entries(spec.nodes).map(([name, node]) => [name, {
      ...node,
      steps: node.steps?.map(({ serviceName, ...step }) => ({ ...step, ...serviceName && { serviceUrl: `http://127.0.0.1:9000/${serviceName}` } })),
    }])),
  };
}
