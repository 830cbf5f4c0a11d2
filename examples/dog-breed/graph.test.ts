import { Testing } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { dogBreed } from './graph';

const chart = Testing.chart();
ServingTarget.attach(chart, { release: KServeRelease.V0_20 });
const graph = dogBreed(chart);
const picture = { json: { instances: [{ image: { b64: 'R0lGODlhAQABAAAAACw=' } }] } };

test('a dog is asked for its breed', () => {
  const answer = graph.simulate(picture, {
    responses: { animal: { json: { predictions: ['dog'] } }, breed: { json: { predictions: ['beagle'] } } },
  });

  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ predictions: ['beagle'] });
  expect(JSON.parse(answer.stepNamed('breed').request!)).toEqual(picture.json);
});

test('with a cat the answer is that of the first model', () => {
  const answer = graph.simulate(picture, { responses: { animal: { json: { predictions: ['cat'] } } } });

  expect(answer.json).toEqual({ predictions: ['cat'] });
  expect(answer.calls).toEqual(['animal']);
  expect(answer.stepNamed('breed').reason).toBe('its condition does not hold for the previous answer');
});

test('an error of the first model is the answer', () => {
  const answer = graph.simulate(picture, { responses: { animal: { status: 503, json: { error: 'model is loading' } } } });

  expect(answer.status).toBe(503);
  expect(answer.calls).toEqual(['animal']);
});
