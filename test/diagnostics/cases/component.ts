import { RuleCase } from '.';

/** A service with a container of its own as predictor. */
const container = (props: string, further = '') => `
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({
    image: 'ghcr.io/acme/detector:1.4.0',${props}
  }),${further}
});
`;

/** A service with a model. */
const model = (props: string, further = '') => `
new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),${props}
  }),${further}
});
`;

/** A model that spans two nodes, on a release where that works. */
const workers = (props: { source?: string; service?: string; predictor?: string; workers?: string; release?: string } = {}) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.${props.release ?? 'V0_19'}, deploymentMode: DeploymentMode.STANDARD });
const chart = new Chart(app, 'llm', { namespace: 'llm' });
const llama = new InferenceService(chart, 'llama', {${props.service ?? ''}
  predictor: Predictor.fromWorkers({
    format: ModelFormat.HUGGINGFACE,
    source: ${props.source ?? 'ModelSource.pvcNamed(\'llama\', { path: \'70b\' })'},${props.predictor ?? ''}
    workers: { ${props.workers ?? 'pipelineParallelSize: 2, tensorParallelSize: 4'} },
  }),
});
`;

/** A service with a container beside those of its runtime. */
const besideRuntime = (name: string) => `
const runtime = new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
  extraContainers: { metrics: { image: 'ghcr.io/acme/metrics:1.0.0' } },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    runtime,
    source: ModelSource.gcs('gs://acme-models/sales/v1/'),
    podSpec: { containers: [{ name: '${name}', image: 'ghcr.io/acme/${name}:1.0.0', resources: { limits: { memory: '64Mi' } } }] },
  }),
});
`;

const KNATIVE = `
  deploymentMode: DeploymentMode.KNATIVE,`;

export const COMPONENT_CASES: { [code: string]: RuleCase } = {
  KSV1401: {
    wrong: model('', `
  explainer: Explainer.alibi('AnchorTabular'),`),
    right: model('', `
  explainer: Explainer.fromContainer({ image: 'ghcr.io/acme/iris-anchors:1.0.0' }),`),
  },
  KSV1402: {
    wrong: container(`
    env: { PYTHONPATH: kplus.EnvValue.fromValue('/opt/plugins') },`),
    right: container(`
    env: { MODEL_THREADS: kplus.EnvValue.fromValue('2') },`),
  },
  KSV1403: {
    wrong: model(`
    override: { name: 'server' },`),
    right: model(`
    override: { workingDir: '/mnt/models' },`),
  },
  KSV1404: {
    wrong: model(`
    podSpec: { containers: [{ name: 'kserve-container', image: 'ghcr.io/acme/server:1.0.0' }] },`),
    right: model(`
    podSpec: { containers: [{ name: 'metrics', image: 'ghcr.io/acme/metrics:1.0.0' }] },`),
  },
  KSV1405: {
    wrong: model('', `
  transformer: Transformer.collocated({
    image: 'ghcr.io/acme/features:1.0.0',
    env: { STORAGE_URI: kplus.EnvValue.fromValue('gs://acme/features/v1') },
  }),`),
    right: model('', `
  transformer: Transformer.collocated({
    image: 'ghcr.io/acme/features:1.0.0',
    env: { FEATURES: kplus.EnvValue.fromValue('/mnt/models/features.json') },
  }),`),
  },
  KSV1406: {
    wrong: container(`
    env: { PROTOCOL: kplus.EnvValue.fromValue('grpc-v2') },`),
    right: container(`
    protocol: InferenceProtocol.GRPC_V2,`),
  },
  KSV1407: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
const chart = new Chart(app, 'iris', { namespace: 'iris' });
${model(`
    storageContainerName: 'large-models',`).trim()}
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'iris', { namespace: 'iris' });
${model(`
    storageContainerName: 'large-models',`).trim()}
`,
  },
  KSV1408: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_16 });
const chart = new Chart(app, 'iris', { namespace: 'iris' });
${model(`
    podSpec: { hostnameOverride: 'iris' },`).trim()}
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_17 });
const chart = new Chart(app, 'iris', { namespace: 'iris' });
${model(`
    podSpec: { hostnameOverride: 'iris' },`).trim()}
