import type { PercentOrAbsolute } from 'cdk8s-plus-28';
import { caused } from '../core/cause';
import { defined } from '../core/fields';

/** Options of `DeploymentStrategy.rollingUpdate`. */
export interface RollingUpdateOptions {
  /**
   * How many pods more than wanted may run meanwhile.
   *
   * @default - 25 %
   */
  readonly maxSurge?: PercentOrAbsolute;

  /**
   * How many pods fewer than wanted may run meanwhile.
   *
   * @default - 25 %
   */
  readonly maxUnavailable?: PercentOrAbsolute;
}

/**
 * How the pods of an older version are replaced in Standard mode.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
 */
export class DeploymentStrategy {
  /**
   * A few at a time, without a gap. Needs room for more pods, or fewer pods meanwhile:
   * where GPUs are scarce, `maxSurge` 0 and `maxUnavailable` 1.
   */
  static rollingUpdate(options: RollingUpdateOptions = {}): DeploymentStrategy {
    const { maxSurge, maxUnavailable } = options;
    return new DeploymentStrategy(() => ({
      type: 'RollingUpdate',
      rollingUpdate: defined({
        maxSurge: caused('maxSurge', maxSurge?.value),
        maxUnavailable: caused('maxUnavailable', maxUnavailable?.value),
      }),
    }));
  }

  /** All old pods go before the first new one comes: nobody answers meanwhile. */
  static recreate(): DeploymentStrategy {
    return new DeploymentStrategy(() => ({ type: 'Recreate' }));
  }

  private constructor(private readonly render: () => object) {}

  /** @internal */
  _render(): object {
    return this.render();
  }
}
