/**
 * What is installed beside KServe. `true` and `false` are checked: a service that
 * needs what is not there is an error. What is not said is not checked.
 */
export interface ClusterComponents {
  /**
   * Knative Serving, which Knative mode needs.
   *
   * @default - not known
   */
  readonly knative?: boolean;
  /**
   * Standard mode. `false` for a cluster whose policy allows Knative services only.
   *
   * @default - not known
   */
  readonly standard?: boolean;
  /**
   * Istio.
   *
   * @default - not known
   */
  readonly istio?: boolean;
  /**
   * The Gateway API's CRDs.
   *
   * @default - not known
   */
  readonly gatewayApi?: boolean;
  /**
   * KEDA, which event-driven scaling and scale to zero in Standard mode need.
   *
   * @default - not known
   */
  readonly keda?: boolean;
  /**
   * The OpenTelemetry operator, which KEDA scaling on pod metrics needs.
   *
   * @default - not known
   */
  readonly openTelemetryOperator?: boolean;
  /**
   * Prometheus with its operator.
   *
   * @default - not known
   */
  readonly prometheus?: boolean;
}

/**
 * Feature flags of Knative Serving (`config-features`) that decide which pod
 * fields its webhook accepts. A service that needs a flag that is off is an error.
 *
 * @see https://knative.dev/docs/serving/configuration/feature-flags/
 */
export interface KnativeFeatures {
  /** `kubernetes.podspec-affinity`. @default - not known */
  readonly affinity?: boolean;
  /** `kubernetes.podspec-nodeselector`. @default - not known */
  readonly nodeSelector?: boolean;
  /** `kubernetes.podspec-tolerations`. @default - not known */
  readonly tolerations?: boolean;
  /** `kubernetes.podspec-topologyspreadconstraints`. @default - not known */
  readonly topologySpreadConstraints?: boolean;
  /** `kubernetes.podspec-init-containers`. @default - not known */
  readonly initContainers?: boolean;
  /** `kubernetes.podspec-persistent-volume-claim`. @default - not known */
  readonly persistentVolumeClaim?: boolean;
  /** `kubernetes.podspec-persistent-volume-write`. @default - not known */
  readonly persistentVolumeWrite?: boolean;
  /** `kubernetes.podspec-volumes-emptydir`. @default - not known; on by default in Knative */
  readonly emptyDir?: boolean;
  /** `kubernetes.podspec-volumes-hostpath`. @default - not known */
  readonly hostPath?: boolean;
  /** `kubernetes.podspec-volumes-csi`. @default - not known */
  readonly csi?: boolean;
  /** `kubernetes.podspec-volumes-image`. @default - not known */
  readonly imageVolume?: boolean;
  /** `kubernetes.podspec-securitycontext`. @default - not known */
  readonly securityContext?: boolean;
  /** `kubernetes.containerspec-addcapabilities`. @default - not known */
  readonly addCapabilities?: boolean;
  /** `kubernetes.podspec-runtimeclassname`. @default - not known */
  readonly runtimeClassName?: boolean;
  /** `kubernetes.podspec-schedulername`. @default - not known */
  readonly schedulerName?: boolean;
  /** `kubernetes.podspec-priorityclassname`. @default - not known */
  readonly priorityClassName?: boolean;
  /** `kubernetes.podspec-hostaliases`. @default - not known */
  readonly hostAliases?: boolean;
  /** `kubernetes.podspec-hostnetwork`. @default - not known */
  readonly hostNetwork?: boolean;
  /** `kubernetes.podspec-hostipc`. @default - not known */
  readonly hostIpc?: boolean;
  /** `kubernetes.podspec-hostpid`. @default - not known */
  readonly hostPid?: boolean;
  /** `kubernetes.podspec-dnspolicy`. @default - not known */
  readonly dnsPolicy?: boolean;
  /** `kubernetes.podspec-dnsconfig`. @default - not known */
  readonly dnsConfig?: boolean;
  /** `kubernetes.podspec-shareprocessnamespace`. @default - not known */
  readonly shareProcessNamespace?: boolean;
  /** `kubernetes.podspec-fieldref`. @default - not known */
  readonly fieldRef?: boolean;
  /** `multi-container`. @default - not known; on by default in Knative */
  readonly multiContainer?: boolean;
  /** `multi-container-probing`. @default - not known */
  readonly multiContainerProbing?: boolean;
}
