/**
 * What a release can do or does, one flag each. A flag is here when it differs between
 * releases or is expected to; constructs and rules ask for it instead of the version.
 */
export interface Abilities {
  // fields of InferenceService
  /** `storageUris`: several models for one component. */
  readonly storageUris: boolean;
  /** `spec.canary`, a list of canary predictors in Standard mode. */
  readonly canaryPredictors: boolean;
  /** Traffic really is split between the stable predictor and `spec.canary`. */
  readonly canaryTrafficSplit: boolean;
  /** The full CRD requires `name` inside `spec.canary[].predictor.model`. */
  readonly canaryModelNameRequired: boolean;
  /** `predictor.name`: the variant name. */
  readonly predictorName: boolean;
  /** `predictor.storageContainerName`. */
  readonly storageContainerName: boolean;
  /** `model.confidential`. */
  readonly confidential: boolean;
  /** `logger.marshallerUrl`. */
  readonly loggerMarshaller: boolean;
  /** `logger.batchSize` and `logger.batchInterval`. */
  readonly loggerBatching: boolean;
  /** The logger's storage can write Parquet. */
  readonly loggerParquet: boolean;

  // what the webhooks and the controller do
  /** The webhook rewrites RawDeployment and Serverless to Standard and Knative. */
  readonly legacyModeNamesRewritten: boolean;
  /** On update the deploymentMode of the status is normalised before it is compared with the annotation. */
  readonly deploymentModeNormalised: boolean;
  /** Environment variable PYTHONPATH is refused. */
  readonly pythonPathBlocked: boolean;
  /** The webhook sets annotation `modelFormat`, which runtime templates can use. */
  readonly modelFormatAnnotation: boolean;
  /** Runtimes are recognised by annotation `serving.kserve.io/server-type`, not only by name. */
  readonly serverTypeAnnotation: boolean;
  /** The GPU or CPU variant of an image is chosen by server type; without it only for the built-in runtimes. */
  readonly imageVariantByServerType: boolean;
  /** Every container gets environment variable INFERENCE_SERVICE_NAME. */
  readonly inferenceServiceNameEnv: boolean;
  /** `status.address.url` carries `:8080` when the Service is headless. */
  readonly headlessAddressPort: boolean;
  /** `schedulerName` of a runtime reaches the pods. */
  readonly runtimeSchedulerName: boolean;
  /** The controller starts without the ClusterServingRuntime CRD. */
  readonly clusterServingRuntimeOptional: boolean;

  // multi-node
  /** A predictor with workerSpec works at all. */
  readonly multiNode: boolean;
  /** Executor backend `mp` besides ray. */
  readonly multiNodeMpBackend: boolean;
  /** Workers have a headless Service `<service>-workers-<generation>`. */
  readonly workersHeadlessService: boolean;

  // routes
  /** HTTPRoutes send gRPC to the gRPC port when a Service has both. */
  readonly grpcRouteRule: boolean;
  /** `disableHTTPRouteTimeout` of the ingress configuration. */
  readonly disableHttpRouteTimeout: boolean;
  /** A missing Istio VirtualService CRD is tolerated in Knative mode. */
  readonly istioOptional: boolean;

  // storage
  /** `https://….git` is cloned. */
  readonly gitSource: boolean;
  /** `oci+native://`: a model image mounted as a volume. */
  readonly ociNative: boolean;
  /** `oci://` entries of `storageUris` are mounted. */
  readonly ociInStorageUris: boolean;
  /** Other entries of `storageUris` are still downloaded when one of them is `oci://`. */
  readonly ociBesideOthers: boolean;
  /** STORAGE_ALLOW_PATTERNS and STORAGE_IGNORE_PATTERNS of the storage initializer. */
  readonly storageFilters: boolean;

  // graphs
  /** Every request through a Splitter finds a branch. */
  readonly splitterExact: boolean;
  /** The CRD of the Helm chart keeps `mapPredictionsToInstances`. */
  readonly mapPredictionsInHelmCrd: boolean;

  // local models
  /** Kind LocalModelNamespaceCache and credentials on local models. */
  readonly localModelNamespaces: boolean;
  /** Local models serve LLMInferenceServices too. */
  readonly localModelForLlm: boolean;

  // LLMs
  /** `scaling` of an LLMInferenceService. */
  readonly llmScaling: boolean;
  /** `storageInitializer.enabled` of an LLMInferenceService. */
  readonly llmStorageInitializer: boolean;
  /** `router.scheduler.config`, `replicas`, `labels` and `annotations`. */
  readonly llmSchedulerConfig: boolean;
  /** `sectionName` of a gateway reference. */
  readonly llmGatewaySectionName: boolean;
  /** `maxRank`, `maxAdapters` and `maxCpuAdapters` of LoRA adapters. */
  readonly llmLoraLimits: boolean;
  /** Routing by the model name of the request. */
  readonly llmModelRouting: boolean;
  /** `router.route.group` and `weight`. */
  readonly llmTrafficGroups: boolean;
  /** `kvCacheOffloading`. */
  readonly llmKvCacheOffloading: boolean;
  /** `tracing`. */
  readonly llmTracing: boolean;
  /** Dynamic resource allocation by annotation. */
  readonly llmDra: boolean;
}
