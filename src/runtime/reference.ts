import type { IServingRuntime } from './i-serving-runtime';
import { Deferred } from '../core/deferred';
import { ProgramViolation, Rule, Violation, violationOf } from '../diagnostics/rule';

export const OTHER_NAMESPACE_FACTS: Rule & { readonly mirrors: string } = {
  code: 'KSV1728',
  title: 'The runtime belongs to another namespace',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService controller: RuntimeNotRecognized',
  explanation: 'A ServingRuntime serves its own namespace only. Services of other namespaces wait for a runtime that never appears.',
};

/** What is wrong with a service that names a runtime of another namespace. */
export function inOtherNamespace(runtime: string, theirs: string | undefined, own: string | undefined): Omit<Violation, 'value'> {
  return {
    message: `is a ServingRuntime of namespace '${theirs}', which services of namespace '${own}' cannot use`,
    allowed: `a ServingRuntime of namespace '${own}', or a ClusterServingRuntime`,
    fix: `make it a ClusterServingRuntime, or make a ServingRuntime '${runtime}' in namespace '${own}'.`,
  };
}

/**
 * What is wrong with a reference to a runtime that others made. The rules on manifests
 * see those of the program and the target, but not where a mere name points to.
 */
export function* referenceProblems(prop: string, { name, namespace, facts }: IServingRuntime, own: string | undefined): Iterable<ProgramViolation> {
  const known = [name, namespace, own].every((value) => value !== undefined && !Deferred.is(value));
  if (facts === undefined && known && namespace !== own) {
    yield violationOf(OTHER_NAMESPACE_FACTS, prop, { value: name, ...inOtherNamespace(name, namespace, own) });
  }
}