`,
  },
  KSV1409: {
    wrong: model(`
    podSpec: { tolerations: [{ key: 'gpu' }], topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone' }] },`),
    right: model(`
    podSpec: {
      tolerations: [{ key: 'gpu' }],
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' }],
    },`),
  },
  KSV1411: { wrong: workers({ release: 'V0_20' }), right: workers() },
  KSV1412: { wrong: workers({ service: KNATIVE }), right: workers() },
  KSV1413: {
    wrong: `${workers().trimEnd()}
ApiObject.of(llama).addJsonPatch(
  JsonPatch.add('/spec/predictor/workerSpec/containers/-', { name: 'sidecar', image: 'ghcr.io/acme/metrics:1.0.0' }),
);
`,
    right: workers(),
  },
  KSV1414: {
    wrong: workers({ workers: 'pipelineParallelSize: 0, tensorParallelSize: 4' }),
    right: workers(),
  },
  KSV1415: {
    wrong: workers({
      predictor: `
    env: { TENSOR_PARALLEL_SIZE: kplus.EnvValue.fromValue('4') },`,
    }),
    right: workers(),
  },
  KSV1416: { wrong: workers({ source: 'ModelSource.s3(\'s3://models/llama/70b/\')' }), right: workers() },
  KSV1417: {
    wrong: workers({
      predictor: `
    scaling: Scaling.cpu({ targetUtilization: 60, maxReplicas: 3 }),`,
    }),
    right: workers({
      predictor: `
    scaling: Scaling.fixed(1),`,
    }),
  },
  KSV1418: {
    wrong: workers({
      predictor: `
    resources: { gpu: { count: 4, resource: 'acme.com/npu' } },`,
    }),
    right: workers({
      service: `
  gpuResourceTypes: ['acme.com/npu'],`,
      predictor: `
    resources: { gpu: { count: 4, resource: 'acme.com/npu' } },`,
    }),
  },
  KSV1421: {
    wrong: container(`
    resources: { memory: { request: Size.gibibytes(4), limit: Size.gibibytes(2) } },`),
    right: container(`
    resources: { memory: { request: Size.gibibytes(2), limit: Size.gibibytes(4) } },`),
  },
  KSV1422: {
    wrong: container(`
    override: { resources: { requests: { 'nvidia.com/gpu': '1' } } },`),
    right: container(`
    resources: { gpu: { count: 1 } },`),
  },
  KSV1423: {
    wrong: container(`
    resources: { gpu: { count: 0.5 } },`),
    right: container(`
    resources: { gpu: { count: 1, resource: 'nvidia.com/gpu.shared' } },`),
  },
  KSV1424: {
    wrong: model(`
    podSpec: { containers: [{ name: 'metrics', image: 'ghcr.io/acme/metrics:1.0.0' }] },`),
    right: model(`
    podSpec: { containers: [{ name: 'metrics', image: 'ghcr.io/acme/metrics:1.0.0', resources: { limits: { memory: '64Mi' } } }] },`),
  },
  KSV1431: {
    wrong: model(`
    protocol: InferenceProtocol.V2,`, `
  explainer: Explainer.fromContainer({ image: 'ghcr.io/acme/iris-shap:1.0.0' }),`),
    right: model('', `
  explainer: Explainer.fromContainer({ image: 'ghcr.io/acme/iris-shap:1.0.0' }),`),
  },
  KSV1432: {
    wrong: model(`
    protocol: InferenceProtocol.V2,`, `
  transformer: Transformer.fromContainer({
    image: 'ghcr.io/acme/features:1.0.0',
    args: ['--predictor_protocol=v1'],
  }),`),
    right: model(`
    protocol: InferenceProtocol.V2,`, `
  transformer: Transformer.fromContainer({ image: 'ghcr.io/acme/features:1.0.0' }),`),
  },
  KSV1433: {
    wrong: container(`
    ports: [{ containerPort: 8080, name: 'http1' }, { containerPort: 8081, name: 'h2c' }],`, KNATIVE),
    right: container(`
    ports: [{ containerPort: 8081, name: 'h2c' }],`, KNATIVE),
  },
  KSV1434: {
    wrong: container('', `
  transformer: Transformer.collocated({ image: 'ghcr.io/acme/features:1.0.0' }),`),
    right: container(`
    port: 8085,`, `
  transformer: Transformer.collocated({ image: 'ghcr.io/acme/features:1.0.0' }),`),
  },
  KSV1419: {
    wrong: container(`
    podSpec: {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
        { maxSkew: 2, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
      ],
    },`),
    right: container(`
    podSpec: {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
        { maxSkew: 2, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
      ],
    },`),
  },
  KSV1420: {
    wrong: container(`
    override: { volumeMounts: [{ name: 'cache', mountPath: '/cache' }] },
    podSpec: { volumes: [{ name: 'cache', emptyDir: {} }, { name: 'cache', emptyDir: { medium: 'Memory' } }] },`),
    right: container(`
    override: { volumeMounts: [{ name: 'cache', mountPath: '/cache' }, { name: 'fast', mountPath: '/fast' }] },
    podSpec: { volumes: [{ name: 'cache', emptyDir: {} }, { name: 'fast', emptyDir: { medium: 'Memory' } }] },`),
  },
  KSV1425: {
    wrong: container(`
    resources: { cpu: { request: kplus.Cpu.units(2), limit: kplus.Cpu.units(4) } },
    podSpec: { resources: { requests: { cpu: 1 } } },`),
    right: container(`
    resources: { cpu: { request: kplus.Cpu.units(2), limit: kplus.Cpu.units(4) } },
    podSpec: { resources: { requests: { cpu: 3 }, limits: { cpu: 4 } } },`),
  },
  KSV1435: {
    wrong: container(`
    ports: [{ containerPort: 8080, name: 'http1' }, { containerPort: 9090 }],`),
    right: container(`
    ports: [{ containerPort: 8080, name: 'http1' }, { containerPort: 9090, name: 'metrics' }],`),
  },
  KSV1436: { wrong: besideRuntime('metrics'), right: besideRuntime('cache') },
  KSV1410: {
    wrong: container(`
    podSpec: { priority: 1000 },`),
    right: container(`
    podSpec: { priorityClassName: 'serving' },`),
  },
};
