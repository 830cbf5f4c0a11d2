/** By which objects requests from outside reach the services. */
export enum IngressKind {
  /** HTTPRoutes of the Gateway API. */
  GATEWAY_API = 'gatewayApi',
  /** VirtualServices of Istio in Knative mode, Ingress objects in Standard mode. */
  ISTIO = 'istio',
  /** Ingress objects. */
  KUBERNETES = 'kubernetes',
  /** None. */
  NONE = 'none',
}

/** Options of `ServingIngress.gatewayApi`. */
export interface GatewayApiIngressOptions {
  /**
   * The Gateway that KServe's routes attach to, as `<namespace>/<name>`.
   *
   * @default 'kserve/kserve-ingress-gateway'
   */
  readonly gateway?: string;
}

/** Options of `ServingIngress.kubernetes`. */
export interface KubernetesIngressOptions {
  /**
   * The IngressClass of the Ingress objects.
   *
   * @default 'istio'
   */
  readonly className?: string;
}

/**
 * How requests from outside reach the services of a cluster.
 *
 * @see https://kserve.github.io/website/docs/admin-guide/configurations
 */
export class ServingIngress {
  /** HTTPRoutes of the Gateway API (`enableGatewayApi: true` in KServe's ConfigMap). */
  static gatewayApi(options: GatewayApiIngressOptions = {}): ServingIngress {
    return new ServingIngress(IngressKind.GATEWAY_API, options.gateway ?? 'kserve/kserve-ingress-gateway', undefined);
  }

  /** Istio VirtualServices in Knative mode, Ingress objects of class `istio` in Standard mode. */
  static istio(): ServingIngress {
    return new ServingIngress(IngressKind.ISTIO, undefined, 'istio');
  }

  /** Ingress objects (`enableGatewayApi: false`). */
  static kubernetes(options: KubernetesIngressOptions = {}): ServingIngress {
    return new ServingIngress(IngressKind.KUBERNETES, undefined, options.className ?? 'istio');
  }

  /** Nothing is made (`disableIngressCreation: true`): services are reachable inside the cluster only. */
  static none(): ServingIngress {
    return new ServingIngress(IngressKind.NONE, undefined, undefined);
  }

  private constructor(
    /** By which objects requests come. */
    readonly kind: IngressKind,
    /** The Gateway, as `<namespace>/<name>`; Gateway API only. */
    readonly gateway: string | undefined,
    /** The IngressClass; Ingress objects only. */
    readonly className: string | undefined,
  ) {}
}
