import { KubeObject } from '../bench/client';
import { Mutation } from './mutants';

const NAMES: Mutation = ['/metadata/name', 'iris', 'a', 'i-1', 'Iris', '1iris', 'iris-', 'iris.eu', 'iris_eu', 'n'.repeat(64)];

const ENV = [{ name: 'PYTHONPATH', value: '/opt' }, { name: 'PROTOCOL', value: 'v1' }, { name: 'PROTOCOL', value: 'grpc-v2' }, { name: 'STORAGE_URI', value: 's3://b/m' }];
const CONTAINERS = [
  [{ name: 'kserve-container', image: 'example/server:1' }],
  [{ name: 'server', image: 'example/server:1' }],
  [{ name: 'metrics', image: 'example/metrics:1' }, { name: 'kserve-container', image: 'example/server:1' }],
  [{ name: 'transformer-container', image: 'example/transformer:1', env: [{ name: 'STORAGE_URI', value: 's3://b/m' }] }],
  ...ENV.map((variable) => [{ name: 'kserve-container', image: 'example/server:1', env: [variable] }]),
];

/** Lists whose entries have keys, with one twice and without. */
const VARIABLES = [[{ name: 'A', value: '1' }, { name: 'A', value: '2' }], [{ name: 'A', value: '1' }, { name: 'B', value: '2' }]];
const PORTS = [
  [{ containerPort: 8080, name: 'h' }, { containerPort: 8080, name: 'k', protocol: 'TCP' }], [{ containerPort: 8080, name: 'h' }, { containerPort: 8080, name: 'u', protocol: 'UDP' }],
];
const MOUNTS = [[{ name: 'a', mountPath: '/a' }, { name: 'b', mountPath: '/a' }], [{ name: 'a', mountPath: '/a' }, { name: 'a', mountPath: '/b' }]];
const SPREAD = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' };

const METRICS = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 0 } } },
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '500m' } } },
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Ki' } } },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 101 } } },
  { type: 'Resource', resource: { name: 'disk', target: { type: 'Utilization', averageUtilization: 50 } } },
  { type: 'External', external: { metric: { backend: 'prometheus', serverAddress: 'http://p:9090', query: 'q' }, target: { type: 'Value', value: '5' } } },
  { type: 'External', external: { metric: { backend: 'prometheus', serverAddress: 'http://p:9090', query: '' }, target: { type: 'Value', value: '5' } } },
  { type: 'External', external: { metric: { backend: 'prometheus', serverAddress: 'http://p:9090', query: 'q' }, target: { type: 'AverageValue', averageValue: '5' } } },
  { type: 'External', external: { metric: { backend: 'influx', serverAddress: 'http://p:9090', query: 'q' }, target: { type: 'Value', value: '5' } } },
  { type: 'PodMetric', podmetric: { metric: { backend: 'opentelemetry', query: 'q', metricNames: ['m'] }, target: { type: 'Value', value: '4' } } },
  { type: 'PodMetric', podmetric: { metric: { backend: 'opentelemetry', metricNames: ['m'] }, target: { type: 'Value', value: '4' } } },
];

