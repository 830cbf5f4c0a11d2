import type { Affinity, Toleration, TopologySpreadConstraint } from '../core/generated/pod-spec';

/** The pod fields that say on which nodes pods run. */
export interface PlacementConfiguration {
  /**
   * Labels that a node must have.
   *
   * @default - none
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Taints that the pods bear.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];

  /**
   * Which nodes, and which neighbours on them, the pods want or avoid.
   *
   * @default - none
   */
  readonly affinity?: Affinity;

  /**
   * How evenly the pods spread over zones or nodes.
   *
   * @default - none
   */
  readonly topologySpreadConstraints?: TopologySpreadConstraint[];
}

/** Something that says on which nodes pods run, such as a pool of GPU nodes. */
export interface IPlacement {
  /** The pod fields that bring the pods there. */
  toPlacementConfiguration(): PlacementConfiguration;
}

/**
 * On which nodes the pods of a component run. In Knative mode each of the fields
 * needs a feature flag.
 */
export class Placement implements IPlacement {
  /** By pod fields. */
  static of(configuration: PlacementConfiguration): Placement {
    return new Placement(configuration);
  }

  private readonly configuration: PlacementConfiguration;

  private constructor({ nodeSelector, tolerations, affinity, topologySpreadConstraints }: PlacementConfiguration) {
    this.configuration = {
      nodeSelector: nodeSelector && { ...nodeSelector },
      tolerations: tolerations && [...tolerations],
      affinity,
      topologySpreadConstraints: topologySpreadConstraints && [...topologySpreadConstraints],
    };
  }

  /** The pod fields that bring the pods there. */
  toPlacementConfiguration(): PlacementConfiguration {
    return { ...this.configuration };
  }
}
