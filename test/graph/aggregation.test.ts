import { Aggregation, AggregationMethod, StepResponse } from '../../src';
import { chartOn } from '../support/chart';
import { rendered } from '../support/manifests';

const MEMBERS = {
  a: { predictions: ['x', 'y'] }, b: { predictions: ['z', 'y'] }, c: { predictions: ['z', 'w'] },
};

function answer(method: AggregationMethod, members: unknown): StepResponse {
  const aggregation = new Aggregation(chartOn(), 'vote', { method, container: { image: 'aggregator:1.0.0' } });
  return aggregation.simulated.handle({ node: 'root', step: 'vote', target: 'vote', headers: {}, body: typeof members === 'string' ? members : JSON.stringify(members) });
}

const numbers = (...values: number[]) => ({ predictions: values });

test.each([
  ['most members decide', AggregationMethod.majorityVote(), MEMBERS, ['z', 'y']],
  ['a tie goes to the earliest member', AggregationMethod.majorityVote(), { a: numbers(1), b: numbers(2) }, [1]],
  ['mean of numbers', AggregationMethod.mean(), { a: numbers(1, 4), b: numbers(3, 8) }, [2, 6]],
  ['mean of lists', AggregationMethod.mean(), { a: { predictions: [[0, 1]] }, b: { predictions: [[1, 0]] } }, [[0.5, 0.5]]],
  ['weights need not sum to 1', AggregationMethod.weightedMean({ a: 3, b: 1 }), { a: numbers(1), b: numbers(5) }, [2]],
  ['a member without an answer does not count', AggregationMethod.mean(), { a: numbers(1), b: { error: 'busy' }, c: null }, [1]],
  ['the first good answer in the given order', AggregationMethod.firstGood(['c', 'b', 'a']), { a: numbers(1), b: numbers(2), c: { error: 'busy' } }, [2]],
])('%s', (_, method, members, predictions) => {
  expect(answer(method, members)).toEqual({ json: { predictions } });
});

test.each([
  ['no JSON', AggregationMethod.mean(), 'rubbish', 400],
  ['a list', AggregationMethod.mean(), [], 400],
  ['answers of different lengths', AggregationMethod.mean(), { a: numbers(1), b: numbers(1, 2) }, 400],
  ['texts for a mean', AggregationMethod.mean(), MEMBERS, 400],
  ['weights that are all 0', AggregationMethod.weightedMean({}), { a: numbers(1) }, 400],
  ['no good answer', AggregationMethod.firstGood(['a']), { a: { error: 'busy' } }, 502],
])('%s is an error', (_, method, members, status) => {
  expect(answer(method, members)).toMatchObject({ status, json: { error: expect.any(String) } });
});

test('the container finds its task in its environment', () => {
  const { service } = new Aggregation(chartOn(), 'vote', {
    method: AggregationMethod.weightedMean({ a: 0.7, b: 0.3 }), container: { image: 'aggregator:1.0.0' },
  });

  const { metadata, spec } = rendered(service);
  expect(metadata.name).toBe('vote');
  expect(spec.predictor.containers[0].env).toEqual([
    { name: 'AGGREGATION', value: '{"method":"weightedMean","field":"predictions","weights":{"a":0.7,"b":0.3}}' },
  ]);
});
