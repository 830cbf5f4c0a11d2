import { Deferred } from '../core/deferred';
import { pointerStep } from '../core/cause';
import { annotationPointer, Manifest } from '../core/manifest';
import { Rule } from '../diagnostics/rule';
import { KEYS } from '../release/keys';
import { ClusterRule } from '../target/rule-context';
import { strandsWorkers, variablesOf } from '../target/service-view';

const FACTS: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'webhook', bites: 'create' };
const WORKERS = '/spec/predictor/workerSpec';

/** A rule on services with workers only. */
function workerRule(rule: Rule, check: (workers: any, manifest: Manifest, context: Parameters<ClusterRule['check']>[1]) => ReturnType<ClusterRule['check']>): ClusterRule {
  return {
    ...rule,
    about: ['workerSpec'],
    check: (manifest, context) => {
      const workers = manifest.spec?.predictor?.workerSpec;
      return workers === undefined ? [] : check(workers, manifest, context);
    },
  };
}

const RELEASE_HAS_WORKERS = workerRule({
  ...FACTS,
  code: 'KSV1411',
  title: 'Multi-node serving is broken in this release',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'kserve/kserve#6113: the clean-up of canary objects deletes the workers',
  explanation: 'KServe 0.20.0 deletes the worker Deployment and the head Service of a multi-node service at every reconciliation, so the model never starts.',
}, function* (_, __, { target: { release } }) {
  if (!release._data.abilities.multiNode) {
    yield { at: WORKERS, message: `spreads a model over nodes, which does not work with KServe ${release}: its controller deletes the workers`, fix: 'run KServe 0.19.0, or serve the model on one node.' };
  }
});

const STANDARD_ONLY = workerRule({
  ...FACTS,
  code: 'KSV1412',
  title: 'Workers need Standard mode',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'predictor reconciler: workers are Deployments of Standard mode',
  explanation: 'Knative has no notion of several pods for one request; the workers are ignored there.',
}, function* (_, manifest, { target }) {
  if (strandsWorkers(manifest, target)) {
    yield { at: WORKERS, message: 'has workers in Knative mode, which cannot run them', allowed: 'DeploymentMode.STANDARD', fix: 'set deploymentMode: DeploymentMode.STANDARD.' };
  }
});

const ONE_CONTAINER = workerRule({
  ...FACTS,
  code: 'KSV1413',
  title: 'Workers have several containers',
  mirrors: 'InferenceService validator: at most one container in workerSpec',
  explanation: 'A worker pod runs the one container that the runtime describes.',
}, function* ({ containers }) {
  if (containers?.length > 1) {
    yield { at: `${WORKERS}/containers/1`, message: `is one of ${containers.length} containers of the workers`, allowed: 'one', fix: 'keep the container `worker-container` only.' };
  }
});

const SIZES = workerRule({
  ...FACTS,
  code: 'KSV1414',
  title: 'A parallel size is below one',
  mirrors: 'InferenceService validator: pipelineParallelSize and tensorParallelSize are at least 1',
  explanation: 'The sizes are numbers of nodes and of GPUs.',
}, function* (workers) {
  for (const size of ['pipelineParallelSize', 'tensorParallelSize']) {
    const value = workers[size];
    if (value !== undefined && !Deferred.is(value) && (value < 1 || !Number.isInteger(value))) {
      yield { at: `${WORKERS}/${size}`, value, message: 'is no size', allowed: 'whole numbers from 1', fix: `set ${size} to the number of ${size.startsWith('pipe') ? 'nodes' : 'GPUs'}.` };
    }
  }
});

const SIZE_VARIABLES = workerRule({
  ...FACTS,
  code: 'KSV1415',
  title: 'A parallel size is set by a variable',
  mirrors: 'InferenceService validator: PIPELINE_PARALLEL_SIZE and TENSOR_PARALLEL_SIZE in model.env',
  explanation: 'KServe sets these variables from the worker props and refuses them from the user.',
}, function* (_, manifest) {
  const container = manifest.spec.predictor.model ?? {};
  for (const { name, at } of variablesOf({ container, at: '/spec/predictor/model' })) {
    if (['PIPELINE_PARALLEL_SIZE', 'TENSOR_PARALLEL_SIZE'].includes(name)) {
      yield { at, message: `sets ${name}, which KServe sets itself`, fix: 'use workers.pipelineParallelSize and workers.tensorParallelSize.' };
    }
  }
});

