/** Options of `Ingress.gatewayApi`. */
export interface GatewayApiIngressOptions {
  /**
   * The Gateway that KServe's routes attach to, as `<namespace>/<name>`.
   *
   * @default 'kserve/kserve-ingress-gateway'
   */
  readonly gateway?: string;
}

/** Options of `Ingress.kubernetes`. */
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
export class Ingress {
  /** HTTPRoutes of the Gateway API (`enableGatewayApi: true` in KServe's ConfigMap). */
  static gatewayApi(options: GatewayApiIngressOptions = {}): Ingress {
    return new Ingress('gatewayApi', options.gateway ?? 'kserve/kserve-ingress-gateway', undefined);
  }

  /** Istio VirtualServices in Knative mode, Ingress objects of class `istio` in Standard mode. */
  static istio(): Ingress {
    return new Ingress('istio', undefined, 'istio');
  }

  /** Ingress objects (`enableGatewayApi: false`). */
  static kubernetes(options: KubernetesIngressOptions = {}): Ingress {
    return new Ingress('kubernetes', undefined, options.className ?? 'istio');
  }

  /** Nothing is made (`disableIngressCreation: true`): services are reachable inside the cluster only. */
  static none(): Ingress {
    return new Ingress('none', undefined, undefined);
  }

  private constructor(
    /** `gatewayApi`, `istio`, `kubernetes` or `none`. */
    readonly kind: string,
    /** The Gateway, as `<namespace>/<name>`; Gateway API only. */
    readonly gateway: string | undefined,
    /** The IngressClass; Ingress objects only. */
    readonly className: string | undefined,
  ) {}
}
