import { podsOf } from './runtime-view';
import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import { annotationPointer } from '../core/manifest';
import { KServeRelease } from '../release';
import type { Abilities } from '../release/abilities';
import { KEYS } from '../release/keys';
import type { ClusterRule } from '../target/rule-context';

const NO_FORMATS: ClusterRule = {
  code: 'KSV1713',
  title: 'The runtime serves no format',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService controller: RuntimeSupportsModel',
  explanation: 'Every service names a format, and KServe refuses a runtime that does not list it, even one that the service names.',
  * check({ spec }) {
    if ((spec?.supportedModelFormats ?? []).length === 0) {
      yield { at: '/spec/supportedModelFormats', message: 'is empty, so no service can use the runtime', fix: 'list what it serves: formats: [{ name: \'sklearn\', autoSelect: true }].' };
    }
  },
};

const SCHEDULER: ClusterRule = {
  code: 'KSV1714',
  title: 'The release has no schedulerName in runtimes',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD of the release',
  explanation: 'A strict client refuses the unknown field; others lose it without a word.',
  * check(manifest, { target: { release } }) {
    for (const { pod, at } of release._data.abilities.runtimeSchedulerName ? [] : podsOf(manifest)) {
      if (pod.schedulerName !== undefined) {
        yield {
          at: `${at}/schedulerName`,
          value: pod.schedulerName,
          message: `is a field that runtimes of KServe ${release} do not have`,
          allowed: `KServe ${since('runtimeSchedulerName')} and newer`,
          fix: 'set podSpec.schedulerName on the services, or upgrade KServe.',
        };
      }
    }
  },
};

const IGNORED_ANNOTATION: ClusterRule = {
  code: 'KSV1715',
  title: 'The release does not read an annotation of the runtime',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService controller: SetRuntimeDefaults, multi-node reconciliation',
  explanation: 'KServe 0.16 knows servers by the names of the built-in runtimes only, and before 0.18 it starts workers by Ray whatever the runtime says.',
  * check({ metadata, spec }, { target: { release } }) {
    const { abilities } = release._data;
    const backend = spec?.annotations?.[KEYS.executorBackend];
    if (metadata.annotations?.[KEYS.serverType] !== undefined && !abilities.serverTypeAnnotation) {
      yield {
        at: annotationPointer(KEYS.serverType),
        message: `is not read by KServe ${release}`,
        allowed: `KServe ${since('serverTypeAnnotation')} and newer`,
        fix: 'leave serverType out, and set the variables and arguments that the server needs.',
      };
    }
    if (spec?.workerSpec !== undefined && backend === 'mp' && !abilities.multiNodeMpBackend) {
      yield {
        at: `/spec/annotations${pointerStep(KEYS.executorBackend)}`,
        value: backend,
        message: `is not read by KServe ${release}, which counts nodes and GPUs as for Ray`,
        allowed: `KServe ${since('multiNodeMpBackend')} and newer`,
        fix: 'use ExecutorBackend.RAY, or upgrade KServe.',
      };
    }
  },
};

const HOST_IPC: ClusterRule = {
  code: 'KSV1716',
  title: 'hostIPC of a runtime has no effect',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService controller: MergePodSpec',
  explanation: 'KServe takes node selector, affinity, tolerations, volumes, pull secrets and the scheduler from a runtime, but not hostIPC.',
  * check(manifest) {
    for (const { pod, at } of podsOf(manifest)) {
      if (pod.hostIPC === true && !manifest.spec.multiModel) {
        yield { at: `${at}/hostIPC`, value: true, message: 'does not reach the pods', fix: 'set podSpec.hostIPC on the services that need it.' };
      }
    }
  },
};

const REPLICAS: ClusterRule = {
  code: 'KSV1717',
  title: 'The number of ModelMesh pods is out of range',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'ServingRuntime validator: replicas is a uint16',
  explanation: 'The validator cannot read an object whose replicas do not fit into 16 bits and refuses it.',
  * check({ spec }) {
    const value = spec?.replicas;
    if (value !== undefined && !Deferred.is(value) && !(Number.isInteger(value) && value >= 0 && value < 2 ** 16)) {
      yield { at: '/spec/replicas', value, message: 'is no number of pods', allowed: 'whole numbers from 0 to 65535', fix: 'set replicas to a number in that range, or leave it out.' };
    }
  },
};

const NEWER_POD_FIELD: ClusterRule = {
  code: 'KSV1718',
  title: 'The release does not know a pod field of the runtime',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD of the release: its copy of the pod schema',
  explanation: 'KServe\'s CRDs carry a copy of Kubernetes\' pod fields, so a newer field is unknown to them even where the cluster knows it.',
  * check(manifest, { target: { release } }) {
    for (const { pod, at } of podsOf(manifest)) {
      for (const path of release._data.podFieldsMissing) {
        for (const found of pointersTo(pod, path.split('.'), at)) {
          yield { at: found, message: `is a pod field that KServe ${release} does not know`, fix: 'leave it out or upgrade KServe.' };
        }
      }
    }
  },
};

export const FIELD_RULES: ClusterRule[] = [NO_FORMATS, SCHEDULER, IGNORED_ANNOTATION, HOST_IPC, REPLICAS, NEWER_POD_FIELD];

/** The first release that has an ability. */
function since(ability: keyof Abilities): string {
  return KServeRelease.all().find(({ _data }) => _data.abilities[ability])!.version;
}

/** The places of a manifest that a path such as `containers[].env[].name` leads to. */
function* pointersTo(value: any, [step, ...rest]: string[], at: string): Iterable<string> {
  if (value === undefined || value === null) {
    return;
  }
  if (step === undefined) {
    yield at;
    return;
  }
  const field = step.replace(/\[\]$/, '');
  const items: [string, unknown][] = field === step
    ? [[field, value[field]]]
    : (value[field] ?? []).map((item: unknown, i: number): [string, unknown] => [`${field}/${i}`, item]);
  for (const [key, item] of items) {
    yield* pointersTo(item, rest, `${at}/${key}`);
  }
}
