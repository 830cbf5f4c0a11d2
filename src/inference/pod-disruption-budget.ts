import type { PercentOrAbsolute } from 'cdk8s-plus-28';

/**
 * How many pods of a component may be down when nodes are drained. One of the two.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export interface PodDisruptionBudgetOptions {
  /**
   * How many pods stay at least. As many as `minReplicas` or more keep a node from ever being drained.
   *
   * @default - `maxUnavailable` counts
   */
  readonly minAvailable?: PercentOrAbsolute;

  /**
   * How many pods may be down at a time.
   *
   * @default - `minAvailable` counts
   */
  readonly maxUnavailable?: PercentOrAbsolute;
}
