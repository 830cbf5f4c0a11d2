import { ApiObject, Duration } from 'cdk8s';
import { Condition, DeploymentMode, Diagnostics, GraphNode, InferenceGraph, Scaling, ServingTarget, Step, StepInput } from '../../src';
import { Deferred } from '../../src/core/deferred';
import { manifestOf } from '../../src/core/manifest';
import { INFERENCE_GRAPH_RULES } from '../../src/graph/rules';
import { Neighbours } from '../../src/target/neighbours';
import { graphOf, service, to } from './support';
import { chartOn } from '../support/chart';
import { diagnose } from '../support/accepted';

test('a graph in order has no findings', () => {
  expect(graphOf().codes()).toEqual([]);
});

test('a cycle is found once and shown as a way around', () => {
  const { chart, codes } = graphOf({
    root: GraphNode.sequence([Step.toNodeNamed('a')]),
    nodes: { a: GraphNode.sequence([Step.toNodeNamed('b')]), b: GraphNode.sequence([Step.toNodeNamed('c')]), c: GraphNode.sequence([Step.toNodeNamed('a')]) },
  });

  expect(codes()).toEqual(['KSV2003']);
  expect(Diagnostics.of(chart).toString()).toContain('closes the cycle a → b → c → a');
});

test('two ways to one node are no cycle', () => {
  const shared = GraphNode.sequence([to('x')]);
  const { codes } = graphOf({ root: GraphNode.ensemble([Step.toNode(shared, { name: 'a' }), Step.toNode(GraphNode.sequence([Step.toNode(shared, { name: 'n' })]), { name: 'b' })]) });

  expect(codes()).toEqual([]);
});

test('values that are known only at deployment are not judged', () => {
  const later = (key: string) => String(new Deferred(key));
  const { codes } = graphOf({
    name: later('name'),
    root: GraphNode.splitter([
      Step.toUrl(later('url'), { name: later('step'), weight: new Deferred('weight') as unknown as number }),
      Step.toUrl(`http://${later('host')}/`, { name: later('step'), weight: 10 }),
    ]),
  });

  expect(codes()).toEqual([]);
});

test.each([
  ['{ .predictions.class == "dog" }', true], ['predictions.0=="dog"', true], ['$.a > 1', true],
  ['[@this].#(predictions.0=="dog")', false], ['a.#(b>1)#.c', false], ['[[@this].#(a==1),b].1', false], ['x\\=y', false], ['{"a":b}', false], ['#[a=="x"]', false],
])('whether %s compares outside of a query: %s', (path, found) => {
  const { codes } = graphOf({ root: GraphNode.switchOn([to('a', { when: Condition.raw(path) })]) });

  expect(codes().includes('KSV2020')).toBe(found);
});

test('times add up in sequences and not in ensembles', () => {
  const slow = (name: string) => to(name, { timeout: Duration.seconds(25) });
  const codes = (root: GraphNode) => graphOf({ root }).codes();

  expect(codes(GraphNode.sequence([slow('a'), slow('b'), slow('c')]))).toEqual(['KSV2013']);
  expect(codes(GraphNode.ensemble([slow('a'), slow('b'), slow('c')]))).toEqual([]);
  expect(codes(GraphNode.sequence([slow('a'), Step.toNode(GraphNode.ensemble([slow('b'), slow('c')]), { name: 'n' })]))).toEqual([]);
});

test('the shortest limit counts', () => {
  const root = GraphNode.sequence([to('a', { timeout: Duration.seconds(50) })]);

  expect(graphOf({ root, deploymentMode: DeploymentMode.KNATIVE, timeout: Duration.seconds(40) }).codes()).toEqual(['KSV2013']);
  expect(graphOf({ root, routerTimeouts: { serviceClient: Duration.seconds(20) } }).codes()).toEqual([]);
});

test('scaling that graphs do not have is refused', () => {
  expect(graphOf({ scaling: Scaling.rps({ target: 5 }) }).codes()).toEqual(['KSV2026']);
  expect(graphOf({ scaling: Scaling.rps({ target: 5 }), deploymentMode: DeploymentMode.KNATIVE }).codes()).toEqual([]);
  expect(graphOf({ scaling: Scaling.fixed(2) }).codes()).toEqual([]);
});

test('a model cannot read the answer of an ensemble', () => {
  const chart = chartOn();
  const [a, b] = [service(chart, 'a'), service(chart, 'b')];
  new InferenceGraph(chart, 'graph', {
    root: GraphNode.sequence([Step.toNode(GraphNode.ensemble([Step.toService(a)]), { name: 'e' }), Step.toService(b, { input: StepInput.PREVIOUS, mapPredictionsToInstances: true })]),
  });

  expect(diagnose(chart).map(({ code, message }) => `${code} ${message}`)).toEqual([
    'KSV2012 root.steps[1].input = \'$response\' gives \'b\', a model server that speaks v1, the joined answers of \'e\', which it cannot read.',
  ]);
});

describe('a large graph', () => {
  const chain = (count: number) => {
    const nodes: { [name: string]: GraphNode } = {};
    for (let i = 0; i < count; i++) {
      nodes[`n${i}`] = GraphNode.sequence([to('a'), ...i + 1 < count ? [Step.toNodeNamed(`n${i + 1}`)] : []]);
    }
    return graphOf({ root: GraphNode.sequence([Step.toNodeNamed('n0')]), nodes });
  };

  test('of 2,000 nodes in a row overflows nothing', () => {
    expect(chain(2000).codes()).toEqual(['KSV2030']);
  });

  test('is judged in a time that grows with its size', () => {
    const graphs = [400, 2000].map((count) => chain(count));
    const cost = ({ chart, graph }: typeof graphs[number]) => {
      const context = { target: ServingTarget.of(chart), neighbours: Neighbours.of(chart), namespace: 'models' } as any;
      const start = process.cpuUsage();
      const manifest = manifestOf(ApiObject.of(graph));
      INFERENCE_GRAPH_RULES.forEach((rule) => [...rule.check(manifest, context)]);
      return process.cpuUsage(start).user;
    };
    graphs.forEach(cost); // warms up

    const ratios = [1, 2, 3, 4].map(() => cost(graphs[1]) / cost(graphs[0]));

    expect(Math.min(...ratios)).toBeLessThan(15); // five times the nodes; a quadratic check would be 25
  });
});
