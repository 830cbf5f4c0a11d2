import { parseQuantity } from '../../core/quantity';
import { Fields } from '../../core/fields';
import { ManifestViolation } from '../../diagnostics/rule';
import { KEYS } from '../../release/keys';
import { ClusterRule } from '../../target/rule-context';
import { known, metricsOf, missing, scaledBy } from './facts';

const NO_SCALE_METRIC: ClusterRule = {
  code: 'KSV1516',
  about: [KEYS.autoscalerClass],
  title: 'KEDA takes no scaleMetric',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateScalingKedaCompExtension',
  explanation: 'With autoscaler class keda the webhook refuses scaleMetric: KEDA\'s metrics stand in autoScaling.metrics.',
  * check(manifest, context) {
    for (const { spec, at } of scaledBy('keda', manifest, context)) {
      if (spec.scaleMetric !== undefined) {
        yield { at: `${at}/scaleMetric`, value: spec.scaleMetric, message: 'is refused beside autoscaler class keda', fix: 'use Scaling.keda with KedaMetric.cpu or KedaMetric.memory.' };
      }
    }
  },
};

const KEDA_METRIC: ClusterRule = {
  code: 'KSV1517',
  about: [KEYS.autoscalerClass],
  title: 'A metric for KEDA is incomplete or out of range',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateScalingKedaCompExtension, validateScaleTarget',
  explanation: 'CPU is a share of 1 to 100 %, memory a share or at least 1 MiB for each pod; a query needs its text and a `value`: KServe reads no other kind of target and would give KEDA the threshold 0.',
  * check(manifest, context) {
    for (const component of scaledBy('keda', manifest, context)) {
      for (const { metric, at } of metricsOf(component)) {
        yield* kedaMetricProblems(metric, at);
      }
    }
  },
};

/** What is wrong with an entry of `autoScaling.metrics` for KEDA. */
export function* kedaMetricProblems(metric: Fields, at: string): Iterable<ManifestViolation> {
  const field = SOURCES[metric.type];
  if (field === undefined) {
    return; // the schema's business
  }
  const source = metric[field];
  if (missing(source)) {
    yield { at, message: `is of type ${metric.type} without \`${field}\``, fix: `give it \`${field}\`; KedaMetric does.` };
  } else if (metric.type === 'Resource') {
    yield* resourceProblems(source, `${at}/${field}`);
  } else {
    yield* queryProblems(source, `${at}/${field}`);
  }
}

const SOURCES: { [type: string]: string | undefined } = { Resource: 'resource', External: 'external', PodMetric: 'podmetric' };
const MEBIBYTE = 2 ** 20;

function* resourceProblems({ name, target = {} }: Fields, at: string): Iterable<ManifestViolation> {
  const { type, averageUtilization, averageValue } = target;
  const allowed = name === 'cpu' ? ['Utilization'] : ['Utilization', 'AverageValue'];
  if (!allowed.includes(type)) {
    yield { at: `${at}/target/type`, value: type, message: `is no target for ${name}`, allowed: allowed.join(', '), fix: `use KedaMetric.${name === 'memory' ? 'memory' : 'cpu'}.` };
  } else if (type === 'Utilization') {
    const value = known(averageUtilization);
    if (missing(averageUtilization) || (value !== undefined && (value < 1 || value > 100))) {
      yield {
        at: missing(averageUtilization) ? `${at}/target` : `${at}/target/averageUtilization`,
        value: averageUtilization,
        message: missing(averageUtilization) ? 'says no share of what the pods request' : 'is not a percentage that the webhook accepts',
        allowed: '1 to 100',
        fix: 'give targetUtilization a percentage of what the pods request.',
      };
    }
  } else if (missing(averageValue)) {
    yield { at: `${at}/target`, message: 'says no amount of memory', fix: 'give targetAverage, at least Size.mebibytes(1).' };
  } else if ((parseQuantity(averageValue) ?? MEBIBYTE) < MEBIBYTE) {
    yield { at: `${at}/target/averageValue`, value: averageValue, message: 'is less memory than the webhook accepts', allowed: '1Mi or more', fix: 'give targetAverage, at least Size.mebibytes(1).' };
  }
}

