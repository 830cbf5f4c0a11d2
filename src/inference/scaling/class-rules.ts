import { pointerStep } from '../../core/cause';
import { Deferred } from '../../core/deferred';
import { annotationPointer, Manifest } from '../../core/manifest';
import { ManifestViolation } from '../../diagnostics/rule';
import { KEYS } from '../../release/keys';
import { DeploymentMode } from '../../target';
import { Neighbour, Neighbours } from '../../target/neighbours';
import { ClusterRule } from '../../target/rule-context';
import { namesOfManifest } from '../names-facts';
import { annotationsNamed, annotationsOf, metricsOf, ScaledComponent, scaledComponents } from './facts';
import { hpaMetricProblems } from './hpa-rules';
import { kedaMetricProblems } from './keda-rules';

const AUTOSCALER_CLASS: ClusterRule = {
  code: 'KSV1531',
  about: [KEYS.autoscalerClass],
  title: 'The autoscaler class is unknown',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateInferenceServiceAutoscaler; autoscaler_reconciler.go createAutoscaler',
  explanation: 'The webhook refuses any other class on the service; on a component the controller stops at it. Knative\'s `kpa` is none of them: it has an annotation of its own and is the default in Knative mode.',
  * check(manifest, { target: { release } }) {
    const allowed = release._data.autoscalerClasses;
    for (const { value, at } of annotationsNamed(manifest, KEYS.autoscalerClass).filter((one) => !allowed.includes(one.value))) {
      yield {
        at,
        value,
        message: 'is no autoscaler class of KServe',
        allowed: allowed.join(', '),
        fix: 'remove the annotation and use the prop scaling: it writes the class that the mode needs.',
      };
    }
  },
};

const UNKNOWN_VALUE: ClusterRule = {
  code: 'KSV1532',
  about: ['scaleMetric', 'scaleMetricType', 'metrics'],
  title: 'A scaling field has a value that the schema does not know',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD: enums of scaleMetric, scaleMetricType, autoScaling.metrics[].type, backend, name, target.type',
  explanation: 'The API server refuses the value. `qps`, for one, is called rps.',
  * check(manifest, context) {
    const { release } = context.target;
    for (const component of scaledComponents(manifest, context)) {
      const { spec, at } = component;
      const values: EnumField[] = [
        { value: spec.scaleMetric, at: `${at}/scaleMetric`, allowed: release._data.scaleMetrics },
        { value: spec.scaleMetricType, at: `${at}/scaleMetricType`, allowed: TARGET_TYPES },
        ...metricsOf(component).flatMap(({ metric, at: metricAt }) => metricEnums(metric, metricAt)),
      ];
      for (const { value, at: pointer, allowed } of values) {
        if (value !== undefined && !Deferred.is(value) && !allowed.includes(value as string)) {
          yield { at: pointer, value, message: 'is not known here', allowed: allowed.join(', '), fix: 'use one of these; Scaling and KedaMetric write them.' };
        }
      }
    }
  },
};

interface EnumField { readonly value: unknown; readonly at: string; readonly allowed: readonly string[] }

const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];

function metricEnums({ type, resource, external, podmetric }: { [field: string]: any }, at: string): EnumField[] {
  return [
    { value: type, at: `${at}/type`, allowed: ['Resource', 'External', 'PodMetric'] },
    { value: resource?.name, at: `${at}/resource/name`, allowed: ['cpu', 'memory'] },
    { value: external?.metric?.backend, at: `${at}/external/metric/backend`, allowed: ['prometheus', 'graphite'] },
    { value: podmetric?.metric?.backend, at: `${at}/podmetric/metric/backend`, allowed: ['opentelemetry'] },
    { value: resource?.target?.type, at: `${at}/resource/target/type`, allowed: TARGET_TYPES },
    { value: external?.target?.type, at: `${at}/external/target/type`, allowed: TARGET_TYPES },
    { value: podmetric?.target?.type, at: `${at}/podmetric/target/type`, allowed: TARGET_TYPES },
  ];
}

/** Annotations that are declared or dropped, but not read, with what to use instead. */
const DEAD_ANNOTATIONS = new Map<string, string>([
  ['serving.kserve.io/targetUtilizationPercentage', 'use Scaling.cpu({ targetUtilization: … }).'],
  ['serving.kserve.io/metrics', 'use Scaling.cpu or Scaling.memory.'],
  [KEYS.knativeMinScale, 'give the scaling a minReplicas.'],
  [KEYS.knativeMaxScale, 'give the scaling a maxReplicas.'],
]);

const DEAD_SETTING: ClusterRule = {
  code: 'KSV1533',
  title: 'A scaling setting is read by nobody',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'hpa_reconciler.go, keda_reconciler.go, knative SetAutoScalingAnnotations: what they do not read',
  explanation: 'The cluster accepts the setting and does nothing with it: scaleMetricType and two annotations in every release, others beside an autoscaler that takes its settings from elsewhere.',
  * check(manifest, context) {
    for (const { key, value, at } of annotationsOf(manifest)) {
      const fix = DEAD_ANNOTATIONS.get(key);
      if (fix !== undefined) {
        yield { at, value, message: 'is an annotation that KServe does not read', fix };
      }
    }
    for (const component of scaledComponents(manifest, context)) {
      const { spec, at } = component;
      if (spec.scaleMetricType !== undefined) {
        yield { at: `${at}/scaleMetricType`, value: spec.scaleMetricType, message: 'is a field that no release of KServe reads', fix: 'leave it out.' };
      }
      const dead = deadFields(component);
      for (const field of dead?.fields.filter((one) => spec[one] !== undefined) ?? []) {
        yield { at: `${at}/${field}`, value: spec[field], message: dead!.message, fix: dead!.fix };
      }
    }
  },
};

