import type { Duration, Size } from 'cdk8s';

/** What the target of a metric means. */
export enum MetricTargetType {
  /** Percent of what the pods request, on average. */
  UTILIZATION = 'Utilization',
  /** The metric itself. */
  VALUE = 'Value',
  /** The metric divided by the number of pods. */
  AVERAGE_VALUE = 'AverageValue',
}

/** How Knative averages measurements over its window. */
export enum MetricAggregation {
  /** All measurements count the same. */
  LINEAR = 'linear',
  /** The newest measurements count most. */
  WEIGHTED_EXPONENTIAL = 'weighted-exponential',
}

/** How many pods an autoscaler may run. */
export interface ReplicaLimits {
  /**
   * The fewest pods. 0 lets the component scale to zero, in Knative mode and with KEDA.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * The most pods.
   *
   * @default - no limit in Knative mode; 100 with `Scaling.kedaTriggers`; the other ways of Standard mode need it
   */
  readonly maxReplicas?: number;
}

/** Options of scaling on a metric of KServe's own list. */
export interface MetricScalingOptions extends ReplicaLimits {
  /**
   * KServe's field `scaleMetricType`. No release reads it.
   *
   * @default - none
   */
  readonly scaleMetricType?: MetricTargetType;
}

/**
 * Options of `Scaling.concurrency` and `Scaling.rps`.
 *
 * @see https://knative.dev/docs/serving/autoscaling/
 */
export interface RequestScalingOptions extends MetricScalingOptions {
  /**
   * How much each pod should get: requests at a time, or requests a second. A whole number.
   *
   * @default - Knative's: 100 requests at a time, 200 a second
   */
  readonly target?: number;

  /**
   * Percent of `target` that Knative really aims at, to leave room for bursts.
   *
   * @default - Knative's: 70
   */
  readonly targetUtilizationPercentage?: number;

  /**
   * Pods of a new revision before it has had a request. 0 needs Knative's `allow-zero-initial-scale`.
   *
   * @default - Knative's: 1
   */
  readonly initialScale?: number;

  /**
   * Fewest pods while there is any traffic: at least 2, between `minReplicas` and `maxReplicas`.
   *
   * @default - none
   */
  readonly activationScale?: number;

  /**
   * The time over which traffic is averaged, from 6 seconds to 1 hour.
   *
   * @default - Knative's: 60 seconds
   */
  readonly window?: Duration;

  /**
   * How long traffic must be low before pods go, up to 1 hour.
   *
   * @default - Knative's: at once
   */
  readonly scaleDownDelay?: Duration;

  /**
   * How long the last pod stays before the component goes to zero, up to 1 hour.
   *
   * @default - Knative's: at once
   */
  readonly podRetention?: Duration;

  /**
   * The part of `window`, in percent, over which a sudden rise is looked for: 1 to 100.
   *
   * @default - Knative's: 10
   */
  readonly panicWindowPercentage?: number;

  /**
   * The rise, in percent of the target, at which Knative adds pods at once: 110 to 1000.
   *
   * @default - Knative's: 200
   */
  readonly panicThresholdPercentage?: number;

  /**
   * How many requests at a time the service should take beyond what its pods can, held
   * back by Knative's activator: 0 keeps the activator out of the path, -1 always in it.
   *
   * @default - Knative's: 211
   */
  readonly targetBurstCapacity?: number;

  /**
   * How measurements are averaged.
   *
   * @default - Knative's: linear
   */
  readonly metricAggregation?: MetricAggregation;
}

/** Options of `Scaling.cpu`. */
export interface CpuScalingOptions extends MetricScalingOptions {
  /**
   * CPU use in percent of what the pods request: 1 to 100.
   *
   * @default 80
   */
  readonly targetUtilization?: number;
}

/** Options of `Scaling.memory`. One of the targets is needed. */
export interface MemoryScalingOptions extends MetricScalingOptions {
  /**
   * Memory use in percent of what the pods request: 1 to 100. Standard mode only.
   *
   * @default - none
   */
  readonly targetUtilization?: number;

  /**
   * Memory of a pod, on average.
   *
   * @default - none
   */
  readonly targetAverage?: Size;
}

/** Options of `Scaling.external`. */
export interface ExternalScalingOptions {
  /**
   * The fewest pods that your autoscaler keeps. KServe does nothing with it but to
   * compare the sizes of canaries.
   *
   * @default - none
   */
  readonly minReplicas?: number;
}
