import { RuleCase } from '.';

const SERVICES = `
const service = (name, props = {}) => new InferenceService(chart, name, {
  predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://models/' + name + '/v1/'), ...props }),
});
`;

/** A graph with one node, `root`. */
const graph = (root: string, props = '') => `${SERVICES}
const [a, b] = [service('a'), service('b')];
new InferenceGraph(chart, 'graph', {
  root: ${root},${props}
});
`;

const sequence = (...steps: string[]) => graph(`GraphNode.sequence([${steps.join(', ')}])`);
const switchOn = (...steps: string[]) => graph(`GraphNode.switchOn([${steps.join(', ')}])`);
const splitter = (...steps: string[]) => graph(`GraphNode.splitter([${steps.join(', ')}])`);
const patched = (root: string, patch: string) => `${graph(root).replace('new InferenceGraph', 'const made = new InferenceGraph')}
ApiObject.of(made).addJsonPatch(${patch});
`;

const target = (facts: string, rest: string) => `
const app = new App();
ServingTarget.attach(app, { ${facts} });
const chart = new Chart(app, 'models', { namespace: 'models' });
${rest}`;

const A = 'Step.toService(a)';
const B = 'Step.toService(b)';
const AB = `GraphNode.sequence([${A}, ${B}])`;
const SPLIT = 'GraphNode.splitter([Step.toService(a, { weight: 10 }), Step.toService(b, { weight: 90 })])';
const MAPPED = `GraphNode.sequence([${A}, Step.toService(b, { input: StepInput.PREVIOUS, mapPredictionsToInstances: true })])`;

