import { IConstruct } from 'constructs';

/** What graphs and references to graphs have in common. */
export interface IInferenceGraph extends IConstruct {
  /** Name of the graph. */
  readonly name: string;
  /** Namespace of the graph, if it is known. */
  readonly namespace?: string;
  /** Address outside the cluster, if it is known and there is one. */
  readonly url?: string;
  /** Address inside the cluster. */
  readonly internalUrl: string;
}
