import { Condition, GraphNode, OnError, Step, StepInput } from '../../../src';
import { graphOf, to } from '../support';

test('a paragraph for each node, in the order in which requests reach them', () => {
  const root = GraphNode.sequence([
    to('validate', { onError: OnError.CONTINUE }),
    Step.toNode(GraphNode.splitter([to('a', { weight: 5 }), to('b', { weight: 95 })]), { name: 'split', input: StepInput.PREVIOUS, when: Condition.exists('ok') }),
  ]);

  expect(graphOf({ root }).graph.describe()).toBe(`Graph graph

root: one step after the other
  1. validate: http://validate/, may fail
  2. node split, if ok exists, gets the previous answer

split: one step by chance
    5 % a: http://a/
   95 % b: http://b/`);
});
