import { Condition, GraphNode, InferenceGraph, Pipeline, Step, StepInput } from '../../src';
import { service } from './support';
import { chartOn } from '../support/chart';
import { rendered } from '../support/manifests';

test('a pipeline makes the same objects as its nodes', () => {
  const chart = chartOn();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => service(chart, name));
  const isDog = Condition.equalTo('predictions.0', 'dog');

  const short = new InferenceGraph(chart, 'short', {
    root: Pipeline.of(a).next(b, { mapPredictionsToInstances: true }).whenElse(isDog, c, d).toNode(),
  });
  const long = new InferenceGraph(chart, 'long', {
    root: GraphNode.sequence([
      Step.toService(a),
      Step.toService(b, { input: StepInput.PREVIOUS, mapPredictionsToInstances: true }),
      Step.toNode(GraphNode.switchOn([Step.toService(c, { when: isDog }), Step.toService(d)]), { input: StepInput.PREVIOUS }),
    ]),
  });

  expect(rendered(short).spec).toEqual(rendered(long).spec);
});

test('a pipeline is not changed by going on from it', () => {
  const chart = chartOn();
  const [a, b] = ['a', 'b'].map((name) => service(chart, name));
  const first = Pipeline.of(a);

  first.next(b);

  expect(first.toNode().steps).toHaveLength(1);
});

test('whenElse chooses by the previous answer', () => {
  const chart = chartOn();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => service(chart, name));
  const graph = new InferenceGraph(chart, 'graph', { root: Pipeline.of(a).whenElse(Condition.exists('good'), b, c).toNode() });
  const calls = (answer: object) => graph.simulate({ json: {} }, { responses: { a: { json: answer }, b: {}, c: {} } }).calls;

  expect(calls({ good: 1 })).toEqual(['a', 'b']);
  expect(calls({})).toEqual(['a', 'c']);
});