function component(at: string): Mutation[] {
  return [
    [`${at}/minReplicas`, -1, 0, 1, 3],
    [`${at}/maxReplicas`, -1, 0, 1, 2, 5],
    [`${at}/scaleTarget`, -1, 0, 1, 80, 100, 101, 1000],
    [`${at}/scaleMetric`, 'cpu', 'memory', 'concurrency', 'rps', 'qps'],
    [`${at}/scaleMetricType`, 'Utilization', 'Percent'],
    [`${at}/containerConcurrency`, -1, 0, 10],
    [`${at}/timeout`, 0, 60, 900],
    [`${at}/logger`, {}, { mode: 'all' }, { mode: 'some' }, { mode: 'request', url: 'http://sink' }],
    [`${at}/logger/storage`, { path: 'p', parameters: { format: 'json' }, key: 'k' }, { path: 'p', key: 'k' }, { path: 'p', parameters: {}, key: 'k' }, { parameters: { a: 'b' }, key: 'k' }],
    [`${at}/batcher`, {}, { maxBatchSize: 8, maxLatency: 100 }, { maxBatchSize: 0 }],
    [`${at}/deploymentStrategy`, { type: 'Recreate' }, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }],
    [`${at}/autoScaling/metrics`, [], ...METRICS.map((metric) => [metric]), [METRICS[0], METRICS[8]]],
    [`${at}/storageUris`, [{ uri: 's3://b/m' }], [{ uri: '' }],
      ...[['/mnt/a', '/mnt/b'], ['/mnt/a', '/srv/b'], ['/mnt/a', '/mnt/a'], ['/', '/mnt/b'], ['mnt/a', '/mnt/b'], ['/mnt/a', '/mnt/../b']]
        .map((paths) => paths.map((mountPath, i) => ({ uri: `s3://b/${i}`, mountPath })))],
    [`${at}/serviceAccountName`, 'models'],
    [`${at}/nodeSelector`, { a: 'b' }],
    [`${at}/topologySpreadConstraints`, [SPREAD, { ...SPREAD, maxSkew: 2 }], [SPREAD, { ...SPREAD, whenUnsatisfiable: 'DoNotSchedule' }]],
    [`${at}/resourceClaims`, [{ name: 'a', resourceClaimName: 'x' }, { name: 'a', resourceClaimName: 'y' }]],
    [`${at}/initContainers`, [{ name: 'init', image: 'example/init:1' }], [{ name: 'init', image: 'example/init:1', env: [ENV[0]] }]],
  ];
}

const CLASSES: Mutation[] = [
  ['/metadata/annotations/serving.kserve.io~1deploymentMode', 'Standard', 'Knative'],
  ['/metadata/annotations/serving.kserve.io~1autoscalerClass', 'hpa', 'external', 'keda', 'none', 'kpa', undefined],
  ['/metadata/annotations/autoscaling.knative.dev~1class', 'hpa.autoscaling.knative.dev', 'kpa.autoscaling.knative.dev', undefined],
];

export const SERVICE_MUTATIONS: Mutation[] = [
  NAMES,
  ...CLASSES, ...CLASSES,
  ...component('/spec/predictor'),
  ...component('/spec/transformer'),
  ['/spec/predictor/model', undefined],
  ['/spec/predictor/model/name', 'server', 'kserve-container'],
  ['/spec/predictor/model/storageUri', undefined, 's3://b/m', 'pvc://claim/m', 'oci://r/m:1', ''],
  ['/spec/predictor/model/protocolVersion', 'v1', 'v2', 'grpc-v2'],
  ['/spec/predictor/model/env', ...ENV.map((variable) => [variable]), [{ name: 'TENSOR_PARALLEL_SIZE', value: '2' }]],
  ['/spec/predictor/model/env', ...VARIABLES],
  ['/spec/predictor/model/ports', ...PORTS],
  ['/spec/predictor/containers/0/volumeMounts', ...MOUNTS],
  ['/spec/predictor/model/storage', { key: 'k', path: 'p' }, { key: 'k', path: 'p', parameters: { type: 's3' } }],
  ['/spec/predictor/model/resources', { limits: { 'nvidia.com/gpu': '1' } }, { limits: { 'acme.com/npu': '1' } }],
  ['/spec/predictor/sklearn', {}, { storageUri: 's3://b/m' }, { name: 'x', storageUri: 's3://b/m' }],
  ['/spec/predictor/containers', ...CONTAINERS, []],
  ['/spec/transformer/containers', ...CONTAINERS, [], undefined],
  ['/spec/transformer', undefined],
  ['/spec/explainer/containers', ...CONTAINERS],
  ['/spec/explainer/art', { type: 'SquareAttack' }, { type: 'SquareAttack', storageUri: 'gs://b/m', storage: { key: 'k' } }, { name: 'x', type: 'SquareAttack' }],
  ['/spec/explainer', undefined, undefined],
  ['/spec/predictor/workerSpec', {}, { pipelineParallelSize: 2, tensorParallelSize: 1 }, { pipelineParallelSize: 0 }, { tensorParallelSize: 0 },
    { containers: [{ name: 'worker-container', image: 'example/worker:1' }] },
    { containers: [{ name: 'worker-container' }, { name: 'other' }] },
    { containers: [{ name: 'worker-container', env: [ENV[0]] }] },
    { containers: [{ name: 'worker-container', resources: { limits: { 'acme.com/npu': '1' } } }] }],
];

