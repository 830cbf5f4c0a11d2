/** What the names depend on that KServe, Knative and the gateways derive from an InferenceService. */
export interface DerivedNamesProps {
  /** Name of the InferenceService. */
  readonly name: string;

  /**
   * Its namespace.
   *
   * @default - not known: hosts outside the cluster are then not known either
   */
  readonly namespace?: string;

  /**
   * Whether KServe makes Knative Services; otherwise Deployments.
   *
   * @default false
   */
  readonly knative?: boolean;

  /**
   * Whether the service has a transformer of its own, which then takes the requests.
   *
   * @default false
   */
  readonly transformer?: boolean;

  /**
   * Whether the service has an explainer.
   *
   * @default false
   */
  readonly explainer?: boolean;

  /**
   * Name of the predictor (`predictor.name`), which becomes part of the names of its objects.
   *
   * @default - none
   */
  readonly variant?: string;

  /**
   * Names of the predictors in `spec.canary`.
   *
   * @default - none
   */
  readonly canaryVariants?: string[];

  /**
   * Whether the predictor spans nodes (`workerSpec`).
   *
   * @default false
   */
  readonly workers?: boolean;

  /**
   * Whether the release gives the workers a Service of their own.
   *
   * @default true
   */
  readonly workersService?: boolean;

  /**
   * Whether one server takes many models (TrainedModel).
   *
   * @default false
   */
  readonly multiModel?: boolean;

  /**
   * The autoscaler of each component in Standard mode: `hpa`, `keda`, `external` or `none`, by `predictor`, `transformer`, `explainer`.
   *
   * @default - hpa
   */
  readonly autoscalerClasses?: { [component: string]: string };

  /**
   * Whether traffic is split between revisions in Knative mode (`canaryTrafficPercent`), which gives the older one the tag `prev`.
   *
   * @default false
   */
  readonly splitTraffic?: boolean;

  /**
   * Whether the newest revision has the tag `latest` in Knative mode.
   *
   * @default false
   */
  readonly tagRouting?: boolean;

  /**
   * How requests from outside come in: `gatewayApi`, `kubernetes`, `istio` or `none`.
   *
   * @default 'gatewayApi'
   */
  readonly ingress?: string;

  /**
   * Whether KServe makes an Istio VirtualService in Knative mode.
   *
   * @default true
   */
  readonly virtualHost?: boolean;

  /**
   * Whether the service is labelled as reachable inside the cluster only.
   *
   * @default false
   */
  readonly clusterLocal?: boolean;

  /**
   * The domain of all services.
   *
   * @default 'example.com'
   */
  readonly domain?: string;

  /**
   * Template of host names in Standard mode.
   *
   * @default '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}'
   */
  readonly domainTemplate?: string;

  /**
   * Template of host names in Knative mode.
   *
   * @default '{{.Name}}.{{.Namespace}}.{{.Domain}}'
   */
  readonly knativeDomainTemplate?: string;

  /**
   * Template of paths.
   *
   * @default - services are not reachable by path
   */
  readonly pathTemplate?: string;

  /**
   * Scheme of addresses outside the cluster.
   *
   * @default 'http'
   */
  readonly urlScheme?: string;

  /**
   * The cluster's own domain.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Port that addresses inside the cluster need because the Services are headless.
   *
   * @default - none
   */
  readonly headlessPort?: number;
}
