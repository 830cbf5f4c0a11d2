import { extend } from './define';
import { V0_17 } from './v0-17';

export const V0_18 = extend(V0_17, {
  version: '0.18.0',
  kinds: {
    LocalModelNamespaceCache: { plural: 'localmodelnamespacecaches', versions: ['v1alpha1'], version: 'v1alpha1', namespaced: true },
  },
  abilities: {
    pythonPathBlocked: true,
    multiNodeMpBackend: true,
    workersHeadlessService: true,
    grpcRouteRule: true,
    disableHttpRouteTimeout: true,
    localModelNamespaces: true,
    llmGatewaySectionName: true,
  },
  config: { ingress: { disableHTTPRouteTimeout: false } },
  charts: {
    values: { disableHttpRouteTimeout: 'kserve.controller.gateway.disableHTTPRouteTimeout' },
  },
  pins: {
    gatewayApiInferenceExtension: 'v1.3.1',
    leaderWorkerSet: 'v0.8.0',
    workloadVariantAutoscaler: 'v0.6.0',
  },
  runtimes: { 'kserve-mlserver': { image: { manifestTag: '1.7.1' } } },
  forbiddenEnv: ['PYTHONPATH'],
  bugs: {
    'mlserver-chart-tag': {
      summary: 'The chart installs MLServer 1.5.0 while the raw manifests of the same release have 1.7.1.',
      affects: 'runtime kserve-mlserver installed by Helm',
      reference: 'https://github.com/kserve/kserve/blob/{release}/charts/kserve-runtime-configs/values.yaml',
    },
    'namespace-cache-not-validated': {
      summary: 'The webhook that would check LocalModelNamespaceCaches is not registered.',
      affects: 'LocalModelNamespaceCache',
      reference: 'https://github.com/kserve/kserve/tree/{release}/config/webhook',
    },
  },
});
