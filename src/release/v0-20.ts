import { extend } from './define';
import type { RuntimeData } from './runtime-data';
import { auto, kserveServer, ONE_CPU } from './v0-16/runtimes';
import { V0_19 } from './v0-19';

const GITHUB = 'https://github.com/kserve/kserve';

const AUTOGLUON = kserveServer('autogluonserver', { formats: [auto('autogluon', '1', 1)] });

const VLLM: RuntimeData = {
  name: 'kserve-vllmserver',
  serverType: 'vllmserver',
  formats: [auto('vLLM', '1', 1)],
  protocols: [],
  image: { repository: 'vllm/vllm-openai', tag: 'latest', manifestTag: 'latest', cpuRepositorySuffix: '-cpu' },
  installed: true,
  metricsPort: 8080,
  httpPort: 8080,
  container: {
    command: ['python', '-m', 'vllm.entrypoints.openai.api_server'],
    args: ['--port=8080', '--served-model-name={{.Name}}', '--model=/mnt/models'],
    env: [
      { name: 'LMCACHE_USE_EXPERIMENTAL', value: 'True' },
      { name: 'HF_HOME', value: '/tmp' },
      { name: 'VLLM_CONFIG_ROOT', value: '/tmp' },
      { name: 'VLLM_WORKER_MULTIPROC_METHOD', value: 'spawn' },
    ],
    resources: ONE_CPU,
    // the image runs as root
    securityContext: { allowPrivilegeEscalation: false, privileged: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'devshm', mountPath: '/dev/shm' }],
    readinessProbe: {
      httpGet: { path: '/v1/models', port: 8080 }, failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 5,
    },
    // half an hour, because large models load slowly
    startupProbe: {
      httpGet: { path: '/v1/models', port: 8080 },
      failureThreshold: 60,
      periodSeconds: 30,
      successThreshold: 1,
      timeoutSeconds: 10,
      initialDelaySeconds: 30,
    },
  },
  volumes: [{ name: 'devshm', emptyDir: { medium: 'Memory' } }],
};

export const V0_20 = extend(V0_19, {
  version: '0.20.0',
  abilities: {
    canaryPredictors: true,
    canaryModelNameRequired: true,
    predictorName: true,
    storageContainerName: true,
    confidential: true,
    multiNode: false,
    imageVariantByServerType: true,
    ociNative: true,
    ociBesideOthers: true,
    llmTrafficGroups: true,
    llmKvCacheOffloading: true,
    llmTracing: true,
    llmDra: true,
  },
  config: { storageInitializer: { ociModelModes: ['modelcar', 'native', 'fetch'] } },
  charts: { runtimeKeys: { [AUTOGLUON.name]: 'autogluonserver', [VLLM.name]: 'vllmserver' } },
  pins: {
    gatewayApi: 'v1.5.1',
    gatewayApiInferenceExtension: 'v1.5.0',
    llmDRouter: 'v0.9.0',
    envoyGateway: 'v1.8.1',
    envoyAiGateway: 'v1.0.0',
    jaeger: '4.7.0',
  },
  runtimes: { [AUTOGLUON.name]: AUTOGLUON, [VLLM.name]: VLLM },
  protocols: { ofFormat: { vLLM: 'v2' } },
  storage: {
    prefixes: [...V0_19.storage.prefixes, 'oci+native://'],
    maxOciUris: 10,
  },
  bugs: {
    'oci-in-storage-uris': undefined,
    'multi-node-cleanup': {
      summary: 'The cleanup of canaries deletes the workers and the headless Services of a multi-node predictor at every reconcile.',
      affects: 'predictor.workerSpec',
      reference: `${GITHUB}/issues/6113`,
    },
    'canary-no-traffic': {
      summary: 'No route sends traffic to a canary predictor: its trafficPercent sets replicas and status only.',
      affects: 'spec.canary',
      reference: `${GITHUB}/pull/5912`,
    },
    'canary-model-name': {
      summary: 'The full CRD requires model.name in a canary predictor, while the stable predictor must not have it.',
      affects: 'spec.canary[].predictor.model',
      reference: `${GITHUB}/blob/{release}/config/crd/full/serving.kserve.io_inferenceservices.yaml`,
    },
    'canary-storage-uris': {
      summary: 'The storageUris of a canary predictor are not downloaded.',
      affects: 'spec.canary[].predictor.storageUris',
      reference: `${GITHUB}/blob/{release}/pkg/controller/v1beta1/inferenceservice/components/predictor.go`,
    },
    'canary-leftovers': {
      summary: 'Promotion of a canary leaves the old autoscaler and the old HTTPRoute behind.',
      affects: 'spec.canary',
      reference: `${GITHUB}/tree/{release}/pkg/controller/v1beta1/inferenceservice/reconcilers`,
    },
  },
});
