import { isDeepStrictEqual } from 'node:util';
import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { nameOf, quote } from '../diagnostics/finding-text';
import { MisuseError } from '../diagnostics/misuse';
import { violationOf } from '../diagnostics/rule';
import { watch } from '../diagnostics/watch';
import { KServeRelease } from '../release';
import { builtInRuntimes } from './built-in-runtimes';
import { ClusterComponents, KnativeFeatures } from './cluster-components';
import { DeploymentMode } from './deployment-mode';
import { OciModelMode } from './oci-model-mode';
import { LATE_TARGET, NO_TARGET, OTHER_FACTS, SECOND_TARGET } from './rules';
import { RuntimeFacts } from './runtime-facts';
import { ServingIngress } from './serving-ingress';
import { ServingTargetProps } from './serving-target-props';
import { UrlScheme } from './url-scheme';

/** Targets by the scope they are attached to. */
const attached = new WeakMap<IConstruct, ServingTarget>();
/** The first target of each cluster of a tree, by root and by name: what it says of the cluster holds everywhere. */
const clusters = new WeakMap<IConstruct, Map<string, ServingTarget>>();
/** Who first asked for the target through a scope, in words: from then on the answer is fixed there. */
const askedBy = new WeakMap<IConstruct, string>();
/** Answers already given. */
const answers = new WeakMap<IConstruct, ServingTarget>();

/**
 * What a part of the program is synthesized for: a KServe release on a cluster
 * with certain abilities. Constructs read it when they are made.
 *
 * @example
 * const app = new App();
 * ServingTarget.attach(app, {
 *   release: KServeRelease.V0_20,
 *   deploymentMode: DeploymentMode.STANDARD,
 *   ingress: ServingIngress.gatewayApi(),
 *   domain: 'models.acme.org',
 * });
 */
export class ServingTarget {
  /**
   * The target that the scope is synthesized for: the nearest one upwards, else
   * the newest release in Standard mode behind the Gateway API.
   */
  static of(scope: IConstruct): ServingTarget {
    return ServingTarget.lookUp(scope, () => nameOf(scope));
  }

  /**
   * The target of a construct that is about to be made.
   *
   * @internal
   */
  static _ofChild(scope: IConstruct, id: string): ServingTarget {
    return ServingTarget.lookUp(scope, () => quote(`${scope.node.path}/${id}`));
  }

  /**
   * Says what the cluster offers that everything below `scope` is for.
   *
   * The same cluster may be attached to several scopes: what one says holds for
   * all of them, except for the default mode.
   *
   * @throws when a construct below has already read its target, or when the
   * cluster is attached again with other facts
   */
  static attach(scope: IConstruct, props: ServingTargetProps = {}): ServingTarget {
    if (attached.has(scope)) {
      throw new MisuseError(SECOND_TARGET, `${nameOf(scope)} has a target already.`, 'attach one target, before the constructs that it is for.');
    }
    const reader = ApiObject.isApiObject(scope) ? nameOf(scope) : askedBy.get(scope); // an API object reads its scope's
    if (reader !== undefined) {
      throw new MisuseError(LATE_TARGET,
        `the target of ${nameOf(scope)} comes too late: ${reader} has already read it.`,
        'call ServingTarget.attach before you make the constructs that it is for.');
    }
    const above = nearest(scope);
    const cluster = props.cluster ?? above?.cluster ?? DEFAULT_CLUSTER;
    const known = clusters.get(scope.node.root) ?? new Map<string, ServingTarget>();
    const same = above?.cluster === cluster ? above : known.get(cluster);
    const target = same?.withMode(scope, props) ?? new ServingTarget(props, true);
    attached.set(scope, target);
    clusters.set(scope.node.root, known.set(cluster, same ?? target));
    return target;
  }

  private static lookUp(scope: IConstruct, asker: () => string): ServingTarget {
    let answer = answers.get(scope);
    if (answer === undefined) {
      const above = scope.node.scope;
      answer = attached.get(scope) ?? (above === undefined ? ServingTarget.byDefault(scope) : ServingTarget.lookUp(above, asker));
      answers.set(scope, answer);
      askedBy.set(scope, asker());
    }
    return answer;
  }

  private static byDefault(root: IConstruct): ServingTarget {
    watch(root, { program: () => [violationOf(NO_TARGET, undefined, NO_TARGET_MESSAGE)] });
    return new ServingTarget({}, false);
  }

