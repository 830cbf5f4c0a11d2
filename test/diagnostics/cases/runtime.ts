import { RuleCase } from '.';

/** A service of a runtime with two ports. */
const portsOfRuntime = (second: string) => `
const runtime = new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    ports: [{ containerPort: 8080, name: 'http1' }, { containerPort: 9090${second} }],
  },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    runtime,
    source: ModelSource.gcs('gs://acme-models/sales/v1/'),
  }),
});
`;

export const RUNTIME_CASES: { [code: string]: RuleCase } = {
  KSV1701: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  containerName: 'server',
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
  },
  KSV1702: {
    wrong: `
const runtime = new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
runtime.addJsonPatch(JsonPatch.replace('/spec/workerSpec/containers/0/name', 'worker'));
`,
    right: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
`,
  },
  KSV1703: {
    wrong: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' }, pipelineParallelSize: 0 },
});
`,
    right: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' }, pipelineParallelSize: 2 },
});
`,
  },
  KSV1704: {
    wrong: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: {
    image: 'ghcr.io/acme/sharded-llm:2.0.0',
    env: { TENSOR_PARALLEL_SIZE: kplus.EnvValue.fromValue('4') },
  },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
`,
    right: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' }, tensorParallelSize: 4 },
});
`,
  },
  KSV1705: {
    wrong: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: {
    image: 'ghcr.io/acme/sharded-llm:2.0.0',
    resources: { gpu: { count: 1, resource: 'acme.com/npu' } },
  },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
`,
    right: `
new ClusterServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface', autoSelect: true, priority: 9 }],
  container: {
    image: 'ghcr.io/acme/sharded-llm:2.0.0',
    resources: { gpu: { count: 1, resource: 'acme.com/npu' } },
  },
  podAnnotations: { 'serving.kserve.io/gpu-resource-types': '["acme.com/npu"]' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
`,
  },
  KSV1706: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    env: { PYTHONPATH: kplus.EnvValue.fromValue('/opt/features') },
  },
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server-with-features:0.3.0' },
});
`,
  },
  KSV1707: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true, priority: 0 }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true, priority: 1 }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
  },
  KSV1708: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [
    { name: 'prophet', version: '1', autoSelect: true, priority: 1 },
    { name: 'prophet', version: '2', autoSelect: true, priority: 2 },
  ],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [
    { name: 'prophet', version: '1', autoSelect: true, priority: 1 },
    { name: 'prophet', version: '2', autoSelect: true, priority: 1 },
  ],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
  },
  KSV1709: {
    wrong: `
for (const name of ['prophet-cpu', 'prophet-gpu']) {
  new ServingRuntime(chart, name, {
    formats: [{ name: 'prophet', version: '1', autoSelect: true, priority: 1 }],
    protocolVersions: [InferenceProtocol.V2],
    container: { image: \`ghcr.io/acme/\${name}:0.3.0\` },
  });
}
`,
    right: `
for (const [i, name] of ['prophet-cpu', 'prophet-gpu'].entries()) {
  new ServingRuntime(chart, name, {
    formats: [{ name: 'prophet', version: '1', autoSelect: true, priority: i + 1 }],
    protocolVersions: [InferenceProtocol.V2],
    container: { image: \`ghcr.io/acme/\${name}:0.3.0\` },
  });
}
`,
  },
  KSV1710: {
    wrong: `
new ClusterServingRuntime(chart, 'acme-sklearn', {
  formats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }],
  protocolVersions: [InferenceProtocol.V1],
  container: { image: 'ghcr.io/acme/sklearn-server:1.4.0' },
});
`,
    right: `
new ClusterServingRuntime(chart, 'acme-sklearn', {
  formats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 5 }],
  protocolVersions: [InferenceProtocol.V1],
  container: { image: 'ghcr.io/acme/sklearn-server:1.4.0' },
});
`,
  },
  KSV1711: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    args: ['--model_name={{.name}}'],
  },
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    args: ['--model_name={{.Name}}'],
  },
});
`,
  },
  KSV1712: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_16 });
new ServingRuntime(chart, 'anything', {
  formats: [{ name: 'prophet', autoSelect: true }, { name: 'arima', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/forecast-server:0.3.0',
    args: ['--framework={{.Annotations.modelFormat}}'],
  },
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_17 });
new ServingRuntime(chart, 'anything', {
  formats: [{ name: 'prophet', autoSelect: true }, { name: 'arima', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/forecast-server:0.3.0',
    args: ['--framework={{.Annotations.modelFormat}}'],
  },
});
`,
  },
  KSV1713: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
