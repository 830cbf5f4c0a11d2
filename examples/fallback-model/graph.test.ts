import { Testing } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { fallbackModel } from './graph';

const chart = Testing.chart();
ServingTarget.attach(chart, { release: KServeRelease.V0_20 });
const graph = fallbackModel(chart);
const request = { json: { instances: [[12, 3]] } };

test('the big model answers if it can', () => {
  const answer = graph.simulate(request, { responses: { 'demand-deep': { json: { predictions: [40.1] } } } });

  expect(answer.json).toEqual({ predictions: [40.1] });
  expect(answer.calls).toEqual(['demand-deep']);
});

test('the small model answers the same request when the big one fails', () => {
  const answer = graph.simulate(request, {
    responses: { 'demand-deep': { status: 503, json: { error: 'out of memory' } }, 'demand-linear': { json: { predictions: [38] } } },
  });

  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ predictions: [38] });
  expect(JSON.parse(answer.stepNamed('demand-linear').request!)).toEqual(request.json);
});

test('the router does not fall back when nobody answers at all', () => {
  const answer = graph.simulate(request, { responses: { 'demand-deep': { failure: 'dial tcp: connection refused' } } });

  expect(answer.status).toBe(500);
  expect(answer.calls).toEqual(['demand-deep']);
});
