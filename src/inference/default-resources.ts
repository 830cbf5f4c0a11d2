import { Deferred } from '../core/deferred';
import { KServeRelease } from '../release';
import { ComponentView, ContainerView } from '../target/service-view';

/** Requests and limits by resource. */
export interface Amounts { readonly requests: { readonly [resource: string]: string }; readonly limits: { readonly [resource: string]: string } }

/**
 * What a container gets that sets none: KServe gives the default to the
 * containers it knows, and the built-in runtimes come with the same.
 */
export function byDefault(component: ComponentView, container: ContainerView['container'], release: KServeRelease): Amounts | undefined {
  const { runtime } = component.spec.model ?? {};
  const known = container === component.spec.model
    ? runtime === undefined || (!Deferred.is(runtime) && release._data.runtimes[runtime] !== undefined)
    : container === component.spec.art || (component.spec.model === undefined && container === component.spec.containers?.[0]);
  const { cpuRequest, memoryRequest, cpuLimit, memoryLimit } = release._data.config.inferenceService.resource;
  return known ? { requests: { cpu: cpuRequest, memory: memoryRequest }, limits: { cpu: cpuLimit, memory: memoryLimit } } : undefined;
}
