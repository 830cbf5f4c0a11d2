/** Wrong programs with all that a cluster needs to show that they are, where the case of the rule is shorter. */
export const PROGRAMS: { readonly [code: string]: string } = {
  KSV1216: `
new kplus.Secret(chart, 'StorageKeys', {
  metadata: { name: 'storage-config' },
  stringData: { minio: '{"type": "s3", "bucket": "models"}' },
});
new InferenceService(chart, 'fraud', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.storageKey('minio', { path: 'fraud/v3', parameters: { type: 's3' } }),
  }),
});
`,
  // without what the webhook refuses in the first place, so that the workers alone are left
  KSV1412: `
const runtime = new ServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface' }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
const llama = new InferenceService(chart, 'llama', {
  deploymentMode: DeploymentMode.KNATIVE,
  predictor: Predictor.fromWorkers({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llama', { path: '70b' }),
    runtime,
    workers: { pipelineParallelSize: 2, tensorParallelSize: 1 },
  }),
});
llama.addJsonPatch(JsonPatch.add('/metadata/annotations/serving.kserve.io~1autoscalerClass', 'none'));
`,
  KSV1701: runtimeWithService("containerName: 'server',", ''),
  KSV1702: `
const runtime = new ServingRuntime(chart, 'sharded', {
  formats: [{ name: 'huggingface' }],
  container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' },
  workers: { container: { image: 'ghcr.io/acme/sharded-llm:2.0.0' } },
});
runtime.addJsonPatch(JsonPatch.replace('/spec/workerSpec/containers/0/name', 'worker'));
new InferenceService(chart, 'llama', {
  predictor: Predictor.fromWorkers({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llama', { path: '70b' }),
    runtime,
    workers: { pipelineParallelSize: 2, tensorParallelSize: 1 },
  }),
});
`,
  KSV1711: runtimeWithService('', "args: ['--model_name={{.name}}'],"),
  KSV1713: `
const runtime = new ServingRuntime(chart, 'prophet', { formats: [], container: { image: 'ghcr.io/acme/prophet-server:0.3.0' } });
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({ format: ModelFormat.of('prophet'), runtime, source: ModelSource.gcs('gs://acme-models/sales/v1/') }),
});
`,
  KSV1812: `
new ClusterStorageContainer(chart, 'registry', { regexes: ['registry://(?!internal/)'], image: 'ghcr.io/acme/registry-initializer:1.4.0' });
new InferenceService(chart, 'fraud', {
  predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.uri('registry://fraud/v3') }),
});
`,
  KSV2024: `
new ApiObject(chart, 'other', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'graph' }, spec: { ports: [{ port: 80 }], selector: { app: 'other' } },
});
new InferenceGraph(chart, 'graph', { root: GraphNode.sequence([Step.toUrl('http://other.models/')]) });
`,
  KSV2025: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20, components: { knative: false } });
const chart = new Chart(app, 'models', { namespace: 'models' });
new InferenceGraph(chart, 'graph', {
  root: GraphNode.sequence([Step.toUrl('http://other.models/')]),
  deploymentMode: DeploymentMode.KNATIVE,
});
`,
};

function runtimeWithService(props: string, container: string): string {
  return `
const runtime = new ServingRuntime(chart, 'prophet', {
  formats: [{ name: 'prophet', autoSelect: true }],
  ${props}
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0', ${container} },
});
new InferenceService(chart, 'sales', {
  predictor: Predictor.fromModel({ format: ModelFormat.of('prophet'), runtime, source: ModelSource.gcs('gs://acme-models/sales/v1/') }),
});
`;
}
