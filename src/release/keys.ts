/**
 * Annotations and labels that the library writes and KServe, Knative or a cloud reads.
 * Spelled in this one place; they are the same in every release. The annotation that names a
 * credentials Secret depends on the installation: see `config.byInstall`.
 */
export const KEYS = {
  // annotations of an InferenceService or InferenceGraph
  deploymentMode: 'serving.kserve.io/deploymentMode',
  autoscalerClass: 'serving.kserve.io/autoscalerClass',
  /** `"true"`: tag `latest` for the newest revision. */
  enableTagRouting: 'serving.kserve.io/enable-tag-routing',
  /** `"true"`: the pods and routes are removed, the object stays. */
  stop: 'serving.kserve.io/stop',
  /** `"true"`: once ready, the controller leaves the service alone. */
  disableAutoUpdate: 'serving.kserve.io/disable-auto-update',
  /** Its presence keeps the service from using a local model. */
  disableLocalModel: 'serving.kserve.io/disable-localmodel',
  /** Node group whose local model is used. */
  nodeGroup: 'serving.kserve.io/nodegroup',
  /** JSON array with further names of GPU resources, for multi-node predictors. */
  gpuResourceTypes: 'serving.kserve.io/gpu-resource-types',
  /** Accelerator that becomes a node selector of GKE when a container limits nvidia.com/gpu. */
  gkeAccelerator: 'serving.kserve.io/gke-accelerator',
  /** `"false"`: the model volume is writable. */
  storageReadonly: 'storage.kserve.io/readonly',
  /** User id of the storage initializer, for Istio CNI. */
  storageInitializerUid: 'serving.kserve.io/storage-initializer-uid',
  enableMetricAggregation: 'serving.kserve.io/enable-metric-aggregation',
  enablePrometheusScraping: 'serving.kserve.io/enable-prometheus-scraping',
  /** Format of the model; the webhook sets it in releases with `modelFormatAnnotation`. */
  modelFormat: 'modelFormat',
  loggerSecretName: 'serving.kserve.io/logger-secret-name',
  loggerSecretPath: 'serving.kserve.io/logger-secret-path',
  loggerSecretFile: 'serving.kserve.io/logger-secret-file',

  // annotations of a runtime
  /** On the metadata: what server the runtime holds. */
  serverType: 'serving.kserve.io/server-type',
  /** In spec.annotations: `mp` where Ray is not wanted. */
  executorBackend: 'multinode/executor-backend',
  prometheusPort: 'prometheus.kserve.io/port',
  prometheusPath: 'prometheus.kserve.io/path',

  // visibility, both labels with value `cluster-local`
  knativeVisibility: 'networking.knative.dev/visibility',
  standardVisibility: 'networking.kserve.io/visibility',

  // annotations that Knative reads
  knativeClass: 'autoscaling.knative.dev/class',
  knativeMetric: 'autoscaling.knative.dev/metric',
  knativeTarget: 'autoscaling.knative.dev/target',
  knativeTargetUtilization: 'autoscaling.knative.dev/target-utilization-percentage',
  knativeTargetBurstCapacity: 'autoscaling.knative.dev/target-burst-capacity',
  /** KServe drops it: minReplicas sets it. */
  knativeMinScale: 'autoscaling.knative.dev/min-scale',
  /** KServe drops it: maxReplicas sets it. */
  knativeMaxScale: 'autoscaling.knative.dev/max-scale',
  knativeInitialScale: 'autoscaling.knative.dev/initial-scale',
  knativeActivationScale: 'autoscaling.knative.dev/activation-scale',
  knativeScaleDownDelay: 'autoscaling.knative.dev/scale-down-delay',
  knativeWindow: 'autoscaling.knative.dev/window',
  knativePanicWindow: 'autoscaling.knative.dev/panic-window-percentage',
  knativePanicThreshold: 'autoscaling.knative.dev/panic-threshold-percentage',
  knativePodRetention: 'autoscaling.knative.dev/scale-to-zero-pod-retention-period',
  knativeRolloutDuration: 'serving.knative.dev/rollout-duration',
  openshiftEnablePassthrough: 'serving.knative.openshift.io/enablePassthrough',

  // workload identity: annotations of a ServiceAccount, but for the last
  eksRoleArn: 'eks.amazonaws.com/role-arn',
  gkeServiceAccount: 'iam.gke.io/gcp-service-account',
  azureClientId: 'azure.workload.identity/client-id',
  azureTenantId: 'azure.workload.identity/tenant-id',
  /** Label of the pods, with value `"true"`. */
  azureUseWorkloadIdentity: 'azure.workload.identity/use',

  // labels that KServe puts on what it makes
  inferenceService: 'serving.kserve.io/inferenceservice',
  inferenceGraph: 'serving.kserve.io/inferencegraph',
  component: 'component',
  app: 'app',
  generation: 'isvc.generation',
} as const;

/** Values of the annotations and labels above. */
export const KEY_VALUES = {
  clusterLocal: 'cluster-local',
  knativePodAutoscaler: 'kpa.autoscaling.knative.dev',
  knativeHpa: 'hpa.autoscaling.knative.dev',
} as const;

/** Keys that the controller and the pod webhook use between themselves; nobody else writes them. */
export const INTERNAL_KEY_PREFIX = 'internal.serving.kserve.io/';
