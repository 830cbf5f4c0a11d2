import { pointerStep } from '../core/cause';
import { REQUIRED_POD_FIELDS } from '../core/generated/pod-spec-fields';
import { KServeRelease } from '../release';

/** Paths such as `containers[].env[].name`, step by step; what is said of containers holds for init containers. */
interface Fields { named: boolean; below: Map<string, Fields> }

function treeOf(paths: readonly string[]): Fields {
  const root: Fields = { named: false, below: new Map() };
  for (const path of paths.flatMap((one) => one.startsWith('containers[]') ? [one, one.replace('containers', 'initContainers')] : [one])) {
    let at = root;
    for (const step of path.split('.')) {
      let next = at.below.get(step);
      if (next === undefined) {
        at.below.set(step, next = { named: false, below: new Map() });
      }
      at = next;
    }
    at.named = true;
  }
  return root;
}

/** The fields of a pod in which something is required. */
export const REQUIRING_FIELDS: readonly string[] = [...new Set(REQUIRED_POD_FIELDS.flatMap((path) => {
  const parent = path.split('.').at(-2)?.replace('[]', '');
  return parent === undefined ? [] : parent === 'containers' ? [parent, 'initContainers'] : [parent];
}))];

const REQUIRED = treeOf(REQUIRED_POD_FIELDS);
const REQUIRED_OF_CONTAINER = REQUIRED.below.get('containers[]')!;
const newer = new Map<KServeRelease, Fields>();

/** Pointers to the fields of a pod that a release does not know. */
export function unknownPodFields(pod: object, at: string, release: KServeRelease): Iterable<string> {
  let fields = newer.get(release);
  if (fields === undefined) {
    newer.set(release, fields = treeOf(release._data.podFieldsMissing));
  }
  return find(pod, at, fields, true);
}

/** Pointers to the fields that the schema requires of what a pod has, and that are not there. */
export function missingPodFields(pod: object, at: string): Iterable<string> {
  return find(pod, at, REQUIRED, false);
}

/** The same for a container that KServe names itself. */
export function* missingContainerFields(container: object, at: string): Iterable<string> {
  for (const pointer of find(container, at, REQUIRED_OF_CONTAINER, false)) {
    if (pointer !== `${at}/name`) {
      yield pointer;
    }
  }
}

/** Pointers to the named fields that are there, or that are not. */
function* find(value: any, at: string, { below }: Fields, present: boolean): Iterable<string> {
  for (const [step, fields] of below) {
    const name = step.endsWith('[]') ? step.slice(0, -2) : step;
    const field = value[name];
    const pointer = `${at}${pointerStep(name)}`;
    if (fields.named && (field !== undefined && field !== null) === present) {
      yield pointer;
    }
    if (field === undefined || field === null || fields.below.size === 0) {
      continue;
    }
    const items: [string, any][] = name === step ? [[pointer, field]]
      : Array.isArray(field) ? field.map((item, i): [string, any] => [`${pointer}/${i}`, item]) : [];
    for (const [itemAt, item] of items) {
      if (typeof item === 'object' && item !== null) {
        yield* find(item, itemAt, fields, present);
      }
    }
  }
}
