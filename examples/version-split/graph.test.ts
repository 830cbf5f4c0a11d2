import { Testing } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { versionSplit } from './graph';

const chart = Testing.chart();
ServingTarget.attach(chart, { release: KServeRelease.V0_20 });
const graph = versionSplit(chart);
const responses = { 'churn-v1': { json: { predictions: [0] } }, 'churn-v2': { json: { predictions: [1] } } };

test('about one request in ten goes to the new version', () => {
  const called = Array.from({ length: 1000 }, (_, seed) => graph.simulate({ json: { instances: [[3]] } }, { responses, seed }).calls[0]);

  const toNew = called.filter((name) => name === 'churn-v2').length;
  expect(toNew).toBeGreaterThan(60);
  expect(toNew).toBeLessThan(140);
});

test('the answer is that of the version that was drawn, errors too', () => {
  const answers = [1, 2, 3, 4].map((seed) => graph.simulate({ json: {} }, { seed, responses: { 'churn-v1': { status: 400 }, 'churn-v2': { status: 400 } } }));

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
});