  /** Whether somebody attached this target; otherwise it is made of defaults. */
  readonly attached: boolean;
  /** The KServe release. */
  readonly release: KServeRelease;
  /** Name of the cluster. */
  readonly cluster: string;
  /** The mode of services that do not choose one. */
  readonly deploymentMode: DeploymentMode;
  /** The namespace of objects whose chart has none. */
  readonly namespace?: string;
  /** How requests from outside reach the services. */
  readonly ingress: ServingIngress;
  /** The domain of all services. */
  readonly domain: string;
  /** Template of host names in Standard mode. */
  readonly domainTemplate: string;
  /** Template of host names in Knative mode. */
  readonly knativeDomainTemplate: string;
  /** Template of paths, if services are reachable by path. */
  readonly pathTemplate?: string;
  /** Scheme of external URLs. */
  readonly urlScheme: UrlScheme;
  /** The cluster's own domain. */
  readonly clusterDomain: string;
  /** Whether KServe's Services are headless. */
  readonly headlessServices: boolean;
  /** Whether KServe makes no VirtualServices in Knative mode. */
  readonly disableIstioVirtualHost: boolean;
  /** What is installed beside KServe. */
  readonly components: ClusterComponents;
  /** Knative's feature flags. */
  readonly knativeFeatures: KnativeFeatures;
  /** Whether Knative accepts an initial scale of zero. */
  readonly allowZeroInitialScale: boolean;
  /** The runtimes that are installed, beside those that this program makes. */
  readonly runtimes: RuntimeFacts[];
  /** Whether `runtimes` is the whole list. */
  readonly runtimesComplete: boolean;
  /** Beginnings of the URIs that the cluster's own ClusterStorageContainers take. */
  readonly storageUriPrefixes: string[];
  /** The annotation that names a credentials Secret. */
  readonly storageSecretNameAnnotation: string;
  /** Name of the Secret with storage keys. */
  readonly storageSpecSecretName: string;
  /** GPU resource names beyond those KServe knows. */
  readonly customGpuResourceTypes: string[];
  /** How a bare `oci://` model is mounted. */
  readonly ociModelMode: OciModelMode;
  /** Namespace of KServe's controller. */
  readonly controllerNamespace: string;
  /** Patterns of the request headers that routers of InferenceGraphs pass on. */
  readonly propagatedHeaders: string[];

  private constructor(props: ServingTargetProps, isAttached: boolean) {
    this.attached = isAttached;
    this.release = props.release ?? KServeRelease.LATEST;
    this.cluster = props.cluster ?? DEFAULT_CLUSTER;
    this.deploymentMode = props.deploymentMode ?? DeploymentMode.STANDARD;
    this.namespace = props.namespace;
    this.ingress = props.ingress ?? ServingIngress.gatewayApi();
    this.domain = props.domain ?? 'example.com';
    this.domainTemplate = props.domainTemplate ?? '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}';
    this.knativeDomainTemplate = props.knativeDomainTemplate ?? '{{.Name}}.{{.Namespace}}.{{.Domain}}';
    this.pathTemplate = props.pathTemplate;
    this.urlScheme = props.urlScheme ?? UrlScheme.HTTP;
    this.clusterDomain = props.clusterDomain ?? 'cluster.local';
    this.headlessServices = props.headlessServices ?? false;
    this.disableIstioVirtualHost = props.disableIstioVirtualHost ?? false;
    this.components = { ...props.components };
    this.knativeFeatures = { ...props.knativeFeatures };
    this.allowZeroInitialScale = props.allowZeroInitialScale ?? false;
    this.runtimes = [...props.runtimes ?? builtInRuntimes(this.release)];
    this.runtimesComplete = props.runtimesComplete ?? props.runtimes !== undefined;
    this.storageUriPrefixes = [...props.storageUriPrefixes ?? []];
    this.storageSecretNameAnnotation = props.storageSecretNameAnnotation ?? 'serving.kserve.io/secretName';
    this.storageSpecSecretName = props.storageSpecSecretName ?? 'storage-config';
    this.customGpuResourceTypes = [...props.customGpuResourceTypes ?? []];
    this.ociModelMode = props.ociModelMode ?? OciModelMode.MODELCAR;
    this.controllerNamespace = props.controllerNamespace ?? 'kserve';
    this.propagatedHeaders = [...props.propagatedHeaders ?? []];
  }

  /**
   * The namespace of an object.
   *
   * @internal
   */
  _namespaceOf(scope: IConstruct, own?: string): string | undefined {
    return own ?? Chart.of(scope).namespace ?? this.namespace;
  }

  private withMode(scope: IConstruct, props: ServingTargetProps): ServingTarget {
    const changes = Object.entries(props).filter(([key, value]) => key !== 'deploymentMode' && value !== undefined
      && !isDeepStrictEqual(value, this[key as keyof ServingTargetProps]));
    if (changes.length > 0) {
      throw new MisuseError(OTHER_FACTS,
        `${nameOf(scope)} attaches cluster '${this.cluster}' again with another ${changes.map(([key]) => key).join(', ')}.`,
        'change only deploymentMode for a part of a cluster, or name another cluster by `cluster`.');
    }
    return new ServingTarget({ ...this, deploymentMode: props.deploymentMode ?? this.deploymentMode }, true);
  }
}

const DEFAULT_CLUSTER = 'default';

const NO_TARGET_MESSAGE = {
  message: `no target is attached, so this is for KServe ${KServeRelease.LATEST.version}, and a newer library may write other manifests`,
  fix: `ServingTarget.attach(app, { release: KServeRelease.of('${KServeRelease.LATEST.version}') }) before the first construct.`,
};

/** The target attached at or above a scope. */
function nearest(scope: IConstruct): ServingTarget | undefined {
  for (let at: IConstruct | undefined = scope; at !== undefined; at = at.node.scope) {
    const target = attached.get(at);
    if (target !== undefined) {
      return target;
    }
  }
  return undefined;
}