/** Fields that only some releases have. */
export const SERVICE_MUTATIONS_OF: { [release: string]: Mutation[] } = {
  'v0.20': [
    ['/spec/predictor/model/confidential', { enabled: true }, { enabled: false }, { enabled: true, resourceId: 'kbs:///a/b/c' }, { enabled: true, resourceId: 'kbs:///a/b' }],
    ['/spec/predictor/storageContainerName', 'default'],
    ['/spec/predictor/logger/batchSize', 0, 5],
  ],
};

const MODEL = { modelFormat: { name: 'sklearn' }, storageUri: 's3://bucket/iris' };

function service(mode: string, spec: object): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'iris', annotations: { 'serving.kserve.io/deploymentMode': mode } },
    spec,
  };
}

export const SERVICES: KubeObject[] = ['Standard', 'Knative'].flatMap((mode) => [
  service(mode, { predictor: { model: MODEL } }),
  service(mode, { predictor: { model: MODEL } }),
  service(mode, { predictor: { containers: CONTAINERS[0] } }),
  service(mode, { predictor: { model: MODEL }, transformer: { containers: CONTAINERS[0] } }),
  service(mode, { predictor: { model: MODEL }, explainer: { containers: CONTAINERS[0] } }),
]);

const FORMAT = { name: 'acme', version: '1', autoSelect: true, priority: 1 };

export const RUNTIMES: KubeObject[] = ['ServingRuntime', 'ClusterServingRuntime'].map((kind) => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind,
  metadata: { name: 'acme-server' },
  spec: { supportedModelFormats: [FORMAT], protocolVersions: ['v1', 'v2'], containers: [{ name: 'kserve-container', image: 'example/server:1' }] },
}));

export const RUNTIME_MUTATIONS: Mutation[] = [
  ['/spec/supportedModelFormats', [], [FORMAT, { ...FORMAT, version: '2' }], [FORMAT, { ...FORMAT, version: '2', priority: 2 }],
    [{ ...FORMAT, priority: 0 }], [{ ...FORMAT, priority: 2 ** 31 }], [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }],
    [{ name: 'sklearn', autoSelect: true, priority: 1 }], [{ name: 'SKLearn', version: '1', autoSelect: true, priority: 1 }],
    [{ name: 'sklearn', version: '1', autoSelect: false, priority: 1 }], [{ name: 'beside', version: '1', autoSelect: true, priority: 7 }],
    [{ name: 'beside', version: '1', autoSelect: true, priority: 8 }], [FORMAT, { ...FORMAT, priority: 2, autoSelect: false }]],
  ['/spec/protocolVersions', undefined, ['v1'], ['v2'], ['grpc-v2'], []],
  ['/spec/disabled', true, false],
  ['/spec/multiModel', true, false],
  ['/spec/replicas', 0, 1, 65536],
  ['/spec/containers', [], [{ name: 'server', image: 'example/server:1' }]],
  ['/spec/containers/0/env', ...ENV.slice(0, 2).map((variable) => [variable]), [{ name: 'PIPELINE_PARALLEL_SIZE', value: '2' }]],
  ['/spec/containers/0/env', ...VARIABLES],
  ['/spec/containers/0/ports', ...PORTS],
  ['/spec/builtInAdapter', ...VARIABLES.map((env) => ({ serverType: 'mlserver', env }))],
  ['/spec/containers/0/resources', { limits: { 'acme.com/npu': '1' } }, { limits: { 'nvidia.com/gpu': '1' } }],
  ['/spec/workerSpec', { containers: [{ name: 'worker-container', image: 'example/worker:1' }] },
    { containers: [] },
    { pipelineParallelSize: 0, containers: [{ name: 'worker-container' }] },
    { pipelineParallelSize: 1, tensorParallelSize: 0, containers: [{ name: 'worker-container' }] },
    { pipelineParallelSize: 2, tensorParallelSize: 1, containers: [{ name: 'worker-container' }, { name: 'other' }] },
    { pipelineParallelSize: 2, tensorParallelSize: 1, containers: [{ name: 'worker-container', resources: { limits: { 'acme.com/npu': '1' } } }] },
    { pipelineParallelSize: 2, tensorParallelSize: 1, containers: [{ name: 'worker-container', env: [ENV[0]] }] }],
];

