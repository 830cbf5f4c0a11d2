import { extend } from './define';
import type { RuntimeData } from './runtime-data';
import { V0_16 } from './v0-16';
import { auto, kserveServer, ONE_CPU, RESTRICTED } from './v0-16/runtimes';

const PREDICTIVE = kserveServer('predictiveserver', {
  formats: [
    { name: 'sklearn', version: '1', autoSelect: false, priority: 3 },
    { name: 'xgboost', version: '2', autoSelect: false, priority: 3 },
    { name: 'lightgbm', version: '4', autoSelect: false, priority: 3 },
  ],
  args: ['--framework={{.Annotations.modelFormat}}', '--nthread=1'],
});

const OPENVINO: RuntimeData = {
  name: 'kserve-openvino',
  serverType: 'ovms',
  formats: [auto('openvino', '10', 1), auto('onnx', '1', 2), auto('tensorflow', '1', 3), { name: 'huggingface', autoSelect: true }],
  protocols: ['v1', 'v2', 'grpc-v2'],
  // upstream's file holds a tag that its own build never replaces
  image: { repository: 'openvino/model_server', tag: 'latest', manifestTag: 'replace' },
  installed: false,
  metricsPort: 8080,
  httpPort: 8080,
  grpcPort: 9000,
  container: {
    args: [
      '--model_name={{.Name}}', '--model_path=/mnt/models', '--port=9000', '--rest_port=8080',
      '--file_system_poll_wait_seconds=0',
    ],
    resources: ONE_CPU,
    securityContext: { ...RESTRICTED, runAsUser: 5000 },
  },
};

export const V0_17 = extend(V0_16, {
  version: '0.17.0',
  kinds: {
    LLMInferenceService: { versions: ['v1alpha1', 'v1alpha2'], version: 'v1alpha2' },
    LLMInferenceServiceConfig: { versions: ['v1alpha1', 'v1alpha2'], version: 'v1alpha2' },
  },
  modes: { aliasBreaksUpdates: false },
  abilities: {
    loggerMarshaller: true,
    loggerBatching: true,
    loggerParquet: true,
    legacyModeNamesRewritten: true,
    modelFormatAnnotation: true,
    serverTypeAnnotation: true,
    inferenceServiceNameEnv: true,
    headlessAddressPort: true,
    runtimeSchedulerName: true,
    istioOptional: true,
    gitSource: true,
    storageFilters: true,
    mapPredictionsInHelmCrd: true,
    llmScaling: true,
    llmStorageInitializer: true,
    llmSchedulerConfig: true,
  },
  podFieldsMissing: [],
  charts: {
    controller: 'kserve-resources',
    runtimes: 'kserve-runtime-configs',
    llmConfigs: 'kserve-runtime-configs',
    llmCrd: 'kserve-llmisvc-crd',
    llmCrdMinimal: 'kserve-llmisvc-crd-minimal',
    llmController: 'kserve-llmisvc-resources',
    localModelCrd: 'kserve-localmodel-crd',
    localModelCrdMinimal: 'kserve-localmodel-crd-minimal',
    localModelController: 'kserve-localmodel-resources',
    values: {
      pathTemplate: 'kserve.controller.gateway.pathTemplate',
      storageS3CaBundleConfigMap: 'kserve.storage.s3.CABundleConfigMap',
      createSharedResources: 'kserve.createSharedResources',
      runtimesEnabled: 'kserve.servingruntime.enabled',
      llmConfigsEnabled: 'kserve.llmisvcConfigs.enabled',
    },
    runtimeKeys: { 'kserve-predictiveserver': 'predictiveserver' },
  },
  pins: {
    knativeOperator: 'v1.21.1',
    knativeServing: '1.21.1',
    gatewayApi: 'v1.4.1',
    gatewayApiInferenceExtension: 'v1.3.0',
    envoyGateway: 'v1.6.3',
    envoyAiGateway: 'v0.5.0',
    keda: '2.17.3',
    openTelemetryOperator: '0.74.3',
    leaderWorkerSet: 'v0.7.0',
  },
  runtimes: {
    'kserve-xgbserver': { formats: [auto('xgboost', '2', 1)] },
    'kserve-lgbserver': { formats: [auto('lightgbm', '4', 1)] },
    'kserve-mlserver': {
      container: { env: V0_16.runtimes['kserve-mlserver'].container.env?.filter(({ name }) => name !== 'MODELS_DIR') },
    },
    [PREDICTIVE.name]: PREDICTIVE,
    [OPENVINO.name]: OPENVINO,
  },
  bugs: {
    'legacy-mode-annotation': undefined,
    'graph-map-predictions-pruned': undefined,
  },
});
