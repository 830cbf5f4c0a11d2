import { SERVER_CONTAINER, WORKER_CONTAINER } from '../release/container-names';
import { containersOf, podsOf, variablesOf } from './runtime-view';
import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import type { Manifest } from '../core/manifest';
import type { Rule } from '../diagnostics/rule';
import { KEYS } from '../release/keys';
import type { ServingTarget } from '../target';
import type { ClusterRule } from '../target/rule-context';

const FACTS: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'webhook', bites: 'create' };
const WEBHOOK = 'ServingRuntime validator: validateMultiNodeSpec';
const SIZE_VARIABLE_NAMES = ['PIPELINE_PARALLEL_SIZE', 'TENSOR_PARALLEL_SIZE'];
const PLAIN_RESOURCES = ['cpu', 'memory', 'storage', 'ephemeral-storage'];

const NO_SERVER: ClusterRule = {
  ...FACTS,
  code: 'KSV1701',
  title: 'No container of the runtime serves the model',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService controller: failed to find kserve-container in ServingRuntime containers',
  explanation: 'KServe lays a service\'s model over the container called `kserve-container`. Without it every service of the runtime fails. ModelMesh\'s built-in adapter looks for a container with the name of its server type instead.',
  * check({ spec }) {
    const names: unknown[] = (spec?.containers ?? []).map(({ name }: { name?: string }) => name);
    const adapter = spec?.builtInAdapter?.serverType;
    const wanted = adapter ?? SERVER_CONTAINER;
    if ((spec?.multiModel && adapter === undefined) || names.some((name) => Deferred.is(name)) || Deferred.is(wanted) || names.includes(wanted)) {
      return;
    }
    const fix = adapter === undefined ? 'leave containerName out.' : `leave containerName out, or set it to '${adapter}'.`;
    yield names.length === 0
      ? { at: '/spec/containers', message: 'is empty', allowed: `one container called \`${wanted}\``, fix: 'describe the server by container.' }
      : { at: '/spec/containers/0/name', value: names[0], message: 'is not the container that serves a model', allowed: `\`${wanted}\``, fix };
  },
};

const WORKER: ClusterRule = {
  ...FACTS,
  code: 'KSV1702',
  title: 'The workers do not have the one container of a worker',
  mirrors: `${WEBHOOK}; controller: failed to find worker-container in ServingRuntime containers`,
  explanation: 'A worker pod has exactly one container, called `worker-container`. The webhook refuses several, the schema none, and the controller any other name.',
  * check({ spec }) {
    const containers: { name?: string }[] | undefined = spec?.workerSpec && (spec.workerSpec.containers ?? []);
    if (containers === undefined || (containers.length === 1 && (Deferred.is(containers[0].name) || containers[0].name === WORKER_CONTAINER))) {
      return;
    }
    const found = containers.length === 1 ? `calls its container \`${containers[0].name}\`` : `has ${containers.length} containers`;
    yield {
      at: '/spec/workerSpec/containers', message: found, allowed: `one container called \`${WORKER_CONTAINER}\``, fix: 'describe it by workers.container only.',
    };
  },
};

const SIZES: ClusterRule = {
  ...FACTS,
  code: 'KSV1703',
  title: 'A parallel size of the runtime is below one',
  mirrors: WEBHOOK,
  explanation: 'The sizes are numbers of nodes and of GPUs.',
  * check({ spec }) {
    for (const size of ['pipelineParallelSize', 'tensorParallelSize']) {
      const value = spec?.workerSpec?.[size];
      if (value !== undefined && !Deferred.is(value) && (value < 1 || !Number.isInteger(value))) {
        yield { at: `/spec/workerSpec/${size}`, value, message: 'is no size', allowed: 'whole numbers from 1', fix: `set ${size} to 1 or more, or leave it out.` };
      }
    }
  },
};

