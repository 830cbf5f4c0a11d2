import { Deferred } from '../../core/deferred';
import { Manifest } from '../../core/manifest';
import { ClusterRule } from '../../target/rule-context';
import { known } from './facts';

const NO_TRIGGERS: ClusterRule = {
  code: 'KSV1541',
  title: 'A ScaledObject has no triggers',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'KEDA scaletriggers_types.go ValidateTriggers',
  explanation: 'KEDA does not act on a ScaledObject without triggers, and nobody else scales the component then.',
  * check(manifest) {
    if (!(manifest.spec?.triggers?.length > 0)) {
      yield { at: '/spec/triggers', message: 'is empty, so nothing scales the component', fix: 'give Scaling.kedaTriggers at least one KedaTrigger.' };
    }
  },
};

/** KEDA's own default. */
const MAX_REPLICAS = 100;

const REPLICA_BOUNDS: ClusterRule = {
  code: 'KSV1542',
  title: 'The limits of a ScaledObject contradict each other',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'KEDA scaledobject_types.go CheckReplicaCountBoundsAreValid',
  explanation: 'KEDA refuses a minimum above the maximum, which is 100 if it is not set, and an idle number that is not below the minimum. Of idle numbers 0 is the only one that works.',
  * check(manifest) {
    const { spec } = manifest;
    const minReplicas = known(spec.minReplicaCount) ?? 0;
    const maxReplicas = spec.maxReplicaCount === undefined ? MAX_REPLICAS : known(spec.maxReplicaCount);
    const idleReplicas = known(spec.idleReplicaCount);
    if (minReplicas < 0) {
      yield { at: '/spec/minReplicaCount', value: minReplicas, message: 'is negative', allowed: '0 or more', fix: 'give minReplicas as 0 or more.' };
    }
    if (maxReplicas !== undefined && minReplicas > maxReplicas) {
      yield { at: '/spec/minReplicaCount', value: minReplicas, message: `is more than maxReplicas, ${maxReplicas}`, fix: 'raise maxReplicas or lower minReplicas.' };
    }
    if (idleReplicas !== undefined && idleReplicas !== 0) {
      yield { at: '/spec/idleReplicaCount', value: idleReplicas, message: 'is no number of idle pods that KEDA supports', allowed: '0', fix: 'set idleReplicas: 0, or leave it out.' };
    }
  },
};

/** Integers of the schema, with the words of the program for them. */
const INTEGERS: { field: string[]; what: string }[] = [
  { field: ['minReplicaCount'], what: 'pods' },
  { field: ['maxReplicaCount'], what: 'pods' },
  { field: ['idleReplicaCount'], what: 'pods' },
  { field: ['pollingInterval'], what: 'seconds' },
  { field: ['cooldownPeriod'], what: 'seconds' },
  { field: ['initialCooldownPeriod'], what: 'seconds' },
  { field: ['fallback', 'failureThreshold'], what: 'failures' },
  { field: ['fallback', 'replicas'], what: 'pods' },
  { field: ['advanced', 'horizontalPodAutoscalerConfig', 'behavior', 'scaleUp', 'stabilizationWindowSeconds'], what: 'seconds' },
  { field: ['advanced', 'horizontalPodAutoscalerConfig', 'behavior', 'scaleDown', 'stabilizationWindowSeconds'], what: 'seconds' },
];

const WHOLE_NUMBERS: ClusterRule = {
  code: 'KSV1543',
  title: 'A number of a ScaledObject is not whole',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'KEDA CRD: counts and seconds are int32',
  explanation: 'The API server refuses fractions of pods and of seconds.',
  * check(manifest) {
    for (const { field, what } of INTEGERS) {
      const value = known(fieldAt(manifest, field));
      if (value !== undefined && !Number.isInteger(value)) {
        yield { at: `/spec/${field.join('/')}`, value, message: 'is not a whole number', allowed: `whole ${what}`, fix: `round it, to ${Math.ceil(value)} for one.` };
      }
    }
  },
};

function fieldAt({ spec }: Manifest, path: string[]): unknown {
  return path.reduce<any>((parent, field) => parent?.[field], spec);
}

const RESOURCES = ['cpu', 'memory'];
const NOT_CACHED = [...RESOURCES, 'cron'];

const TRIGGERS: ClusterRule = {
  code: 'KSV1545',
  title: 'KEDA refuses the triggers of a ScaledObject',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'KEDA scaletriggers_types.go ValidateTriggers; scaledobject_webhook.go verifyCPUMemoryScalers; scaledobject_types.go CheckFallbackValid',
  explanation: 'Names of triggers must differ; some triggers cannot be cached; CPU and memory alone can neither go to zero nor have a fallback.',
  * check(manifest) {
    const { spec } = manifest;
    const triggers: any[] = Array.isArray(spec.triggers) ? spec.triggers : [];
    const names = triggers.map(({ name }) => name);
    for (const [i, { type, name, useCachedMetrics }] of triggers.entries()) {
      if (name !== undefined && !Deferred.is(name) && names.indexOf(name) < i) {
        yield { at: `/spec/triggers/${i}/name`, value: name, message: 'is the name of another trigger as well', fix: 'give each trigger a name of its own, or none.' };
      }
      if (useCachedMetrics === true && NOT_CACHED.includes(type)) {
        yield { at: `/spec/triggers/${i}/useCachedMetrics`, value: true, message: `is not supported for ${type}`, fix: 'leave it out.' };
      }
    }
    const onlyResources = triggers.length > 0 && triggers.every(({ type }) => RESOURCES.includes(type));
    if (onlyResources && (spec.minReplicaCount ?? 0) === 0) {
      yield { at: '/spec/minReplicaCount', value: 0, message: 'cannot be where CPU and memory are all that KEDA looks at', fix: 'add a trigger that works without pods, or set minReplicas: 1.' };
    }
    if (onlyResources && spec.fallback !== undefined) {
      yield { at: '/spec/fallback', message: 'needs a trigger other than CPU and memory', fix: 'add such a trigger, or leave fallback out.' };
    }
  },
};

const KEDA_ABSENT: ClusterRule = {
  code: 'KSV1544',
  title: 'Nobody reads a ScaledObject',
  severity: 'error',
  origin: 'controller',
  bites: 'create',
  mirrors: 'the API server knows no kind ScaledObject without KEDA\'s CRDs',
  explanation: 'Without KEDA the cluster refuses the object, and the component keeps the number of pods that it starts with.',
  * check(_, { target: { components, cluster } }) {
    if (components.keda === false) {
      yield {
        at: '/spec/triggers',
        message: `need KEDA, which cluster '${cluster}' does not have`,
        fix: 'use Scaling.cpu or Scaling.memory; or install KEDA and say so: ServingTarget.attach(…, { components: { keda: true } }).',
      };
    }
  },
};

/** Rules for ScaledObjects of ours. */
export const SCALED_OBJECT_RULES: ClusterRule[] = [NO_TRIGGERS, REPLICA_BOUNDS, WHOLE_NUMBERS, KEDA_ABSENT, TRIGGERS];
