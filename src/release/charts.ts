/** The Helm charts of a release. */
export interface ChartsData {
  /** Where the charts are, without a trailing slash. */
  readonly registry: string;
  /** Version of every chart. */
  readonly version: string;
  /** Namespace that KServe is installed into. */
  readonly namespace: string;
  /** CRDs of InferenceService, runtimes, graphs, trained models and storage containers. */
  readonly coreCrd: string;
  /** The same without schemas. */
  readonly coreCrdMinimal: string;
  /** The controller and `inferenceservice-config`. */
  readonly controller: string;
  /** The built-in runtimes. May be the chart of the controller. */
  readonly runtimes: string;
  /** The configurations that LLMInferenceServices build upon. May be the chart of the LLM controller. */
  readonly llmConfigs: string;
  readonly llmCrd: string;
  readonly llmCrdMinimal: string;
  readonly llmController: string;
  /** CRDs of local models. May be the chart of the core CRDs. */
  readonly localModelCrd: string;
  readonly localModelCrdMinimal: string;
  /** Controllers of local models. May be the chart of the controller. */
  readonly localModelController: string;
  /** Paths of values in the charts, by what they set. A path that is absent cannot be set by the chart. */
  readonly values: ChartValues;
  /** Below the runtimes' value path: key of each built-in runtime, by runtime name. */
  readonly runtimeKeys: { readonly [runtime: string]: string };
}

/** Dotted paths into the values of the charts. */
export interface ChartValues {
  /** Tag of every image that names no tag of its own. */
  readonly version: string;
  readonly deploymentMode: string;
  readonly domain: string;
  readonly additionalIngressDomains: string;
  readonly domainTemplate: string;
  readonly pathTemplate?: string;
  readonly urlScheme: string;
  readonly disableIstioVirtualHost: string;
  readonly disableIngressCreation: string;
  readonly disableHttpRouteTimeout?: string;
  readonly enableGatewayApi: string;
  readonly kserveGateway: string;
  readonly createGateway: string;
  readonly ingressGateway: string;
  readonly ingressClassName: string;
  readonly localGateway: string;
  readonly localGatewayService: string;
  readonly knativeLocalGatewayService: string;
  readonly storageSpecSecretName: string;
  readonly storageSecretNameAnnotation: string;
  readonly storageS3: string;
  readonly storageS3CaBundleConfigMap?: string;
  readonly caBundleConfigMapName: string;
  readonly caBundleVolumeMountPath: string;
  readonly enableModelcar: string;
  readonly serviceClusterIpNone: string;
  readonly enableMetricAggregation: string;
  readonly enablePrometheusScraping: string;
  readonly autoMountServiceAccountToken: string;
  readonly componentResources: string;
  readonly scaleUpStabilization: string;
  readonly scaleDownStabilization: string;
  readonly openTelemetryCollector: string;
  readonly localModelEnabled: string;
  readonly controllerImage: string;
  readonly controllerTag: string;
  readonly controllerImagePullPolicy?: string;
  readonly controllerImagePullSecrets: string;
  readonly controllerResources: string;
  /** Whether the chart owns what several charts share: ConfigMap, Issuer, storage container. */
  readonly createSharedResources?: string;
  /** Switch of all built-in runtimes. Absent: they are always installed. */
  readonly runtimesEnabled?: string;
  /** Where the settings of single runtimes are. */
  readonly runtimes: string;
  /** Switch of the LLM configurations. Absent: they are always installed. */
  readonly llmConfigsEnabled?: string;
  /** Whether the LLM chart brings the CRDs of the Gateway API Inference Extension. */
  readonly createInferenceExtensionCrds?: string;
}
