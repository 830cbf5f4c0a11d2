/**
 * Versions of other software that a KServe release was built and tested with.
 *
 * Each is spelled as its project spells it, with or without `v`. Undefined: the release does not use it.
 */
export interface ComponentPins {
  /** cert-manager. */
  readonly certManager: string;
  /** Istio. */
  readonly istio: string;
  /** Knative Operator. */
  readonly knativeOperator: string;
  /** Knative Serving, installed by the operator. */
  readonly knativeServing: string;
  /** CRDs of the Gateway API. */
  readonly gatewayApi: string;
  /** Gateway API Inference Extension. */
  readonly gatewayApiInferenceExtension: string;
  /**
   * llm-d router.
   * @default - the release has none
   */
  readonly llmDRouter?: string;
  /** Envoy Gateway. */
  readonly envoyGateway: string;
  /** Envoy AI Gateway. */
  readonly envoyAiGateway: string;
  /** KEDA; chart and application have the same version. */
  readonly keda: string;
  /** KEDA add-on for OpenTelemetry. */
  readonly kedaOtelAddOn: string;
  /** OpenTelemetry operator. */
  readonly openTelemetryOperator: string;
  /** LeaderWorkerSet. */
  readonly leaderWorkerSet: string;
  /**
   * Workload Variant Autoscaler.
   * @default - the release has none
   */
  readonly workloadVariantAutoscaler?: string;
  /**
   * Chart kube-prometheus-stack.
   * @default - the release names none
   */
  readonly kubePrometheusStack?: string;
  /**
   * Chart prometheus-adapter.
   * @default - the release names none
   */
  readonly prometheusAdapter?: string;
  /**
   * Chart jaeger.
   * @default - the release names none
   */
  readonly jaeger?: string;
}