export const GRAPH_CASES: { [code: string]: RuleCase } = {
  KSV2001: {
    wrong: graph(AB).replace("'graph'", "'Fraud_Graph'"),
    right: graph(AB).replace("'graph'", "'fraud-graph'"),
  },
  KSV2002: {
    wrong: patched(AB, "JsonPatch.move('/spec/nodes/root', '/spec/nodes/start')"),
    right: patched(AB, "JsonPatch.copy('/spec/nodes/root', '/spec/nodes/start')"),
  },
  KSV2003: {
    wrong: graph('GraphNode.sequence([Step.toNodeNamed(\'again\')])', `
  nodes: { again: GraphNode.sequence([${A}, Step.toNodeNamed('more')]), more: GraphNode.sequence([${B}, Step.toNodeNamed('again')]) },`),
    right: graph('GraphNode.sequence([Step.toNodeNamed(\'again\')])', `
  nodes: { again: GraphNode.sequence([${A}, Step.toNodeNamed('more')]), more: GraphNode.sequence([${B}]) },`),
  },
  KSV2004: {
    wrong: graph('GraphNode.sequence([Step.toNodeNamed(\'brede\')])', `
  nodes: { breed: ${SPLIT} },`),
    right: graph('GraphNode.sequence([Step.toNodeNamed(\'breed\')])', `
  nodes: { breed: ${SPLIT} },`),
  },
  KSV2005: {
    wrong: graph(AB, `
  nodes: { breed: ${SPLIT} },`),
    right: graph(`GraphNode.sequence([${A}, Step.toNodeNamed('breed')])`, `
  nodes: { breed: ${SPLIT} },`),
  },
  KSV2006: {
    wrong: sequence('Step.toService(a, { when: Condition.exists(\'instances\') })', B),
    right: switchOn(`Step.toNode(${AB}, { when: Condition.exists('instances') })`),
  },
  KSV2007: {
    wrong: splitter('Step.toService(a, { weight: 10 })', 'Step.toService(b, { weight: 80 })'),
    right: splitter('Step.toService(a, { weight: 10 })', 'Step.toService(b, { weight: 90 })'),
  },
  KSV2008: {
    wrong: patched(AB, "JsonPatch.add('/spec/nodes/root/steps/0/serviceUrl', 'http://a.models/v1/models/a:predict')"),
    right: sequence("Step.toUrl('http://a.models/v1/models/a:predict')", B),
  },
  KSV2009: {
    wrong: sequence(A, A),
    right: sequence(A, "Step.toService(a, { name: 'again' })"),
  },
  KSV2010: {
    wrong: sequence(),
    right: sequence(A),
  },
  KSV2011: {
    wrong: `${SERVICES}
const a = service('a', { protocol: InferenceProtocol.GRPC_V2, runtime: undefined, format: ModelFormat.ONNX });
new InferenceGraph(chart, 'graph', { root: GraphNode.sequence([${A}]) });
`,
    right: `${SERVICES}
const a = service('a', { protocol: InferenceProtocol.V2, format: ModelFormat.ONNX });
new InferenceGraph(chart, 'graph', { root: GraphNode.sequence([${A}]) });
`,
  },
  KSV2012: {
    wrong: sequence(A, 'Step.toService(b, { input: StepInput.PREVIOUS })'),
    right: sequence(A, 'Step.toService(b, { input: StepInput.PREVIOUS, mapPredictionsToInstances: true })'),
  },
  KSV2013: {
    wrong: graph(AB, `
  routerTimeouts: { serviceClient: Duration.seconds(40) },`),
    right: graph(AB, `
  routerTimeouts: { serviceClient: Duration.seconds(40), serverWrite: Duration.seconds(90) },`),
  },
  KSV2014: {
    wrong: sequence("Step.toService(a, { headers: ['x-tenant'] })"),
    right: target("release: KServeRelease.V0_20, propagatedHeaders: ['^X-Tenant$']", sequence("Step.toService(a, { headers: ['x-tenant'] })")),
  },
  KSV2015: {
    wrong: sequence("Step.toService(InferenceService.fromInferenceServiceAttributes(chart, 'other', { name: 'other', namespace: 'elsewhere' }))"),
    right: sequence("Step.toUrl('http://other-predictor.elsewhere.svc.cluster.local/v1/models/other:predict')"),
  },
  KSV2016: {
    wrong: graph(AB, `
  deploymentMode: DeploymentMode.KNATIVE,`),
    right: graph(AB),
  },
  KSV2017: {
    wrong: sequence('Step.toService(a, { onError: OnError.CONTINUE })', "Step.toService(b, { when: Condition.equalTo('predictions.0', 'dog') })"),
    right: sequence(A, "Step.toService(b, { when: Condition.equalTo('predictions.0', 'dog') })"),
  },
  KSV2018: {
    wrong: sequence(A, 'Step.toService(b, { weight: 10 })'),
    right: splitter('Step.toService(a, { weight: 90 })', 'Step.toService(b, { weight: 10 })'),
  },
  KSV2019: {
    wrong: patched(AB, "JsonPatch.add('/spec/nodes/root/steps/1/data', '$response.predictions')"),
    right: graph(MAPPED),
  },
  KSV2020: {
    wrong: switchOn("Step.toService(a, { when: Condition.raw('{ .input.userId == 1 }') })"),
    right: switchOn("Step.toService(a, { when: Condition.equalTo('input.userId', 1) })"),
  },
  KSV2021: {
    wrong: switchOn(A, "Step.toService(b, { when: Condition.exists('instances') })"),
    right: switchOn("Step.toService(b, { when: Condition.exists('instances') })", A),
  },
  KSV2022: {
    wrong: sequence("Step.toUrl('a-predictor/v1/models/a:predict')"),
    right: sequence("Step.toUrl('http://a-predictor/v1/models/a:predict')"),
  },
  KSV2024: {
    wrong: `${graph(AB)}
new ApiObject(chart, 'other', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'graph' }, spec: { ports: [{ port: 80 }] } });
`,
    right: `${graph(AB)}
new ApiObject(chart, 'other', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other' }, spec: { ports: [{ port: 80 }] } });
`,
  },
  KSV2025: {
    wrong: target('release: KServeRelease.V0_20, components: { knative: false }', graph(AB, `
  deploymentMode: DeploymentMode.KNATIVE,`)),
    right: target('release: KServeRelease.V0_20, components: { knative: false }', graph(AB)),
  },
  KSV2026: {
    wrong: graph(AB, `
  scaling: Scaling.concurrency({ target: 10 }),`),
    right: graph(AB, `
  scaling: Scaling.cpu({ targetUtilization: 80, maxReplicas: 4 }),`),
  },
  KSV2027: {
    wrong: graph(AB, `
  timeout: Duration.seconds(30),`),
    right: graph(AB, `
  routerTimeouts: { serverWrite: Duration.seconds(30) },`),
  },
  KSV2028: {
    wrong: target('release: KServeRelease.V0_18', graph(SPLIT)),
    right: target('release: KServeRelease.V0_19', graph(SPLIT)),
  },
  KSV2029: {
    wrong: target('release: KServeRelease.V0_16', graph(MAPPED)),
    right: target('release: KServeRelease.V0_17', graph(MAPPED)),
  },
  KSV2030: {
    wrong: switchOn("...Array.from({ length: 2000 }, (_, i) => Step.toUrl('http://a/v1/models/' + i + ':predict', { name: 's' + i, when: Condition.equalTo('id', i) }))"),
    right: switchOn("...Array.from({ length: 200 }, (_, i) => Step.toUrl('http://a/v1/models/' + i + ':predict', { name: 's' + i, when: Condition.equalTo('id', i) }))"),
  },
  KSV2032: {
    wrong: sequence(A, "Step.toService(b, { when: Condition.anyElement('predictions', Condition.not(Condition.equalTo('@this', 'dog'))) })"),
    right: sequence(A, "Step.toService(b, { when: Condition.anyElement('predictions', Condition.equalTo('@this', 'dog')) })"),
  },
  KSV2033: {
    wrong: sequence(`Step.toNode(GraphNode.sequence([${A}], { name: 'x' }))`, `Step.toNode(GraphNode.sequence([${B}], { name: 'x' }), { name: 'second' })`),
    right: sequence(`Step.toNode(GraphNode.sequence([${A}], { name: 'x' }))`, `Step.toNode(GraphNode.sequence([${B}], { name: 'y' }))`),
  },
  KSV2034: {
    wrong: patched(AB, "JsonPatch.remove('/spec/nodes/root/routerType')"),
    right: graph(AB),
  },
  KSV2035: {
    wrong: `${graph(AB).replace('new InferenceGraph', 'const made = new InferenceGraph')}
made.simulate({ json: {} }, { responses: { a: { status: 500 }, b: {} } }).stepNamed('c');
`,
    right: `${graph(AB).replace('new InferenceGraph', 'const made = new InferenceGraph')}
made.simulate({ json: {} }, { responses: { a: { status: 500 }, b: {} } }).stepNamed('b');
`,
  },
  KSV2036: {
    wrong: target('release: KServeRelease.V0_20, knativeFeatures: { nodeSelector: false }', graph(AB, `
  deploymentMode: DeploymentMode.KNATIVE,
  placement: Placement.of({ nodeSelector: { 'acme.org/pool': 'cpu' } }),`)),
    right: target('release: KServeRelease.V0_20, knativeFeatures: { nodeSelector: true }', graph(AB, `
  deploymentMode: DeploymentMode.KNATIVE,
  placement: Placement.of({ nodeSelector: { 'acme.org/pool': 'cpu' } }),`)),
  },
};
