import type { Duration } from 'cdk8s';

/** Which of several policies counts. */
export enum ScalingPolicySelect {
  /** The one that changes most. */
  MAX = 'Max',
  /** The one that changes least. */
  MIN = 'Min',
  /** None: the autoscaler never goes in this direction. */
  DISABLED = 'Disabled',
}

/** How many pods may come or go in a period. */
export class ScalingPolicy {
  /**
   * A number of pods.
   *
   * @param count at least 1
   * @param period up to 30 minutes
   */
  static pods(count: number, period: Duration): ScalingPolicy {
    return new ScalingPolicy('Pods', count, period);
  }

  /**
   * A share of the pods that run.
   *
   * @param percent at least 1
   * @param period up to 30 minutes
   */
  static percent(percent: number, period: Duration): ScalingPolicy {
    return new ScalingPolicy('Percent', percent, period);
  }

  private constructor(
    /** `Pods` or `Percent`. */
    readonly type: string,
    /** How many. */
    readonly value: number,
    /** In how long. */
    readonly period: Duration,
  ) {}

  /** @internal */
  _render(): object {
    return { type: this.type, value: this.value, periodSeconds: this.period.toSeconds({ integral: false }) };
  }
}

/** How an autoscaler goes in one direction. KServe hands on `stabilizationWindow` alone. */
export interface ScalingRules {
  /**
   * How long the autoscaler looks back before it acts: up to 1 hour.
   *
   * @default - KServe's ConfigMap: at once up, 5 minutes down
   */
  readonly stabilizationWindow?: Duration;

  /**
   * How many pods may come or go in a period.
   *
   * @default - Kubernetes': 4 pods or all of them again in 15 seconds up, all in 15 seconds down
   */
  readonly policies?: ScalingPolicy[];

  /**
   * Which policy counts.
   *
   * @default ScalingPolicySelect.MAX
   */
  readonly selectPolicy?: ScalingPolicySelect;

  /**
   * How far, as a fraction, the metric may be off its target before the autoscaler acts. Needs KEDA 2.18.
   *
   * @default - Kubernetes': 0.1
   */
  readonly tolerance?: number;
}

/**
 * How fast an autoscaler acts.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
 */
export interface ScalingBehavior {
  /**
   * Towards more pods.
   *
   * @default - Kubernetes' and KServe's defaults
   */
  readonly scaleUp?: ScalingRules;

  /**
   * Towards fewer pods.
   *
   * @default - Kubernetes' and KServe's defaults
   */
  readonly scaleDown?: ScalingRules;
}