const STORAGE = workerRule({
  ...FACTS,
  code: 'KSV1416',
  title: 'Workers cannot read this source',
  mirrors: 'InferenceService validator: storageUri of a multi-node predictor is pvc:// or oci://',
  explanation: 'Every pod of a multi-node model mounts the same files, so they must be on a claim or in an image.',
}, function* (_, manifest) {
  const { model } = manifest.spec.predictor;
  const uri = model?.storageUri;
  if (model !== undefined && !Deferred.is(uri) && !/^(pvc|oci):\/\//.test(uri ?? '')) {
    yield { at: uri === undefined ? '/spec/predictor/model' : '/spec/predictor/model/storageUri', value: uri, message: 'cannot be mounted by several pods at once', allowed: 'pvc://, oci://', fix: 'use ModelSource.pvc or ModelSource.oci.' };
  }
});

const NO_AUTOSCALER = workerRule({
  ...FACTS,
  code: 'KSV1417',
  title: 'Workers cannot be scaled automatically',
  mirrors: 'InferenceService validator: autoscalerClass of a multi-node predictor is none',
  explanation: 'Head and workers belong together; KServe refuses every autoscaler class but `none`.',
}, function* (_, manifest, { target }) {
  const value = manifest.metadata.annotations?.[KEYS.autoscalerClass];
  if (manifest.spec.predictor.model !== undefined && value !== 'none' && !Deferred.is(value) && !strandsWorkers(manifest, target)) {
    yield { at: annotationPointer(KEYS.autoscalerClass), value, message: 'scales a model that spans nodes', allowed: 'none', fix: 'use Scaling.fixed(1), or leave scaling out.' };
  }
});

const GPU_TYPES = workerRule({
  ...FACTS,
  code: 'KSV1418',
  title: 'KServe does not know this GPU resource',
  mirrors: 'InferenceService validator: unknown GPU resource type',
  explanation: 'For a multi-node model every extended resource must be a GPU type that KServe knows, from its own list, the ConfigMap or the annotation.',
}, function* (workers, manifest, { target }) {
  const annotation = manifest.metadata.annotations?.[KEYS.gpuResourceTypes];
  if (Deferred.is(annotation) || target.customGpuResourceTypes.some(Deferred.is)) {
    return;
  }
  const known = [
    'cpu', 'memory', 'storage', 'ephemeral-storage',
    ...target.release._data.gpuResources, ...target.customGpuResourceTypes,
    ...namesIn(annotation),
  ];
  const containers = [
    { container: manifest.spec.predictor.model, at: '/spec/predictor/model' },
    ...(workers.containers ?? []).map((container: any, i: number) => ({ container, at: `${WORKERS}/containers/${i}` })),
  ];
  for (const { container, at } of containers) {
    for (const side of ['limits', 'requests']) {
      for (const [resource, quantity] of Object.entries(container?.resources?.[side] ?? {})) {
        if (quantity !== undefined && !known.includes(resource)) {
          yield { at: `${at}/resources/${side}${pointerStep(resource)}`, message: `asks for ${resource}, which KServe does not know as a GPU`, allowed: known.slice(4).join(', '), fix: `add gpuResourceTypes: ['${resource}'] to the service.` };
        }
      }
    }
  }
});

function namesIn(annotation: unknown): string[] {
  try {
    const names: unknown = JSON.parse(String(annotation ?? '[]'));
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

export const WORKER_RULES: ClusterRule[] = [
  RELEASE_HAS_WORKERS, STANDARD_ONLY, ONE_CONTAINER, SIZES, SIZE_VARIABLES, STORAGE, NO_AUTOSCALER, GPU_TYPES,
];
