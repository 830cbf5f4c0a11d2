import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import { Rule } from '../diagnostics/rule';
import { ClusterRule } from '../target/rule-context';
import { componentsOf, containersOf } from '../target/service-view';
import { parseQuantity } from '../core/quantity';
import { byDefault } from './default-resources';

const FACTS: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'controller', bites: 'runtime' };

const REQUEST_ABOVE_LIMIT: ClusterRule = {
  ...FACTS,
  code: 'KSV1421',
  about: ['requests'],
  title: 'A resource request is above its limit',
  mirrors: 'Kubernetes pod validation: requests must be less than or equal to limits',
  explanation: 'KServe accepts the service, but Kubernetes refuses its Deployment. Where the service sets no limit, the limit of the runtime or KServe\'s default (1 CPU, 2Gi) counts, so a larger request needs a limit of its own; and a limit below the default request, which is the same, needs a request.',
  * check(manifest, { target: { release } }) {
    for (const component of componentsOf(manifest)) {
      for (const { container, at } of containersOf(component)) {
        for (const [resource, request] of Object.entries<any>(container.resources?.requests ?? {})) {
          const own = container.resources?.limits?.[resource];
          const limit = own ?? byDefault(component, container, release)?.limits[resource];
          const [less, more] = [parseQuantity(limit), parseQuantity(request)];
          if (less !== undefined && more !== undefined && more > less) {
            yield {
              at: `${at}/resources/requests${pointerStep(resource)}`,
              value: request,
              message: `is above the ${resource} limit of ${limit}${own === undefined ? ', which is the default' : ''}`,
              fix: own === undefined ? `set a ${resource} limit of at least ${request}.` : `lower the request or raise the limit to ${request}.`,
            };
          }
        }
        for (const [resource, limit] of Object.entries<any>(container.resources?.limits ?? {})) {
          const own = container.resources?.requests?.[resource];
          const request = own === undefined ? byDefault(component, container, release)?.requests[resource] : undefined;
          const [less, more] = [parseQuantity(limit), parseQuantity(request)];
          if (less !== undefined && more !== undefined && more > less) {
            yield {
              at: `${at}/resources/limits${pointerStep(resource)}`,
              value: limit,
              message: `is below the ${resource} request of ${request}, which is the default`,
              fix: `set a ${resource} request of at most ${limit}, too.`,
            };
          }
        }
      }
    }
  },
};

const GPU_REQUEST: ClusterRule = {
  ...FACTS,
  code: 'KSV1422',
  about: ['requests'],
  title: 'Request and limit of an extended resource differ',
  mirrors: 'Kubernetes pod validation: extended resources cannot be overcommitted',
  explanation: 'GPUs and other extended resources are given whole: request and limit must be equal, and a limit is required.',
  * check(manifest) {
    for (const { container, at } of componentsOf(manifest).flatMap(containersOf)) {
      const { requests = {}, limits = {} } = container.resources ?? {};
      for (const [resource, request] of Object.entries<any>(requests)) {
        const [asked, limit] = [parseQuantity(request), parseQuantity(limits[resource])];
        const isExtended = resource.includes('/') && !resource.startsWith('hugepages-');
        if (isExtended && asked !== undefined && !Deferred.is(limits[resource]) && asked !== limit) {
          yield {
            at: `${at}/resources/requests${pointerStep(resource)}`,
            value: request,
            message: limit === undefined ? `has no limit for ${resource}` : `differs from the limit ${limits[resource]}`,
            fix: `set the limit of ${resource} to ${request}, or give the limit alone.`,
          };
        }
      }
    }
  },
};

const FRACTION_OF_GPU: ClusterRule = {
  ...FACTS,
  code: 'KSV1423',
  about: ['limits'],
  title: 'An extended resource is not a whole number',
  mirrors: 'Kubernetes pod validation: extended resources must be integers',
  explanation: 'A GPU is given whole. Sharing one is the device plugin\'s work (time slicing, MPS, MIG), under resource names of its own.',
  * check(manifest) {
    for (const { container, at } of componentsOf(manifest).flatMap(containersOf)) {
      for (const [resource, quantity] of Object.entries<any>(container.resources?.limits ?? {})) {
        const count = parseQuantity(quantity);
        if (resource.includes('/') && count !== undefined && (!Number.isInteger(count) || count < 0)) {
          yield { at: `${at}/resources/limits${pointerStep(resource)}`, value: quantity, message: `asks for a part of ${resource}`, allowed: 'whole numbers from 0', fix: 'ask for 1, or for the name of a shared device.' };
        }
      }
    }
  },
};

const NO_MEMORY_LIMIT: ClusterRule = {
  ...FACTS,
  code: 'KSV1424',
  severity: 'warning',
  origin: 'ours',
  title: 'A container has no memory limit',
  explanation: 'A server without a memory limit can take the memory of everything else on its node. Containers that KServe knows get a default limit; others do not.',
  * check(manifest, { target: { release } }) {
    for (const component of componentsOf(manifest)) {
      for (const { container, at } of containersOf(component)) {
        const isInit = at.includes('/initContainers/');
        const isWorker = at.includes('/workerSpec/');
        if (!isInit && !isWorker && container.resources?.limits?.memory === undefined && byDefault(component, container, release) === undefined) {
          yield { at, message: 'has no memory limit', fix: 'set resources.memory.limit.' };
        }
      }
    }
  },
};

export const RESOURCE_RULES: ClusterRule[] = [REQUEST_ABOVE_LIMIT, GPU_REQUEST, FRACTION_OF_GPU, NO_MEMORY_LIMIT];
