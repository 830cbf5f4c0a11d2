import { Condition, GraphNode, Step } from '../../../src';
import { graphOf, to } from '../support';

const ROOT = GraphNode.switchOn([
  to('a', { when: Condition.equalTo('kind', '"x"') }),
  Step.toNode(GraphNode.ensemble([to('b'), to('c')]), { name: 'both' }),
]);

test('a flowchart of boxes and arrows', () => {
  expect(graphOf({ root: ROOT }).graph.toMermaid()).toBe(`flowchart LR
  n0(("request"))
  n1(["root<br/><small>switch</small>"])
  n2(["both<br/><small>ensemble</small>"])
  n3["a"]
  n4["b"]
  n5["c"]
  n0 --> n1
  n1 -- "a<br/>if kind is #34;\\#34;x\\#34;#34;" --> n3
  n1 -- "otherwise" --> n2
  n2 -- "b" --> n4
  n2 -- "c" --> n5
`);
});

test('the way of a request is marked', () => {
  const { graph } = graphOf({ root: ROOT });
  const simulation = graph.simulate({ json: { kind: '"x"' } }, { responses: { a: {} } });

  expect(graph.toMermaid({ simulation })).toContain(`  classDef taken stroke:#0969da,stroke-width:3px
  class n0,n1,n3 taken
  linkStyle 0,1 stroke:#0969da,stroke-width:3px
`);
});
