import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { IServingRuntime } from './i-serving-runtime';
import { ImportedRuntime } from './imported-runtime';
import { factsOfProps } from './render';
import { createRuntime } from './runtime-object';
import type { ServingRuntimeProps } from './runtime-props';
import { RuntimeFacts, ServingTarget } from '../target';

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
 *   protocolVersions: [Protocol.V1, Protocol.V2],
 *   container: {
 *     image: 'ghcr.io/acme/skops-server:1.4.0',
 *     args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'],
 *   },
 * });
 */
export class ServingRuntime extends Construct implements IServingRuntime {
  /** Refers to a ServingRuntime in the namespace of the scope that others made. */
  static fromServingRuntimeName(scope: Construct, id: string, name: string): IServingRuntime {
    return new ImportedRuntime(scope, id, name, true);
  }

  /** Name of the runtime. */
  readonly name: string;
  /** Namespace of the runtime, if it is known. */
  readonly namespace?: string;
  /** What KServe looks at when it chooses a runtime. */
  readonly facts?: RuntimeFacts;
  /** The API object, for what no prop reaches. */
  readonly apiObject: ApiObject;

  constructor(scope: Construct, id: string, props: ServingRuntimeProps) {
    super(scope, id);
    this.name = props.name ?? id;
    this.namespace = ServingTarget.of(this)._namespaceOf(this, props.namespace);
    this.facts = factsOfProps(props, this.name, this.namespace);
    this.apiObject = createRuntime(this, 'ServingRuntime', { ...props, name: this.name, namespace: this.namespace });
  }
}
