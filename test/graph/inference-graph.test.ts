import { ApiObject, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, ServiceAccount } from 'cdk8s-plus-28';
import {
  Condition, DeploymentMode, GraphNode, InferenceGraph, KServeRelease, OnError, Placement, Scaling, Step, StepInput,
} from '../../src';
import { Deferred } from '../../src/core/deferred';
import { crdErrors, describeWithCrds, itWithCrds, schemaPaths } from '../support/crds';
import { graphOf, service, to } from './support';
import { chartOn } from '../support/chart';
import { rendered } from '../support/manifests';

test('the least that a graph can be', () => {
  expect(graphOf().manifest()).toEqual({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'InferenceGraph',
    metadata: { name: 'graph', namespace: 'models', annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
    spec: { nodes: { root: { routerType: 'Sequence', steps: [{ name: 'a', serviceUrl: 'http://a/', dependency: 'Hard' }] } } },
  });
});

test('every option of a step', () => {
  const { manifest } = graphOf({
    root: GraphNode.sequence([to('a'), to('b', {
      when: Condition.exists('x'), input: StepInput.PREVIOUS, mapPredictionsToInstances: true, onError: OnError.CONTINUE,
    })]),
  });

  expect(manifest().spec.nodes.root.steps[1]).toEqual({
    name: 'b', serviceUrl: 'http://b/', condition: 'x', data: '$response', mapPredictionsToInstances: true, dependency: 'Soft',
  });
});

test('only sequences and ensembles are told to stop at errors', () => {
  const dependencies = (root: GraphNode) => graphOf({ root }).manifest().spec.nodes.root.steps.map((step: any) => step.dependency);

  expect(dependencies(GraphNode.sequence([to('a')]))).toEqual(['Hard']);
  expect(dependencies(GraphNode.ensemble([to('a')]))).toEqual(['Hard']);
  expect(dependencies(GraphNode.switchOn([to('a')]))).toEqual([undefined]);
  expect(dependencies(GraphNode.splitter([to('a', { weight: 100 })]))).toEqual([undefined]);
});

test('a branch of a switch without a condition is the default', () => {
  expect(graphOf({ root: GraphNode.switchOn([to('a')]) }).manifest().spec.nodes.root.steps[0].condition).toBe('@this');
});

test('steps are called after their services and nodes', () => {
  const chart = chartOn();
  const graph = new InferenceGraph(chart, 'graph', {
    root: GraphNode.sequence([
      Step.toService(service(chart, 'iris')),
      Step.toNode(GraphNode.sequence([Step.toUrl('http://b/')]), { name: 'inner' }),
      Step.toNode(GraphNode.sequence([Step.toUrl('http://c/')])),
      Step.toGraph(InferenceGraph.fromInferenceGraphName(chart, 'Other', 'other')),
    ]),
  });

  expect(rendered(graph).spec.nodes.root.steps.map(({ dependency, ...step }: any) => step)).toEqual([
    { name: 'iris', serviceName: 'iris' },
    { name: 'inner', nodeName: 'inner' },
    { name: '3', nodeName: '3' },
    { serviceUrl: 'http://other.models.svc.cluster.local' },
  ]);
});

test('a node that several steps lead to is written once', () => {
  const shared = GraphNode.sequence([to('x')]);
  const { manifest } = graphOf({
    root: GraphNode.switchOn([
      Step.toNode(shared, { name: 'first', when: Condition.exists('a') }),
      Step.toNode(GraphNode.sequence([to('y'), Step.toNode(shared, { name: 'again' })]), { name: 'second' }),
    ]),
  });

  const { nodes } = manifest().spec;
  expect(Object.keys(nodes).sort()).toEqual(['first', 'root', 'second']);
  expect(nodes.second.steps[1].nodeName).toBe('first');
});

test('nodes of the same step name are told apart by the nodes around them', () => {
  const inner = () => GraphNode.sequence([Step.toNode(GraphNode.sequence([to('x')]), { name: 'score' })]);
  const { manifest } = graphOf({ root: GraphNode.ensemble([Step.toNode(inner(), { name: 'a' }), Step.toNode(inner(), { name: 'b' })]) });

  expect(Object.keys(manifest().spec.nodes).sort()).toEqual(['a', 'b', 'b-score', 'root', 'score']);
});

test('a graph inside a graph is flattened by its root', () => {
  const { chart, graph } = graphOf({ root: GraphNode.sequence([to('inner')]) });
  const outer = new InferenceGraph(chart, 'outer', { root: GraphNode.sequence([Step.toNode(graph.root, { name: 'graph' })]) });

  expect(rendered(outer).spec.nodes.graph.steps).toEqual([{ name: 'inner', serviceUrl: 'http://inner/', dependency: 'Hard' }]);
});

test('a name that is known only at deployment names no node', () => {
  const { manifest } = graphOf({ root: GraphNode.sequence([Step.toNode(GraphNode.sequence([to('x')]), { name: String(new Deferred('name')) })]) });

  expect(Object.keys(manifest().spec.nodes)).toEqual(['1', 'root']);
});

test('addresses', () => {
  const knative = graphOf({ deploymentMode: DeploymentMode.KNATIVE });
  const cluster = graphOf({ deploymentMode: DeploymentMode.KNATIVE, clusterLocal: true });

  expect([graphOf().graph.url, graphOf().graph.internalUrl]).toEqual([undefined, 'http://graph.models.svc.cluster.local']);
  expect(knative.graph.url).toBe('http://graph.models.example.com');
  expect(cluster.graph.url).toBeUndefined();
  expect(cluster.manifest().metadata.labels).toEqual({ 'networking.knative.dev/visibility': 'cluster-local' });
  expect(graphOf({}, { headlessServices: true }).graph.internalUrl).toBe('http://graph.models.svc.cluster.local:8080');
});

const everything = (mode: DeploymentMode) => {
  const chart = chartOn();
  return rendered(new InferenceGraph(chart, 'graph', {
    root: GraphNode.splitter([
      Step.toNodeNamed('other', { name: 'n', weight: 50 }),
      Step.toService(service(chart, 'iris'), { weight: 50 }),
    ]),
    nodes: {
      other: GraphNode.sequence([to('a'), to('b', { when: Condition.exists('x'), input: StepInput.PREVIOUS, mapPredictionsToInstances: true })]),
    },
    deploymentMode: mode,
    labels: { team: 'pets' },
    annotations: { note: 'x' },
    stopped: true,
    resources: { cpu: { request: Cpu.millis(100) }, memory: { limit: Size.mebibytes(256) } },
    scaling: mode === DeploymentMode.KNATIVE
      ? Scaling.concurrency({ target: 10, minReplicas: 0, maxReplicas: 5 })
      : Scaling.cpu({ targetUtilization: 80, minReplicas: 1, maxReplicas: 5 }),
    placement: Placement.of({
      nodeSelector: { pool: 'cpu' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }] } } },
    }),
    nodeName: 'node-1',
    serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'Account', 'router'),
    timeout: Duration.seconds(50),
    routerTimeouts: {
      serverRead: Duration.seconds(10),
      serverWrite: Duration.seconds(55),
      serverIdle: Duration.minutes(2),
      serviceClient: Duration.seconds(20),
    },
  }));
};