/** The number that the webhook asks for with a type of target. */
const NUMBERS: { [type: string]: string | undefined } = { Utilization: 'averageUtilization', AverageValue: 'averageValue' };

function* queryProblems({ metric = {}, target = {}, authenticationRef }: Fields, at: string): Iterable<ManifestViolation> {
  if (missing(metric.query)) {
    yield { at: metric.query === undefined ? `${at}/metric` : `${at}/metric/query`, message: 'has no query', fix: 'give the query whose result is compared with the threshold.' };
  }
  const ownKind = target[NUMBERS[target.type] ?? 'value'];
  if (missing(target.value)) {
    yield { at: `${at}/target`, message: 'has no `value`, and KServe reads no other kind of target for a query', allowed: 'type Value with value', fix: 'give the threshold; KedaMetric writes it as a value.' };
  } else if (missing(ownKind)) {
    yield { at: `${at}/target/type`, value: target.type, message: 'is refused without a number of its kind, and KServe reads `value` only', allowed: 'Value', fix: 'give the threshold as type Value; KedaMetric does.' };
  } else if ((parseQuantity(target.value) ?? 1) <= 0) {
    yield { at: `${at}/target/value`, value: target.value, message: 'is no share that a pod could get', allowed: 'more than 0', fix: 'give the threshold: how much of the result one pod should get.' };
  }
  if (authenticationRef !== undefined && missing(authenticationRef?.authenticationRef?.name)) {
    yield { at: `${at}/authenticationRef`, message: 'names no TriggerAuthentication', fix: 'name a TriggerAuthentication of the service\'s namespace, or leave authentication out.' };
  }
}

const NO_METRICS: ClusterRule = {
  code: 'KSV1518',
  about: [KEYS.autoscalerClass],
  title: 'KEDA has nothing to scale on',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'keda_reconciler.go getKedaMetrics: triggers come from autoScaling.metrics only',
  explanation: 'Without autoScaling.metrics KServe makes a ScaledObject without triggers, which KEDA does not accept.',
  * check(manifest, context) {
    for (const component of scaledBy('keda', manifest, context)) {
      if (metricsOf(component).length === 0) {
        const empty = component.spec.autoScaling?.metrics !== undefined;
        yield {
          at: empty ? `${component.at}/autoScaling/metrics` : component.at,
          message: empty ? 'is empty, so KEDA has nothing to scale on' : 'has autoscaler class keda and no metrics',
          fix: 'give Scaling.keda at least one of KedaMetric.cpu, memory, prometheus, graphite or podMetric.',
        };
      }
    }
  },
};

const KEDA_ABSENT: ClusterRule = {
  code: 'KSV1519',
  about: [KEYS.autoscalerClass],
  title: 'The cluster does not have KEDA',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'controller.go SetupWithManager: ScaledObjects are watched only where their CRD exists; autoscaler_reconciler.go',
  explanation: 'Without KEDA nobody reads ScaledObjects, and the number of pods never changes. Metrics of pods also need the OpenTelemetry operator.',
  * check(manifest, context) {
    const { components, cluster } = context.target;
    for (const component of scaledBy('keda', manifest, context)) {
      if (components.keda === false) {
        yield {
          at: component.spec.autoScaling === undefined ? component.at : `${component.at}/autoScaling`,
          message: `needs KEDA, which cluster '${cluster}' does not have`,
          fix: 'use Scaling.cpu or Scaling.memory; or install KEDA and say so: ServingTarget.attach(…, { components: { keda: true } }).',
        };
      }
      for (const { metric, at } of components.openTelemetryOperator === false ? metricsOf(component) : []) {
        if (metric.type === 'PodMetric' && metric.podmetric?.metric?.metricNames?.length > 0) {
          yield {
            at: `${at}/podmetric/metric/metricNames`,
            message: `needs the OpenTelemetry operator, which cluster '${cluster}' does not have`,
            fix: 'install it and say so: ServingTarget.attach(…, { components: { openTelemetryOperator: true } }); or use KedaMetric.prometheus.',
          };
        }
      }
    }
  },
};

export const KEDA_RULES: ClusterRule[] = [NO_SCALE_METRIC, KEDA_METRIC, NO_METRICS, KEDA_ABSENT];
