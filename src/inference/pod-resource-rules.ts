import { byDefault } from './default-resources';
import { pointerStep } from '../core/cause';
import { parseQuantity } from '../core/quantity';
import { ManifestViolation } from '../diagnostics/rule';
import { KServeRelease } from '../release';
import { DeploymentMode } from '../target';
import { ClusterRule } from '../target/rule-context';
import { ComponentView, componentsOf, containersOf, modeOf, podsOf } from '../target/service-view';

/** What is said of a whole pod, beside what its containers ask for. */
const POD_RESOURCES: ClusterRule = {
  code: 'KSV1425',
  about: ['resources'],
  title: 'The resources of the pod do not fit those of its containers',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'Kubernetes 1.34 pod validation (PodLevelResources): validatePodResources',
  explanation: 'Kubernetes refuses the Deployment when the pod requests less than its containers together, limits itself to less than one of them, or has other resources than CPU, memory and huge pages. KServe\'s default for the serving container (1 CPU, 2Gi) counts too. Clusters before 1.34 drop the field.',
  * check(manifest, { target }) {
    if (modeOf(manifest, target) === DeploymentMode.KNATIVE) {
      return; // it drops them
    }
    for (const component of componentsOf(manifest)) {
      for (const { pod: { resources }, at } of podsOf(component)) {
        if (resources !== undefined) {
          yield* misfits(resources, `${at}/resources`, containersIn(component, at, target.release));
        }
      }
    }
  },
};

export const POD_RESOURCE_RULES: ClusterRule[] = [POD_RESOURCES];

/** What a container asks for, defaults included. */
interface Asked {
  readonly requests: { readonly [resource: string]: unknown };
  readonly limits: { readonly [resource: string]: unknown };
  /** Whether it starts before the others. */
  readonly init: boolean;
  /** Whether it then stays. */
  readonly sidecar: boolean;
}

/** The containers of the pod at a pointer. */
function containersIn(component: ComponentView, pod: string, release: KServeRelease): Asked[] {
  const isWorker = (pointer: string) => pointer.startsWith(`${component.at}/workerSpec/`);
  return containersOf(component).filter(({ at }) => isWorker(at) === isWorker(`${pod}/`)).map(({ container, at }) => {
    const init = at.includes('/initContainers/');
    const { requests = {}, limits = {} } = container.resources ?? {};
    const defaults = byDefault(component, container, release);
    return {
      requests: { ...limits, ...defaults?.requests, ...requests }, // Kubernetes takes a limit for a missing request, KServe is earlier
      limits: { ...defaults?.limits, ...limits },
      init,
      sidecar: init && container.restartPolicy === 'Always',
    };
  });
}

function* misfits(resources: { [field: string]: any }, at: string, containers: Asked[]): Iterable<ManifestViolation> {
  const { requests = {}, limits = {}, claims } = resources;
  if (claims !== undefined) {
    yield { at: `${at}/claims`, message: 'are not for a whole pod', fix: 'claim the devices in the resources of a container.' };
  }
  for (const [side, amounts] of Object.entries<{ [resource: string]: unknown }>({ requests, limits })) {
    for (const resource of Object.keys(amounts).filter((name) => !isForPods(name))) {
      yield {
        at: `${at}/${side}${pointerStep(resource)}`,
        message: 'is no resource of a whole pod',
        allowed: 'cpu, memory, hugepages-…',
        fix: 'ask for it in the resources of a container.',
      };
    }
  }
  for (const resource of new Set([...Object.keys(requests), ...Object.keys(limits)].filter(isForPods))) {
    yield* misfitsOf(resource, { requests, limits }, at, containers);
  }
}

function* misfitsOf(
  resource: string, { requests, limits }: { [side: string]: { [resource: string]: unknown } }, at: string, containers: Asked[],
): Iterable<ManifestViolation> {
  const [asked, allowed] = [requests[resource], limits[resource]];
  const [request, limit] = [parseQuantity(asked), parseQuantity(allowed)];
  const together = sumOf(containers, resource);
  if (request !== undefined && together > request) {
    yield {
      at: `${at}/requests${pointerStep(resource)}`,
      value: asked,
      message: `is below the ${amountOf(together, resource)} that the containers request together`,
      fix: `request at least ${amountOf(together, resource)}, or less in the containers.`,
    };
  } else if (request !== undefined && limit !== undefined && request > limit) {
    yield {
      at: `${at}/requests${pointerStep(resource)}`, value: asked, message: `is above the limit of ${allowed}`, fix: 'lower the request or raise the limit.',
    };
  }
  const single = Math.max(0, ...containers.filter(({ init }) => !init).map(({ limits: own }) => parseQuantity(own[resource]) ?? 0));
  const least = Math.max(single, asked === undefined ? together : 0); // what is not said is what the containers request
  if (limit !== undefined && least > limit) {
    yield {
      at: `${at}/limits${pointerStep(resource)}`,
      value: allowed,
      message: `is below the ${amountOf(least, resource)} that ${least === single ? 'a container may use' : 'the containers request together'}`,
      fix: `raise it to ${amountOf(least, resource)}, or lower that of the containers.`,
    };
  }
}

const isForPods = (resource: string) => ['cpu', 'memory'].includes(resource) || resource.startsWith('hugepages-');

/** The least that the containers request, as Kubernetes counts: init containers run one after the other. */
function sumOf(containers: Asked[], resource: string): number {
  let [together, early, most] = [0, 0, 0];
  for (const { requests, init, sidecar } of containers) {
    const request = parseQuantity(requests[resource]) ?? 0;
    if (init && !sidecar) {
      most = Math.max(most, early + request);
    } else {
      together += request;
      early += sidecar ? request : 0;
    }
  }
  return Math.max(together, most);
}

/** A number as a quantity that people read. */
function amountOf(amount: number, resource: string): string {
  const [unit, suffix] = resource === 'cpu' ? [1e-3, 'm'] : amount >= 2 ** 30 ? [2 ** 30, 'Gi'] : [2 ** 20, 'Mi'];
  return amount % 1 === 0 && resource === 'cpu' ? String(amount) : `${Math.ceil(amount / unit)}${suffix}`;
}