test('fields around the nodes', () => {
  const { metadata, spec: { nodes, affinity, ...spec } } = everything(DeploymentMode.KNATIVE);

  expect(metadata).toMatchObject({ labels: { team: 'pets' }, annotations: { 'note': 'x', 'serving.kserve.io/stop': 'true', 'serving.kserve.io/deploymentMode': 'Knative' } });
  expect(spec).toEqual({
    resources: { requests: { cpu: '100m' }, limits: { memory: '256Mi' } },
    minReplicas: 0,
    maxReplicas: 5,
    scaleMetric: 'concurrency',
    scaleTarget: 10,
    nodeSelector: { pool: 'cpu' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    nodeName: 'node-1',
    serviceAccountName: 'router',
    timeout: 50,
    routerTimeouts: { serverRead: 10, serverWrite: 55, serverIdle: 120, serviceClient: 20 },
  });
});

describeWithCrds('the CRD', () => {
  test.each(KServeRelease.all().map(String))('of %s has no field without a prop', (release) => {
    const reachable = new Set(pathsOf(everything(DeploymentMode.KNATIVE).spec, ''));
    const missing = schemaPaths('InferenceGraph', release, { stopAtPod: true })
      .filter((path) => ![...reachable].some((one) => one.startsWith(path)));

    expect(missing.filter((path) => !/^(affinity|tolerations|resources)\b/.test(path))).toEqual([]);
  });

  test.each(KServeRelease.all().map(String))('of %s accepts a graph with everything', (release) => {
    expect([DeploymentMode.KNATIVE, DeploymentMode.STANDARD].flatMap((mode) => crdErrors(everything(mode), release))).toEqual([]);
  });
});

itWithCrds('a field that no prop reaches comes by a JSON patch and is found by rules', () => {
  const { graph, codes } = graphOf();
  ApiObject.of(graph).addJsonPatch(JsonPatch.add('/spec/nodes/root/steps/0/weight', 10));

  expect(rendered(graph).spec.nodes.root.steps[0].weight).toBe(10);
  expect(codes()).toEqual(['KSV2018']);
});

test('the spec is rendered the same twice', () => {
  const { graph } = graphOf();

  expect(rendered(graph)).toEqual(rendered(graph));
});

/** Paths as `schemaPaths` writes them. */
function pathsOf(value: any, at: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => pathsOf(item, `${at}[]`));
  }
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, child]) => {
    const path = at === 'nodes' ? 'nodes{}' : at === '' ? key : `${at}.${key}`;
    return [path, ...pathsOf(child, path)];
  });
}
