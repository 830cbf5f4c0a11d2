import { Construct } from 'constructs';
import type { IServingRuntime } from './i-serving-runtime';
import { ImportedRuntime } from './imported-runtime';
import { RuntimeObject } from './runtime-object';
import type { ClusterServingRuntimeProps } from './runtime-props';

/**
 * A model server that services of all namespaces can use.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 *
 * @example
 * new ClusterServingRuntime(chart, 'acme-sklearn', {
 *   formats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 5 }],
 *   protocolVersions: [InferenceProtocol.V2],
 *   container: { image: 'ghcr.io/acme/sklearn-server:1.4.0' },
 * });
 */
export class ClusterServingRuntime extends RuntimeObject {
  /** Refers to a ClusterServingRuntime that others made, such as those of the release. */
  static fromClusterServingRuntimeName(scope: Construct, id: string, name: string): IServingRuntime {
    return new ImportedRuntime(scope, id, name, false);
  }

  constructor(scope: Construct, id: string, props: ClusterServingRuntimeProps) {
    super(scope, id, 'ClusterServingRuntime', props);
  }
}
