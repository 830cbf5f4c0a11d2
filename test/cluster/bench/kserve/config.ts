import { KServeRelease } from '../../../../src/release';
import type { ResourceDefaults } from '../../../../src/release/config-data';
import { KubeObject } from '../client';

export type Mode = 'standard' | 'knative';

/** What a test may set differently from the release's defaults: fields of one key of the ConfigMap. */
export interface ConfigChanges {
  readonly [key: string]: { readonly [field: string]: unknown };
}

/** KServe's ConfigMap as an installation by Helm has it, but with the Gateway API for Standard mode. */
export function configMap(release: KServeRelease, mode: Mode, changes: ConfigChanges = {}): KubeObject {
  const { config } = release._data;
  const data: ConfigChanges = {
    explainers: config.explainers,
    inferenceService: config.inferenceService,
    storageInitializer: { ...flat(config.storageInitializer), ...resources(config.storageInitializer) },
    credentials: {
      storageSpecSecretName: config.credentials.storageSpecSecretName,
      storageSecretNameAnnotation: config.byInstall.helm.storageSecretNameAnnotation,
      gcs: { gcsCredentialFileName: 'gcloud-application-credentials.json' },
      s3: {
        s3AccessKeyIDName: config.credentials.s3AccessKeyIDName,
        s3SecretAccessKeyName: config.credentials.s3SecretAccessKeyName,
        s3Endpoint: '',
        s3UseHttps: '',
        s3Region: '',
        s3VerifySSL: '',
        s3UseVirtualBucket: '',
        s3UseAccelerate: '',
        s3UseAnonymousCredential: '',
        s3CABundle: '',
      },
    },
    ingress: { ...config.ingress, enableGatewayApi: mode === 'standard' },
    logger: { ...flat(config.logger), ...resources(config.logger) },
    batcher: {
      ...flat(config.batcher),
      ...resources(config.batcher),
      maxBatchSize: String(config.batcher.maxBatchSize),
      maxLatency: String(config.batcher.maxLatency),
    },
    agent: { ...flat(config.agent), ...resources(config.agent) },
    router: { ...flat(config.router), ...resources(config.router) },
    deploy: { defaultDeploymentMode: mode === 'standard' ? 'Standard' : 'Knative' },
    autoscaler: strings(config.autoscaler),
    metricsAggregator: strings(config.metricsAggregator),
    opentelemetryCollector: config.opentelemetryCollector,
    localModel: { ...config.localModel, defaultJobImage: config.storageInitializer.image },
    security: config.security,
    service: config.service,
  };
  const merged = Object.keys({ ...data, ...changes }).map((key) => [key, JSON.stringify({ ...data[key], ...changes[key] })]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: config.name, namespace: config.namespace },
    data: Object.fromEntries(merged),
  };
}

// the data keeps CPU and memory of every sidecar under the same names as the ConfigMap
function resources({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ResourceDefaults): { [field: string]: string } {
  return { cpuRequest, cpuLimit, memoryRequest, memoryLimit };
}

function flat(fields: object): { [field: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value !== 'object'));
}

function strings(fields: object): { [field: string]: string } {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}
