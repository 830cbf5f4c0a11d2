import { KEYS } from '../release/keys';
import { Deferred } from './deferred';
import { DerivedName } from './derived-name';
import { DerivedNamesProps } from './derived-names-props';
import { componentsOf, hostNames, knativeNames, standardNames, tagsOf } from './derived-objects';
import { expand, unknownActions } from './host-template';

const DOMAIN_TEMPLATE = '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}';
const KNATIVE_DOMAIN_TEMPLATE = '{{.Name}}.{{.Namespace}}.{{.Domain}}';
/** With this as domain, KServe makes no route. */
const CLUSTER_LOCAL_DOMAIN = 'svc.cluster.local';
/** No DNS label is longer, hence no service name. */
const LONGEST_NAME = 63;

/**
 * Every name that KServe, Knative and the gateways derive from an InferenceService:
 * objects, hosts, labels.
 *
 * Only `.Name`, `.Namespace` and the domain are evaluated in templates; with
 * anything else the hosts are not known here.
 */
export class DerivedNames {
  /** @internal */
  static _of(props: DerivedNamesProps): DerivedNames {
    return new DerivedNames(props);
  }

  /** Name of the predictor's Service. */
  readonly predictor: string;
  /** Name of the transformer's Service. */
  readonly transformer?: string;
  /** Name of the explainer's Service. */
  readonly explainer?: string;

  private readonly props: DerivedNamesProps;

  private constructor(props: DerivedNamesProps) {
    this.props = { ...props };
    const nameOf = (wanted: string) => componentsOf(props).find(({ component }) => component === wanted)?.name;
    this.predictor = nameOf('predictor')!;
    this.transformer = nameOf('transformer');
    this.explainer = nameOf('explainer');
  }

  /** Name of the Service that takes the requests: the transformer's if there is one. */
  get entry(): string {
    return this.transformer ?? this.predictor;
  }

  /**
   * Address outside the cluster. Undefined if there is none, if the namespace is
   * not known, and if a template asks for more than is known here.
   */
  get url(): string | undefined {
    if (!this.exposed) {
      return undefined;
    }
    if (this.props.knative && this.props.pathTemplate) {
      return this.pathUrl;
    }
    return this.host === undefined ? undefined : `${this.scheme}://${this.host}`;
  }

  /** Address outside the cluster by path, if the cluster has a path template. */
  get pathUrl(): string | undefined {
    const { name, namespace, pathTemplate, ingress } = this.props;
    if (!this.exposed || !pathTemplate || !(this.props.knative || (ingress ?? 'gatewayApi') === 'gatewayApi')) {
      return undefined;
    }
    const path = expand(pathTemplate, { Name: name, Namespace: namespace });
    return path === undefined ? undefined : `${this.scheme}://${this.domain}${path}`;
  }

  /** Host outside the cluster. */
  get host(): string | undefined {
    if (!this.props.knative) {
      return this.exposed ? this.standardHost(this.props.name) : undefined;
    }
    const entryHost = this.exposed ? this.knativeHost(this.entry) : undefined;
    if (entryHost === undefined || !this.virtualHost) {
      return entryHost;
    }
    if (Deferred.is(entryHost)) {
      return this.knativeHost(this.props.name);
    }
    // as KServe cuts it out of the component's host, down to its treatment of older versions' `-default`
    const component = this.transformer === undefined ? '-predictor' : '-transformer';
    return entryHost.replace(entryHost.includes('-default') ? `${component}-default` : component, '');
  }

  /**
   * Address inside the cluster. Where the namespace is not known it is good in
   * the service's own namespace, in Standard mode only.
   */
  get internalUrl(): string {
    return `http://${this.internalHostOf(this.props.knative && this.virtualHost ? this.props.name : this.entry)}`;
  }

  /** Host of the predictor inside the cluster, with the port if it needs one. */
  get predictorAddress(): string {
    return this.internalHostOf(this.predictor);
  }

  /**
   * Host of a component outside the cluster.
   *
   * @param component `predictor`, `transformer` or `explainer`
   */
  componentHost(component: string): string | undefined {
    const own = this.serviceOf(component);
    if (own === undefined || !this.exposed) {
      return undefined;
    }
    if (this.props.knative) {
      return this.knativeHost(own);
    }
    if (this.routes === 'Ingress' && this.transformer !== undefined && component !== 'predictor') {
      // KServe gives the transformer's host to the explainer, or else to the predictor
      return component === 'explainer' ? this.standardHost(this.transformer) : undefined;
    }
    return this.standardHost(own);
  }

