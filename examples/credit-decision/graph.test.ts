import { Duration, Testing } from 'cdk8s';
import { Diagnostics, KServeRelease, ServingTarget, StepResponse } from 'cdk8s-kserve';
import { CreditDecision } from './graph';

const chart = Testing.chart();
ServingTarget.attach(chart, { release: KServeRelease.V0_20 });
const { graph, score } = new CreditDecision(chart, 'Credit');
const application = { json: { customer: 7 } };
const services: { [step: string]: StepResponse } = {
  'validate': { json: { customer: 7, valid: true } },
  'features': { json: { instances: [[0.3, 51000, 2]] } },
  'credit-history': { json: { predictions: [0.8] } },
  'credit-income': { json: { predictions: [0.6] } },
  'credit-fraud': { json: { predictions: [0.5] } },
  'rules': { json: { predictions: [0.1] } },
};

test('three models judge a customer who is known', () => {
  const answer = graph.simulate(application, { responses: services, handler: score.simulated });

  expect(answer.json.predictions[0]).toBeCloseTo(0.68);
  expect(answer.calls).toEqual(['validate', 'features', 'credit-history', 'credit-income', 'credit-fraud', 'credit-score']);
});

test('rules judge a customer of whom little is known', () => {
  const answer = graph.simulate(application, { responses: { ...services, features: { json: { instances: [[0.3]] } } } });

  expect(answer.json).toEqual({ predictions: [0.1] });
  expect(answer.stepNamed('models').reason).toBe('its condition does not hold for the request');
});

test('an application that is not valid goes no further', () => {
  const answer = graph.simulate(application, { responses: { validate: { status: 422, json: { error: 'no income' } } } });

  expect(answer.status).toBe(422);
  expect(answer.calls).toEqual(['validate']);
});

test('a model that hangs is given up after 3 seconds, well within the 12 of the request', () => {
  const answer = graph.simulate(application, {
    responses: services,
    handler: score.simulated,
    latencies: { 'features': Duration.seconds(2), 'credit-income': Duration.minutes(5) },
  });

  expect(answer.status).toBe(500);
  expect(answer.failure).toContain('Client.Timeout exceeded');
  expect(answer.millis).toBe(5000);
});

test('no way through the graph can take longer than a request may', () => {
  expect(Diagnostics.of(graph).all()).toEqual([]);
});
