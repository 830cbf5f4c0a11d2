import { DeploymentMode } from './deployment-mode';
import type { ClusterRule } from './rule-context';
import { modeOf } from './service-view';
import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import { LIST_KEYS } from '../core/generated/pod-spec-fields';
import type { Manifest } from '../core/manifest';

const SAME_KEYS: ClusterRule = {
  code: 'KSV1419',
  about: Object.keys(LIST_KEYS),
  title: 'Two entries of a list have the same key',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD of the release: x-kubernetes-list-map-keys in its copy of the pod schema',
  explanation: 'The API server tells the entries of these lists apart by a key: environment variables by name, ports by number and protocol, mounts by path, spread constraints by topologyKey and whenUnsatisfiable. It refuses two of the same.',
  * check(manifest) {
    for (const { object, at } of objectsOf(manifest)) {
      for (const [field, keys] of Object.entries(LIST_KEYS)) {
        const entries = entriesOf(object, at, [field], (entry) => keysOf(entry, keys));
        for (const { pointer, key } of repeated(entries)) {
          const names = Object.keys(keys).join(' and ');
          yield { at: pointer, value: key, message: `has the same ${names} as another entry of ${field}`, fix: `keep one of the two, or let them differ in ${names}.` };
        }
      }
    }
  },
};

const SAME_NAMES: ClusterRule = {
  code: 'KSV1420',
  about: ['containers', 'initContainers', 'volumes', 'ports', 'imagePullSecrets'],
  title: 'Two containers, volumes or ports of a pod have the same name',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'Kubernetes validation of pods: Duplicate value; CRD services.serving.knative.dev: keys of volumes and imagePullSecrets',
  explanation: 'KServe accepts the object, but Kubernetes refuses the Deployment, and Knative the Knative Service, that KServe makes of it. Init containers share their names with the containers; a port\'s name counts within its container; pull secrets may repeat in Standard mode.',
  * check(manifest, { target }) {
    const knative = manifest.kind === 'InferenceService' && modeOf(manifest, target) === DeploymentMode.KNATIVE;
    for (const { object, at } of objectsOf(manifest)) {
      for (const fields of knative ? [...NAMED, ['imagePullSecrets']] : NAMED) {
        for (const { pointer, key } of repeated(entriesOf(object, at, fields, ({ name }) => Deferred.is(name) ? undefined : name || undefined))) {
          yield { at: `${pointer}/name`, value: key, message: 'is the name of another one in the same list', fix: 'give it a name of its own, or keep one of the two.' };
        }
      }
    }
  },
};

/** Fields whose entries share one set of names. */
const NAMED = [['containers', 'initContainers'], ['volumes'], ['ports']];

/** The rules on lists in pods, whatever the kind of object that has the pods. */
export const POD_LIST_RULES: ClusterRule[] = [SAME_KEYS, SAME_NAMES];

interface At { readonly object: { readonly [field: string]: any }; readonly at: string }
interface Entry { readonly pointer: string; readonly key: string | undefined }

/** All objects within the specification of a kind of KServe. */
function objectsOf({ apiVersion, spec }: Manifest): Iterable<At> {
  return apiVersion.startsWith('serving.kserve.io/') ? within(spec, '/spec') : [];
}

function* within(value: any, at: string): Iterable<At> {
  if (typeof value !== 'object' || value === null || Deferred.is(value)) {
    return;
  }
  if (!Array.isArray(value)) {
    yield { object: value, at };
  }
  for (const [field, child] of Object.entries(value)) {
    if (field !== 'builtInAdapter') { // its env is a list without keys
      yield* within(child, `${at}${pointerStep(field)}`);
    }
  }
}

/** The entries of some lists of an object, by what must differ in them; undefined where that is not known. */
function entriesOf(object: At['object'], at: string, fields: readonly string[], keyOf: (entry: any) => string | undefined): Entry[] {
  return fields.filter((field) => Array.isArray(object[field])).flatMap((field) => object[field].map((entry: any, i: number): Entry => ({
    pointer: `${at}${pointerStep(field)}/${i}`, key: typeof entry === 'object' && entry !== null ? keyOf(entry) : undefined,
  })));
}

function keysOf(entry: any, keys: { readonly [key: string]: string | null }): string | undefined {
  const values: unknown[] = Object.entries(keys).map(([key, byDefault]) => entry[key] ?? byDefault);
  return values.some((value) => value === null || Deferred.is(value)) ? undefined : values.join(', ');
}

/** The entries whose key an earlier one has. */
function repeated(entries: Entry[]): Entry[] {
  return entries.filter(({ key }, i) => key !== undefined && entries.findIndex((entry) => entry.key === key) < i);
}