`,
  },
  KSV1714: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_16 });
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
  schedulerName: 'volcano',
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_17 });
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
  schedulerName: 'volcano',
});
`,
  },
  KSV1715: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_16 });
new ServingRuntime(chart, 'acme-mlserver', {
  formats: [{ name: 'mlflow', autoSelect: true }],
  protocolVersions: [InferenceProtocol.V2],
  serverType: ServerType.MLSERVER,
  container: { image: 'ghcr.io/acme/mlserver:1.7.1' },
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
new ServingRuntime(chart, 'acme-mlserver', {
  formats: [{ name: 'mlflow', autoSelect: true }],
  protocolVersions: [InferenceProtocol.V2],
  serverType: ServerType.MLSERVER,
  container: { image: 'ghcr.io/acme/mlserver:1.7.1' },
});
`,
  },
  KSV1716: {
    wrong: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
  hostIpc: true,
});
`,
    right: `
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    podSpec: { hostIPC: true },
  }),
});
`,
  },
  KSV1717: {
    wrong: `
new ServingRuntime(chart, 'mesh-server', {
  formats: [{ name: 'onnx', version: '1', autoSelect: true }],
  multiModel: true,
  grpcDataEndpoint: 'port:8001',
  container: { image: 'ghcr.io/acme/mesh-server:1.0.0' },
  replicas: 100000,
});
`,
    right: `
new ServingRuntime(chart, 'mesh-server', {
  formats: [{ name: 'onnx', version: '1', autoSelect: true }],
  multiModel: true,
  grpcDataEndpoint: 'port:8001',
  container: { image: 'ghcr.io/acme/mesh-server:1.0.0' },
  replicas: 3,
});
`,
  },
  KSV1718: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_16 });
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    override: { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
  },
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_17 });
new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: {
    image: 'ghcr.io/acme/prophet-server:0.3.0',
    override: { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
  },
});
`,
  },
  KSV1719: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_19, runtimes: [] });
new BuiltInRuntimes(chart, 'runtimes', { runtimes: ['kserve-huggingfaceserver', 'kserve-vllmserver'] });
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_20, runtimes: [] });
new BuiltInRuntimes(chart, 'runtimes', { runtimes: ['kserve-huggingfaceserver', 'kserve-vllmserver'] });
`,
  },
  KSV1721: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_20, runtimes: [] });
new BuiltInRuntimes(chart, 'runtimes');
new InferenceService(chart, 'churn', {
  predictor: Predictor.fromModel({
    format: ModelFormat.XGBOOST.withVersion('1'),
    source: ModelSource.gcs('gs://acme-models/churn/v3'),
  }),
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_20, runtimes: [] });
new BuiltInRuntimes(chart, 'runtimes');
new InferenceService(chart, 'churn', {
  predictor: Predictor.fromModel({
    format: ModelFormat.XGBOOST.withVersion('2'),
    source: ModelSource.gcs('gs://acme-models/churn/v3'),
  }),
});
`,
  },
  KSV1722: {
    wrong: `
new InferenceService(chart, 'chat', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('vllm'),
    source: ModelSource.gcs('gs://acme-models/chat/v3'),
  }),
});
`,
    right: `
new InferenceService(chart, 'chat', {
  predictor: Predictor.fromModel({
    format: ModelFormat.VLLM,
    source: ModelSource.gcs('gs://acme-models/chat/v3'),
  }),
});
`,
  },
  KSV1723: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_20, runtimes: [] });
new BuiltInRuntimes(chart, 'runtimes');
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'acme', 'acme-sklearn'),
  }),
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_20, runtimes: [] });
const runtimes = new BuiltInRuntimes(chart, 'runtimes');
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime: runtimes.runtime('kserve-sklearnserver'),
  }),
});
`,
  },
  KSV1724: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
