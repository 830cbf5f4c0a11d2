import { Construct } from 'constructs';
import type { IServingRuntime } from './i-serving-runtime';
import { ImportedRuntime } from './imported-runtime';
import { RuntimeObject } from './runtime-object';
import type { ServingRuntimeProps } from './runtime-props';
import { ServingTarget } from '../target';

/**
 * A model server that services of its namespace can use.
 *
 * KServe prefers it to the runtimes of the cluster, whatever their priorities.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 *
 * @example
 * new ServingRuntime(chart, 'skops-server', {
 *   formats: [{ name: 'skops', version: '1', autoSelect: true }],
 *   protocolVersions: [InferenceProtocol.V1, InferenceProtocol.V2],
 *   container: {
 *     image: 'ghcr.io/acme/skops-server:1.4.0',
 *     args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'],
 *   },
 * });
 */
export class ServingRuntime extends RuntimeObject {
  /** Refers to a ServingRuntime in the namespace of the scope that others made. */
  static fromServingRuntimeName(scope: Construct, id: string, name: string): IServingRuntime {
    return new ImportedRuntime(scope, id, name, true);
  }

  constructor(scope: Construct, id: string, props: ServingRuntimeProps) {
    super(scope, id, 'ServingRuntime', { ...props, namespace: ServingTarget._ofChild(scope, id)._namespaceOf(scope, props.namespace) });
  }
}
