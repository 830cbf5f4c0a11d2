import { Construct } from 'constructs';
import type { IServingRuntime } from './i-serving-runtime';
import { Deferred } from '../core/deferred';
import { RuntimeFacts, ServingTarget } from '../target';

/** A runtime that others made. What the target says of it is known. */
export class ImportedRuntime extends Construct implements IServingRuntime {
  readonly namespace?: string;
  readonly facts?: RuntimeFacts;

  constructor(scope: Construct, id: string, readonly name: string, namespaced: boolean) {
    super(scope, id);
    const target = ServingTarget.of(this);
    this.namespace = namespaced ? target._namespaceOf(this) : undefined;
    this.facts = Deferred.is(name) || Deferred.is(this.namespace)
      ? undefined
      : target.runtimes.find((facts) => facts.name === name && facts.namespace === this.namespace);
  }
}
