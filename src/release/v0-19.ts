import { extend } from './define';
import { V0_18 } from './v0-18';

export const V0_19 = extend(V0_18, {
  version: '0.19.0',
  abilities: {
    deploymentModeNormalised: true,
    clusterServingRuntimeOptional: true,
    ociInStorageUris: true,
    splitterExact: true,
    localModelForLlm: true,
    llmLoraLimits: true,
    llmModelRouting: true,
  },
  config: { ingress: { modelBasedRoutingHeaderName: 'X-Gateway-Model-Name', modelBasedRoutingMode: 'enabled' } },
  charts: {
    values: {
      controllerImagePullPolicy: 'kserve.controller.imagePullPolicy',
      createInferenceExtensionCrds: 'kserve.llmisvc.createGIECRDs',
    },
  },
  pins: {
    envoyGateway: 'v1.7.0',
    envoyAiGateway: 'v0.6.0',
    keda: '2.18.0',
    workloadVariantAutoscaler: 'v0.7.0',
    kubePrometheusStack: '83.4.0',
    prometheusAdapter: '5.3.0',
  },
  bugs: {
    'mode-compared-raw': undefined,
    'splitter-misses': undefined,
    'oci-in-storage-uris': {
      summary: 'When one entry of storageUris is oci://, only the oci:// entries reach the pod; all others are left out silently.',
      affects: 'storageUris with oci:// and other entries',
      reference: 'https://github.com/kserve/kserve/blob/{release}/pkg/webhook/admission/pod/storage_initializer_injector.go',
    },
  },
});