const STEP = { name: 'a', serviceName: 'a' };

export const GRAPHS: KubeObject[] = [
  { root: { routerType: 'Sequence', steps: [STEP, { name: 'b', serviceName: 'b', data: '$response' }] } },
  { root: { routerType: 'Splitter', steps: [{ ...STEP, weight: 40 }, { name: 'b', serviceName: 'b', weight: 60 }] } },
].map((nodes) => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'InferenceGraph',
  metadata: { name: 'graph', annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
  spec: { nodes },
}));

export const GRAPH_MUTATIONS: Mutation[] = [
  ['/metadata/name', 'graph', 'a', 'Graph', '1graph', 'graph-', 'gr.aph'],
  ['/spec/nodes/root', undefined],
  ['/spec/nodes/start', { routerType: 'Sequence', steps: [STEP] }],
  ['/spec/nodes/root/routerType', 'Sequence', 'Splitter', 'Ensemble', 'Switch', 'Loop', undefined],
  ['/spec/nodes/root/steps/0/name', 'a', 'b', ''],
  ['/spec/nodes/root/steps/0/serviceName', undefined, 'a'],
  ['/spec/nodes/root/steps/0/serviceUrl', 'http://a', ''],
  ['/spec/nodes/root/steps/0/nodeName', 'start'],
  ['/spec/nodes/root/steps/0/weight', -10, 0, 40, 50, 100, undefined],
  ['/spec/nodes/root/steps/1/weight', 60, 50, 110, undefined],
  ['/spec/nodes/root/steps/0/dependency', 'Soft', 'Hard', 'Strong'],
  ['/spec/minReplicas', 0, 1, 3],
  ['/spec/maxReplicas', 0, 2],
  ['/spec/scaleMetric', 'cpu', 'memory', 'rps', 'concurrency'],
  ['/spec/scaleTarget', 0, 50, 200],
];

export const TRAINED_MODELS: KubeObject[] = [{
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'TrainedModel',
  metadata: { name: 'model-a' },
  spec: { inferenceService: 'many', model: { storageUri: 's3://b/m', framework: 'sklearn', memory: '256Mi' } },
}];

export const TRAINED_MODEL_MUTATIONS: Mutation[] = [
  ['/metadata/name', 'model-a', 'a', 'Model_A', 'model_a', '1a', 'a.b', 'a-'],
  ['/spec/model/storageUri', ...['s3', 'gs', 'http', 'https', 'hf', 'pvc', 'oci', 'hdfs', 'file'].map((scheme) => `${scheme}://b/m`), 'b/m', ''],
  ['/spec/model/framework', 'sklearn', 'acme', ''],
  ['/spec/model/memory', '256Mi', '1G', '0', '1.5Gi'],
  ['/spec/inferenceService', 'many', ''],
];
