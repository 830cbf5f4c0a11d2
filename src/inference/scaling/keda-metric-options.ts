import type { Size } from 'cdk8s';

/** How KEDA proves to a metrics server who it is. */
export enum MetricAuthMode {
  /** A bearer token. */
  BEARER = 'bearer',
  /** User and password. */
  BASIC = 'basic',
  /** A client certificate. */
  TLS = 'tls',
}

/** How measurements of a pod are joined over time. */
export enum OperationOverTime {
  /** The newest one. */
  LAST_ONE = 'last_one',
  /** Their average. */
  AVG = 'avg',
  /** The greatest. */
  MAX = 'max',
  /** The smallest. */
  MIN = 'min',
  /** Their growth in a second. */
  RATE = 'rate',
  /** Their number. */
  COUNT = 'count',
}

/** Options of `KedaMetric.cpu`. */
export interface KedaCpuOptions {
  /**
   * CPU use in percent of what the pods request: 1 to 100.
   *
   * @default 80
   */
  readonly targetUtilization?: number;
}

/** Options of `KedaMetric.memory`. One of the targets is needed. */
export interface KedaMemoryOptions {
  /**
   * Memory use in percent of what the pods request: 1 to 100.
   *
   * @default - `targetAverage` counts
   */
  readonly targetUtilization?: number;

  /**
   * Memory of a pod, on average: at least 1 MiB. It counts where both are given.
   *
   * @default - `targetUtilization` counts
   */
  readonly targetAverage?: Size;
}

/** A TriggerAuthentication of KEDA for a metric that KServe passes on. It cannot be a ClusterTriggerAuthentication. */
export interface KedaMetricAuthentication {
  /** Its name, in the service's namespace. */
  readonly name: string;

  /**
   * What of it is used.
   *
   * @default - none
   */
  readonly modes?: MetricAuthMode[];
}

/** Options of `KedaMetric.graphite`. */
export interface KedaQueryOptions {
  /** Address of the metrics server, such as `http://prometheus.monitoring.svc:9090`. */
  readonly serverAddress: string;

  /** Query with one number as its result. */
  readonly query: string;

  /** How much of the result one pod should get. */
  readonly threshold: number;

  /**
   * How KEDA proves who it is.
   *
   * @default - it does not
   */
  readonly authentication?: KedaMetricAuthentication;
}

/** Options of `KedaMetric.prometheus`. */
export interface KedaPrometheusOptions extends KedaQueryOptions {
  /**
   * Namespace that a multi-tenant Prometheus (Thanos, OpenShift) needs for a query.
   *
   * @default - none
   */
  readonly namespace?: string;
}

/** Options of `KedaMetric.podMetric`. */
export interface KedaPodMetricOptions {
  /** Name of a metric. KServe puts labels behind it and sums over the pods, so a longer query does not work. */
  readonly query: string;

  /** How much of the sum one pod should get. */
  readonly threshold: number;

  /**
   * The metrics that a collector beside each pod gathers. Needs the OpenTelemetry operator.
   *
   * @default - KServe makes no collector
   */
  readonly metricNames?: string[];

  /**
   * Address of the scaler that keeps the metrics.
   *
   * @default - `keda-otel-scaler.keda.svc:4318`, from KServe's ConfigMap
   */
  readonly serverAddress?: string;

  /**
   * How measurements are joined over time.
   *
   * @default OperationOverTime.LAST_ONE
   */
  readonly operationOverTime?: OperationOverTime;
}