interface DeadFields { readonly fields: string[]; readonly message: string; readonly fix: string }

/** What an autoscaler of Standard mode does not read. */
const DEAD_FIELDS: { [autoscaler: string]: DeadFields | undefined } = {
  keda: { fields: ['scaleTarget'], message: 'is not read by KEDA', fix: 'give each KedaMetric its target.' },
  none: {
    fields: ['maxReplicas', 'scaleMetric', 'scaleTarget', 'autoScaling'],
    message: 'is not read: autoscaler class none keeps the number of pods',
    fix: 'leave it out, or use another Scaling.',
  },
  external: {
    fields: ['scaleMetric', 'scaleTarget', 'autoScaling'],
    message: 'is not read: autoscaler class external leaves scaling to others',
    fix: 'leave it out, or use another Scaling.',
  },
};

const BESIDE_METRICS: DeadFields = { fields: ['scaleMetric', 'scaleTarget'], message: 'is not read beside autoScaling', fix: 'keep one of the two.' };

function deadFields({ mode, autoscaler, spec }: ScaledComponent): DeadFields | undefined {
  if (mode === DeploymentMode.KNATIVE || autoscaler === undefined) {
    return undefined;
  }
  return autoscaler === 'hpa' && spec.autoScaling !== undefined ? BESIDE_METRICS : DEAD_FIELDS[autoscaler];
}

const MIXED_CLASSES: ClusterRule = {
  code: 'KSV1534',
  about: [KEYS.autoscalerClass],
  title: 'A component is judged by another component\'s autoscaler',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateAutoScalingCompExtension: annotations of the service only',
  explanation: 'The webhook takes the autoscaler class from the service\'s annotation for every component, even for one whose own annotation names another, and refuses what that class does not know.',
  * check(manifest, context) {
    const service = manifest.metadata.annotations?.[KEYS.autoscalerClass];
    for (const component of scaledComponents(manifest, context)) {
      const own = component.spec.annotations?.[KEYS.autoscalerClass];
      if (component.mode === DeploymentMode.STANDARD && own !== undefined && own !== service && refusedAs(service, component)) {
        yield {
          at: `${component.at}/annotations${pointerStep(KEYS.autoscalerClass)}`,
          value: own,
          message: `differs from the service's class, ${service}, whose rules the webhook applies to this component`,
          fix: 'put a class on each component and none on the service.',
        };
      }
    }
  },
};

function refusedAs(autoscaler: string | undefined, component: ScaledComponent): boolean {
  const { spec } = component;
  const refused = (problems: (metric: object, at: string) => Iterable<ManifestViolation>) =>
    metricsOf(component).some(({ metric, at }) => [...problems(metric, at)].length > 0);
  switch (autoscaler) {
    case 'hpa':
      return ['concurrency', 'rps'].includes(spec.scaleMetric) || refused(hpaMetricProblems);
    case 'keda':
      return spec.scaleMetric !== undefined || refused(kedaMetricProblems);
    default:
      return false;
  }
}

const TWO_AUTOSCALERS: ClusterRule = {
  code: 'KSV1535',
  individual: true,
  title: 'Two autoscalers scale one component',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'autoscaler_reconciler.go createAutoscaler; KEDA\'s webhook: the workload is already managed by an hpa',
  explanation: 'KServe makes an autoscaler for every component unless its class is external. KEDA refuses a ScaledObject for a Deployment that has one, and where both exist Kubernetes lets neither scale (AmbiguousSelector).',
  * check(manifest, context) {
    const others = scalersAmong(context.neighbours);
    for (const component of others.size === 0 ? [] : scaledComponents(manifest, context)) {
      const made = MADE[component.mode === DeploymentMode.STANDARD ? component.autoscaler ?? '' : ''];
      const other = made === undefined ? undefined : others.get(`${context.namespace ?? ''}/${namesOfManifest(manifest, context)[component.name]}`);
      if (other !== undefined) {
        const annotated = manifest.metadata.annotations?.[KEYS.autoscalerClass];
        yield {
          at: annotated === undefined ? component.at : annotationPointer(KEYS.autoscalerClass),
          message: `leaves the ${component.name} to ${made}, and ${other.object.kind} '${other.path}' scales it as well`,
          fix: 'use Scaling.external(), or remove the other autoscaler.',
        };
      }
    }
  },
};

const MADE: { [autoscalerClass: string]: string | undefined } = {
  hpa: 'a HorizontalPodAutoscaler of KServe',
  keda: 'a ScaledObject of KServe',
  none: 'KServe, which keeps the number of pods as it is',
};

const scalers = new WeakMap<Neighbours, Map<string, Neighbour>>();

/** The autoscalers of this program, by namespace and name of the Deployment that they scale. */
function scalersAmong(neighbours: Neighbours): Map<string, Neighbour> {
  let byTarget = scalers.get(neighbours);
  if (byTarget === undefined) {
    byTarget = new Map();
    for (const scaler of [...neighbours.ofKind('ScaledObject'), ...neighbours.ofKind('HorizontalPodAutoscaler')]) {
      byTarget.set(`${scaler.namespace ?? ''}/${targetOf(scaler.manifest)}`, scaler);
    }
    scalers.set(neighbours, byTarget);
  }
  return byTarget;
}

function targetOf(scaler: Manifest): string {
  return `${scaler.spec?.scaleTargetRef?.name}`;
}

export const CLASS_RULES: ClusterRule[] = [AUTOSCALER_CLASS, UNKNOWN_VALUE, DEAD_SETTING, MIXED_CLASSES, TWO_AUTOSCALERS];
