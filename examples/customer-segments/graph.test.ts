import { Testing } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { customerSegments } from './graph';

const chart = Testing.chart();
ServingTarget.attach(chart, { release: KServeRelease.V0_20 });
const graph = customerSegments(chart);
const handler = { handle: () => ({ json: { predictions: ['an offer'] } }) };

test.each([
  { customer: { segment: 'enterprise', age: 20 }, model: 'offers-business' },
  { customer: { segment: 'private', age: 20 }, model: 'offers-young' },
  { customer: { segment: 'private', age: 40 }, model: 'offers-general' },
  { customer: {}, model: 'offers-general' },
])('$customer gets its offer from $model', ({ customer, model }) => {
  const answer = graph.simulate({ json: { customer, instances: [[1]] } }, { handler });

  expect(answer.calls).toEqual([model]);
});

test('a request that is not JSON is not found', () => {
  const answer = graph.simulate({ body: 'customer=7' }, { handler });

  expect(answer.status).toBe(404);
  expect(answer.calls).toEqual([]);
});