const SIZE_VARIABLES: ClusterRule = {
  ...FACTS,
  code: 'KSV1704',
  title: 'A parallel size of the runtime is set by a variable',
  mirrors: WEBHOOK,
  explanation: 'KServe sets these variables from the sizes of the workers and refuses them from the runtime.',
  * check(manifest) {
    if (manifest.spec?.workerSpec === undefined) {
      return;
    }
    for (const view of podsOf(manifest).slice(0, 1).flatMap(containersOf).filter(({ container }) => isCalled(container.name, SERVER_CONTAINER))) {
      for (const { name, at } of variablesOf(view)) {
        if (SIZE_VARIABLE_NAMES.some((variable) => isCalled(name, variable))) {
          yield { at, message: `sets ${name}, which KServe sets itself`, fix: 'use workers.pipelineParallelSize and workers.tensorParallelSize.' };
        }
      }
    }
  },
};

const GPU_TYPES: ClusterRule = {
  ...FACTS,
  code: 'KSV1705',
  title: 'KServe does not know a GPU resource of the runtime',
  mirrors: `${WEBHOOK}: unknown GPU resource type`,
  explanation: 'Every extended resource of a runtime with workers must be a GPU type that KServe knows: by itself, by its ConfigMap, or by the annotation of the pods.',
  * check(manifest, { target }) {
    const { spec } = manifest;
    if (spec?.workerSpec === undefined || Deferred.is(spec.annotations?.[KEYS.gpuResourceTypes])) {
      return;
    }
    const known = gpusOf(manifest, target);
    const judged = podsOf(manifest).flatMap(containersOf).filter(({ container, at }) =>
      isCalled(container.name, at.startsWith('/spec/workerSpec/') ? WORKER_CONTAINER : SERVER_CONTAINER));
    for (const { container: { resources }, at } of judged) {
      const asked = new Map(['requests', 'limits'].flatMap((side) => Object.entries(resources?.[side] ?? {})
        .filter(([, quantity]) => quantity !== undefined).map(([resource]) => [resource, side])));
      for (const [resource, side] of asked) {
        if (![...PLAIN_RESOURCES, ...known].includes(resource)) {
          yield {
            at: `${at}/resources/${side}${pointerStep(resource)}`,
            message: `asks for ${resource}, which KServe does not know as a GPU`,
            allowed: known.join(', '),
            fix: `set podAnnotations: { '${KEYS.gpuResourceTypes}': '["${resource}"]' }, or say customGpuResourceTypes: ['${resource}'] of the target if its ConfigMap has it.`,
          };
        }
      }
    }
  },
};

const FORBIDDEN_VARIABLE: ClusterRule = {
  ...FACTS,
  code: 'KSV1706',
  title: 'The runtime sets a forbidden environment variable',
  mirrors: 'ServingRuntime validator: validateBlockedEnvVars',
  explanation: 'From KServe 0.18 the webhook refuses PYTHONPATH in every container, because it can replace the server\'s own code.',
  * check(manifest, { target: { release } }) {
    for (const view of podsOf(manifest).flatMap(containersOf)) {
      for (const { name, at } of variablesOf(view)) {
        if (release._data.forbiddenEnv.some((variable) => isCalled(name, variable))) {
          yield { at, message: `sets the environment variable ${name}, which KServe ${release} refuses`, fix: 'install the packages into the image instead.' };
        }
      }
    }
  },
};

/** The webhook judges enabled runtimes only. */
export const CONTAINER_RULES: ClusterRule[] = [
  NO_SERVER, ...[WORKER, SIZES, SIZE_VARIABLES, GPU_TYPES, FORBIDDEN_VARIABLE].map(ifEnabled),
];

/** A rule of the webhook, which lets disabled runtimes pass. */
export function ifEnabled(rule: ClusterRule): ClusterRule {
  return { ...rule, check: (manifest, context) => manifest.spec?.disabled === true ? [] : rule.check(manifest, context) };
}

function gpusOf({ spec }: Manifest, { release, customGpuResourceTypes }: ServingTarget): string[] {
  return [...release._data.gpuResources, ...customGpuResourceTypes, ...listIn(spec.annotations?.[KEYS.gpuResourceTypes])];
}

function listIn(annotation: unknown): string[] {
  try {
    const names: unknown = JSON.parse(String(annotation ?? '[]'));
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

function isCalled(name: unknown, wanted: string): boolean {
  return !Deferred.is(name) && name === wanted;
}
