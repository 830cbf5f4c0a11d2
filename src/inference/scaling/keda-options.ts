import type { Duration } from 'cdk8s';
import type { KedaMetric } from './keda-metric';
import type { KedaTrigger } from './keda-trigger';
import type { ScalingBehavior } from './behavior';
import type { ReplicaLimits } from './options';

/** Options of `Scaling.keda`. */
export interface KedaScalingOptions extends ReplicaLimits {
  /** What decides how many pods run; the metric that asks for most pods wins. */
  readonly metrics: KedaMetric[];

  /**
   * How fast the component scales. KServe hands on the stabilization windows alone.
   *
   * @default - KServe's ConfigMap: at once up, 5 minutes down
   */
  readonly behavior?: ScalingBehavior;
}

/** What KEDA does while a trigger gives no answer. */
export enum KedaFallbackBehavior {
  /** It runs as many pods as the fallback says. */
  STATIC = 'static',
  /** It leaves the pods as they are. */
  CURRENT_REPLICAS = 'currentReplicas',
  /** It runs as many pods as the fallback says, unless there are more already. */
  CURRENT_REPLICAS_IF_HIGHER = 'currentReplicasIfHigher',
  /** It runs as many pods as the fallback says, unless there are fewer. */
  CURRENT_REPLICAS_IF_LOWER = 'currentReplicasIfLower',
}

/** How many pods run while a trigger gives no answer. */
export interface KedaFallback {
  /** How often a trigger must fail in a row. */
  readonly failureThreshold: number;
  /** How many pods run then. */
  readonly replicas: number;
  /**
   * What `replicas` means. Needs KEDA 2.18, but for `STATIC`.
   *
   * @default KedaFallbackBehavior.STATIC
   */
  readonly behavior?: KedaFallbackBehavior;
}

/**
 * Options of `Scaling.kedaTriggers`.
 *
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
export interface KedaTriggersScalingOptions extends ReplicaLimits {
  /** What decides how many pods run; the trigger that asks for most pods wins. */
  readonly triggers: KedaTrigger[];

  /**
   * How often KEDA looks at the triggers.
   *
   * @default - KEDA's: 30 seconds
   */
  readonly pollingInterval?: Duration;

  /**
   * How long all triggers must be quiet before the last pod goes.
   *
   * @default - KEDA's: 5 minutes
   */
  readonly cooldownPeriod?: Duration;

  /**
   * How long after its creation the component cannot go to zero.
   *
   * @default - KEDA's: none
   */
  readonly initialCooldownPeriod?: Duration;

  /**
   * Pods while all triggers are quiet; KEDA supports 0 only. Less than `minReplicas`.
   *
   * @default - `minReplicas`
   */
  readonly idleReplicas?: number;

  /**
   * How many pods run while a trigger gives no answer.
   *
   * @default - the pods stay as they are
   */
  readonly fallback?: KedaFallback;

  /**
   * How fast the component scales.
   *
   * @default - Kubernetes' defaults
   */
  readonly behavior?: ScalingBehavior;

  /**
   * The container whose environment triggers with an option `…FromEnv` read.
   *
   * @default - the first one
   */
  readonly envSourceContainerName?: string;
}