  /**
   * Host of a component inside the cluster, with the port if it needs one.
   *
   * @param component `predictor`, `transformer` or `explainer`
   */
  componentAddress(component: string): string | undefined {
    const own = this.serviceOf(component);
    return own === undefined ? undefined : this.internalHostOf(own);
  }

  /**
   * Labels that the pods of a component carry in both modes, its canaries and workers included, and no other pods.
   *
   * @param component `predictor`, `transformer` or `explainer`
   */
  podLabels(component: string): { [key: string]: string } {
    return { [KEYS.inferenceService]: this.props.name, component };
  }

  /** All names. Those of hosts are missing where the hosts are not known. */
  all(): DerivedName[] {
    return [
      ...this.props.knative ? knativeNames(this.props) : standardNames(this.props, this.routes),
      ...this.hosts(),
    ];
  }

  /** The names that are longer than the cluster allows. */
  tooLong(): DerivedName[] {
    return this.all().filter(({ name, limit }) => !Deferred.is(name) && name.length > limit);
  }

  /** How many characters the name of the service may have, everything else being equal; 0 if no name is short enough. */
  longestName(): number {
    const fits = (length: number) => new DerivedNames({ ...this.props, name: 'n'.repeat(length) }).tooLong().length === 0;
    let longest = 0;
    let tooLong = LONGEST_NAME + 1;
    while (tooLong - longest > 1) {
      const length = Math.floor((longest + tooLong) / 2);
      if (fits(length)) {
        longest = length;
      } else {
        tooLong = length;
      }
    }
    return longest;
  }

  /** What the templates ask for that is not known here, as they write it. */
  unknownVariables(): string[] {
    const { knative, domainTemplate, knativeDomainTemplate, pathTemplate } = this.props;
    return [
      ...knative
        ? unknownActions(knativeDomainTemplate ?? KNATIVE_DOMAIN_TEMPLATE, ['Name', 'Namespace', 'Domain'])
        : unknownActions(domainTemplate ?? DOMAIN_TEMPLATE, ['Name', 'Namespace', 'IngressDomain']),
      ...unknownActions(pathTemplate ?? '', ['Name', 'Namespace']),
    ];
  }

  private* hosts(): Iterable<DerivedName> {
    const components = componentsOf(this.props);
    if (!this.props.knative) {
      // the controller computes them even where it makes no route, and stops if one is not valid
      for (const { name, title } of components) {
        yield* hostNames(this.standardHost(name), title);
      }
      yield* hostNames(this.standardHost(this.props.name), 'the service');
    } else if (this.exposed) {
      for (const { name, title } of components) {
        yield* hostNames(this.knativeHost(name), title);
        for (const tag of tagsOf(this.props)) {
          yield* hostNames(this.knativeHost(`${tag}-${name}`), `revision '${tag}' of ${title}`);
        }
      }
      yield* hostNames(this.host, 'the service');
    }
  }

  private standardHost(name: string): string | undefined {
    return expand(this.props.domainTemplate ?? DOMAIN_TEMPLATE, { Name: name, Namespace: this.props.namespace, IngressDomain: this.domain });
  }

  private knativeHost(name: string): string | undefined {
    return expand(this.props.knativeDomainTemplate ?? KNATIVE_DOMAIN_TEMPLATE, { Name: name, Namespace: this.props.namespace, Domain: this.domain });
  }

  private internalHostOf(name: string): string {
    const { namespace, knative, headlessPort } = this.props;
    const host = namespace === undefined ? name : `${name}.${namespace}.svc.${this.props.clusterDomain ?? 'cluster.local'}`;
    return knative || headlessPort === undefined ? host : `${host}:${headlessPort}`;
  }

  private serviceOf(component: string): string | undefined {
    return componentsOf(this.props).find((known) => known.component === component)?.name;
  }

  private get exposed(): boolean {
    const { clusterLocal, knative, ingress } = this.props;
    return !clusterLocal && (knative || ingress !== 'none') && this.domain !== CLUSTER_LOCAL_DOMAIN;
  }

  private get routes(): 'HTTPRoute' | 'Ingress' | undefined {
    if (!this.exposed) {
      return undefined;
    }
    return (this.props.ingress ?? 'gatewayApi') === 'gatewayApi' ? 'HTTPRoute' : 'Ingress';
  }

  private get virtualHost(): boolean {
    return this.props.virtualHost ?? true;
  }

  private get domain(): string {
    return this.props.domain ?? 'example.com';
  }

  private get scheme(): string {
    return this.props.urlScheme ?? 'http';
  }
}
