import { KServeRelease } from '../release';
import { ClusterComponents, KnativeFeatures } from './cluster-components';
import { DeploymentMode } from './deployment-mode';
import type { OciModelMode } from './oci-model-mode';
import { RuntimeFacts } from './runtime-facts';
import { ServingIngress } from './serving-ingress';
import type { UrlScheme } from './url-scheme';

/**
 * What a cluster offers. The defaults are those of KServe's own ConfigMap
 * `inferenceservice-config`, except where a line says otherwise.
 *
 * @see https://kserve.github.io/website/docs/admin-guide/configurations
 */
export interface ServingTargetProps {
  /**
   * The KServe release that runs there.
   *
   * @default - the newest release this library knows
   */
  readonly release?: KServeRelease;

  /**
   * Names the cluster when one program describes several. Objects are compared
   * (equal names, references) within one cluster.
   *
   * @default 'default'
   */
  readonly cluster?: string;

  /**
   * The mode of services that do not choose one. The library always writes the
   * mode into the service, so it need not equal the cluster's own default, which is
   * Knative unless its ConfigMap says otherwise.
   *
   * @default DeploymentMode.STANDARD
   */
  readonly deploymentMode?: DeploymentMode;

  /**
   * The namespace of objects whose chart has none.
   *
   * @default - not known: URLs are then undefined
   */
  readonly namespace?: string;

  /**
   * How requests from outside reach the services: `enableGatewayApi`, under `ingress`
   * in the ConfigMap. KServe's own value is `false`, which is `ServingIngress.istio()`,
   * or with another `ingressClassName` than `istio` `ServingIngress.kubernetes(…)`.
   *
   * @default ServingIngress.gatewayApi()
   */
  readonly ingress?: ServingIngress;

  /**
   * The domain of all services (`ingressDomain`).
   *
   * @default 'example.com'
   */
  readonly domain?: string;

  /**
   * Template of a service's host name. `.Name`, `.Namespace` and `.IngressDomain`
   * are evaluated; with any other variable a service's URL is not known here.
   *
   * @default '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}'
   */
  readonly domainTemplate?: string;

  /**
   * Knative's template of a host name (`config-domain` and `config-network`),
   * used in Knative mode. `.Name`, `.Namespace` and `.Domain` are evaluated.
   *
   * @default '{{.Name}}.{{.Namespace}}.{{.Domain}}'
   */
  readonly knativeDomainTemplate?: string;

  /**
   * Template of a path under which services are reachable as well.
   *
   * @default - none
   */
  readonly pathTemplate?: string;

  /**
   * Scheme of external URLs.
   *
   * @default UrlScheme.HTTP
   */
  readonly urlScheme?: UrlScheme;

  /**
   * The cluster's own domain.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Whether KServe's Services are headless (`serviceClusterIPNone`), which puts a port into internal URLs.
   *
   * @default false
   */
  readonly headlessServices?: boolean;

  /**
   * Whether KServe makes no VirtualServices in Knative mode (`disableIstioVirtualHost`).
   *
   * @default false
   */
  readonly disableIstioVirtualHost?: boolean;

  /**
   * What is installed beside KServe.
   *
   * @default - not known; nothing is refused for its absence
   */
  readonly components?: ClusterComponents;

  /**
   * Knative's feature flags.
   *
   * @default - not known; nothing is refused because of them
   */
  readonly knativeFeatures?: KnativeFeatures;

  /**
   * Whether Knative accepts an initial scale of zero (`allow-zero-initial-scale`).
   *
   * @default false
   */
  readonly allowZeroInitialScale?: boolean;

  /**
   * The runtimes that are installed, beside those that this program makes.
   *
   * @default - the release's built-in ClusterServingRuntimes
   */
  readonly runtimes?: RuntimeFacts[];

  /**
   * Whether `runtimes` is the whole list. "No runtime serves this model" is then an error instead of a warning.
   *
   * @default - true if `runtimes` is given
   */
  readonly runtimesComplete?: boolean;

  /**
   * Beginnings of the URIs that the cluster's own ClusterStorageContainers take, such as
   * `['registry://']`, beside those that this program makes.
   *
   * @default []
   */
  readonly storageUriPrefixes?: string[];

  /**
   * The annotation that names a credentials Secret (`credentials.storageSecretNameAnnotation`).
   * Helm charts set `serving.kserve.io/secretName`, the raw manifests `serving.kserve.io/storageSecretName`.
   *
   * @default 'serving.kserve.io/secretName'
   */
  readonly storageSecretNameAnnotation?: string;

  /**
   * Name of the Secret with storage keys (`credentials.storageSpecSecretName`).
   *
   * @default 'storage-config'
   */
  readonly storageSpecSecretName?: string;

  /**
   * GPU resource names beyond those KServe knows (`multiNode.customGPUResourceTypeList`).
   *
   * @default []
   */
  readonly customGpuResourceTypes?: string[];

  /**
   * How a bare `oci://` model is mounted (`ociModelMode`).
   *
   * @default OciModelMode.MODELCAR
   */
  readonly ociModelMode?: OciModelMode;

  /**
   * Namespace of KServe's controller. Models cannot be served from it: its webhooks do not look there.
   *
   * @default 'kserve'
   */
  readonly controllerNamespace?: string;

  /**
   * Patterns of the request headers that routers of InferenceGraphs pass on to
   * services (`router.headers.propagate`): regular expressions on names such as
   * `X-Request-Id`.
   *
   * @default - none, as KServe's own ConfigMap
   */
  readonly propagatedHeaders?: string[];
}
