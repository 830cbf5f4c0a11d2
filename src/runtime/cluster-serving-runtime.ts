import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { IServingRuntime } from './i-serving-runtime';
import { ImportedRuntime } from './imported-runtime';
import { factsOfProps } from './render';
import { createRuntime } from './runtime-object';
import type { ClusterServingRuntimeProps } from './runtime-props';
import type { RuntimeFacts } from '../target';

/**
 * A model server that services of all namespaces can use.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 *
 * @example
 * new ClusterServingRuntime(chart, 'acme-sklearn', {
 *   formats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 5 }],
 *   protocolVersions: [Protocol.V2],
 *   container: { image: 'ghcr.io/acme/sklearn-server:1.4.0' },
 * });
 */
export class ClusterServingRuntime extends Construct implements IServingRuntime {
  /** Refers to a ClusterServingRuntime that others made, such as those of the release. */
  static fromClusterServingRuntimeName(scope: Construct, id: string, name: string): IServingRuntime {
    return new ImportedRuntime(scope, id, name, false);
  }

  /** Name of the runtime. */
  readonly name: string;
  /** Always undefined: the runtime belongs to no namespace. */
  readonly namespace?: string;
  /** What KServe looks at when it chooses a runtime. */
  readonly facts?: RuntimeFacts;
  /** The API object, for what no prop reaches. */
  readonly apiObject: ApiObject;

  constructor(scope: Construct, id: string, props: ClusterServingRuntimeProps) {
    super(scope, id);
    this.name = props.name ?? id;
    this.facts = factsOfProps(props, this.name, undefined);
    this.apiObject = createRuntime(this, 'ClusterServingRuntime', { ...props, name: this.name });
  }
}
