import { IConstruct } from 'constructs';
import type { RuntimeFacts } from '../target';

/** A ServingRuntime or ClusterServingRuntime, made by this program or by others. */
export interface IServingRuntime extends IConstruct {
  /** Name of the runtime. */
  readonly name: string;
  /** Namespace of a ServingRuntime, if it is known; undefined for a ClusterServingRuntime. */
  readonly namespace?: string;
  /** What KServe looks at when it chooses a runtime; undefined for a runtime of which only the name is known. */
  readonly facts?: RuntimeFacts;
}
