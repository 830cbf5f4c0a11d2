/** CPU and memory as Kubernetes quantities. */
export interface ResourceDefaults {
  readonly cpuRequest: string;
  readonly cpuLimit: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
}

/**
 * Where KServe's ConfigMap is and what it says when nobody changed it. Field names are those of its JSON,
 * numbers and booleans are what KServe reads from its strings. Images carry the tag of the Helm chart;
 * the raw manifests say `latest`.
 */
export interface ConfigData {
  readonly name: string;
  readonly namespace: string;
  /** Resources that the webhook gives to containers of custom components. */
  readonly inferenceService: { readonly resource: ResourceDefaults };
  readonly explainers: { readonly art: { readonly image: string; readonly defaultImageVersion: string } };
  readonly ingress: {
    readonly enableGatewayApi: boolean;
    /** Gateway for HTTPRoutes, as namespace/name. */
    readonly kserveIngressGateway: string;
    readonly ingressGateway: string;
    readonly localGateway: string;
    readonly localGatewayService: string;
    readonly ingressDomain: string;
    readonly ingressClassName: string;
    readonly domainTemplate: string;
    readonly pathTemplate: string;
    readonly urlScheme: string;
    readonly disableIstioVirtualHost: boolean;
    readonly disableIngressCreation: boolean;
    readonly disableHTTPRouteTimeout?: boolean;
    readonly modelBasedRoutingHeaderName?: string;
    readonly modelBasedRoutingMode?: string;
  };
  readonly storageInitializer: ResourceDefaults & {
    readonly image: string;
    readonly caBundleConfigMapName: string;
    readonly caBundleVolumeMountPath: string;
    readonly enableModelcar: boolean;
    readonly cpuModelcar: string;
    readonly memoryModelcar: string;
    readonly uidModelcar: number;
    /** The ways in which a model image can be mounted. */
    readonly ociModelModes: readonly string[];
  };
  readonly agent: ResourceDefaults & { readonly image: string };
  readonly logger: ResourceDefaults & { readonly image: string; readonly defaultUrl: string };
  readonly batcher: ResourceDefaults & {
    readonly image: string;
    readonly maxBatchSize: number;
    /** Milliseconds. */
    readonly maxLatency: number;
  };
  readonly router: ResourceDefaults & { readonly image: string; readonly imagePullPolicy: string };
  /** Seconds; used for KEDA ScaledObjects only. */
  readonly autoscaler: {
    readonly scaleUpStabilizationWindowSeconds: number;
    readonly scaleDownStabilizationWindowSeconds: number;
  };
  readonly metricsAggregator: {
    readonly enableMetricAggregation: boolean;
    readonly enablePrometheusScraping: boolean;
  };
  readonly opentelemetryCollector: {
    readonly scrapeInterval: string;
    readonly metricReceiverEndpoint: string;
    readonly metricScalerEndpoint: string;
    readonly resource: ResourceDefaults;
  };
  readonly localModel: {
    readonly enabled: boolean;
    readonly jobNamespace: string;
    readonly fsGroup: number;
  };
  readonly security: { readonly autoMountServiceAccountToken: boolean };
  readonly service: { readonly serviceClusterIPNone: boolean };
  readonly credentials: {
    readonly storageSpecSecretName: string;
    readonly s3AccessKeyIDName: string;
    readonly s3SecretAccessKeyName: string;
  };
  /** What differs between an installation by Helm and one by raw manifests. */
  readonly byInstall: { readonly helm: InstallDefaults; readonly manifests: InstallDefaults };
}

/** Defaults that depend on how KServe was installed. */
export interface InstallDefaults {
  /** Key of the annotation that names the Secret with storage credentials. */
  readonly storageSecretNameAnnotation: string;
  /** Mode of services without the deploymentMode annotation, by its current name. */
  readonly defaultDeploymentMode: string;
}