new InferenceService(chart, 'chat', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.gcs('gs://acme-models/chat/v3'),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'vllm', 'kserve-vllmserver'),
  }),
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
new InferenceService(chart, 'chat', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.gcs('gs://acme-models/chat/v3'),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'hf', 'kserve-huggingfaceserver'),
  }),
});
`,
  },
  KSV1725: {
    wrong: `
const runtime = new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
  disabled: true,
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime,
  }),
});
`,
    right: `
const runtime = new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime,
  }),
});
`,
  },
  KSV1726: {
    wrong: `
new InferenceService(chart, 'flowers', {
  predictor: Predictor.fromModel({
    format: ModelFormat.ONNX,
    source: ModelSource.gcs('gs://acme-models/flowers/v3'),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'triton', 'kserve-tritonserver'),
    protocol: InferenceProtocol.V1,
  }),
});
`,
    right: `
new InferenceService(chart, 'flowers', {
  predictor: Predictor.fromModel({
    format: ModelFormat.ONNX,
    source: ModelSource.gcs('gs://acme-models/flowers/v3'),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'triton', 'kserve-tritonserver'),
    protocol: InferenceProtocol.V2,
  }),
});
`,
  },
  KSV1727: {
    wrong: `
new InferenceService(chart, 'flowers', {
  predictor: Predictor.fromModel({
    format: ModelFormat.PMML,
    source: ModelSource.gcs('gs://acme-models/flowers/v3'),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'triton', 'kserve-tritonserver'),
  }),
});
`,
    right: `
new InferenceService(chart, 'flowers', {
  predictor: Predictor.fromModel({
    format: ModelFormat.PMML,
    source: ModelSource.gcs('gs://acme-models/flowers/v3'),
  }),
});
`,
  },
  KSV1728: {
    wrong: `
const chart = new Chart(app, 'models', { namespace: 'models' });
const shared = new Chart(app, 'shared', { namespace: 'ml-platform' });
const runtime = new ServingRuntime(shared, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime,
  }),
});
`,
    right: `
const chart = new Chart(app, 'models', { namespace: 'models' });
const shared = new Chart(app, 'shared', { namespace: 'ml-platform' });
const runtime = new ClusterServingRuntime(shared, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime,
  }),
});
`,
  },
  KSV1729: {
    wrong: `
for (const name of ['prophet-cpu', 'prophet-gpu']) {
  new ServingRuntime(chart, name, {
    formats: [{ name: 'prophet', autoSelect: true }],
    container: { image: \`ghcr.io/acme/\${name}:0.3.0\` },
  });
}
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
  }),
});
`,
    right: `
const [runtime] = ['prophet-cpu', 'prophet-gpu'].map((name) =>
  new ServingRuntime(chart, name, {
    formats: [{ name: 'prophet', autoSelect: true }],
    container: { image: \`ghcr.io/acme/\${name}:0.3.0\` },
  }));
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({
    format: ModelFormat.of('prophet'),
    source: ModelSource.gcs('gs://acme-models/sales/v3'),
    runtime,
  }),
});
`,
  },
  KSV1730: {
    wrong: `
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
new InferenceService(chart, 'llm', {
  predictor: Predictor.fromWorkers({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llm', { path: 'v3' }),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'hf', 'kserve-huggingfaceserver'),
    workers: { pipelineParallelSize: 2, tensorParallelSize: 4 },
  }),
});
`,
    right: `
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
new InferenceService(chart, 'llm', {
  predictor: Predictor.fromWorkers({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llm', { path: 'v3' }),
    workers: { pipelineParallelSize: 2, tensorParallelSize: 4 },
  }),
});
`,
  },
  KSV1731: {
    wrong: `
new InferenceService(chart, 'llm', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llm', { path: 'v3' }),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'hf', 'kserve-huggingfaceserver-multinode'),
  }),
});
`,
    right: `
new InferenceService(chart, 'llm', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llm', { path: 'v3' }),
    runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'hf', 'kserve-huggingfaceserver'),
  }),
});
`,
  },
  KSV1732: { wrong: portsOfRuntime(''), right: portsOfRuntime(', name: \'metrics\'') },
};
