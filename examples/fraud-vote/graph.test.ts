import { Testing } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { FraudVote } from './graph';

const chart = Testing.chart();
ServingTarget.attach(chart, { release: KServeRelease.V0_20 });
const { graph, vote } = new FraudVote(chart, 'Fraud');
const payments = { json: { instances: [[120.5, 1], [9900, 0]] } };
const judges = (...predictions: number[]) => ({ json: { predictions } });

test('the majority decides for each payment', () => {
  const answer = graph.simulate(payments, {
    responses: { 'fraud-trees': judges(0, 1), 'fraud-boosting': judges(0, 1), 'fraud-linear': judges(1, 0) },
    handler: vote.simulated,
  });

  expect(answer.json).toEqual({ predictions: [0, 1] });
});

test('every model gets the payments as they came', () => {
  const answer = graph.simulate(payments, {
    responses: { 'fraud-trees': judges(0, 0), 'fraud-boosting': judges(0, 0), 'fraud-linear': judges(0, 0) },
    handler: vote.simulated,
  });

  const requests = ['fraud-trees', 'fraud-boosting', 'fraud-linear'].map((name) => answer.stepNamed(name).request);
  expect(requests).toEqual(requests.map(() => JSON.stringify(payments.json)));
});

test('without one of the models there is no vote', () => {
  const answer = graph.simulate(payments, {
    responses: { 'fraud-trees': judges(0, 1), 'fraud-boosting': { status: 503, json: { error: 'busy' } }, 'fraud-linear': judges(1, 0) },
    handler: vote.simulated,
  });

  expect(answer.status).toBe(503);
  expect(answer.calls).not.toContain('fraud-majority');
});
