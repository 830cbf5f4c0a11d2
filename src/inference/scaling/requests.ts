import type { Duration } from 'cdk8s';
import { inStandardMode, replicaFields, ScalingPlan } from './plan';
import type { RequestScalingOptions } from './options';
import { caused } from '../../core/cause';
import { defined } from '../../core/fields';
import { KEYS } from '../../release/keys';

const ANNOTATIONS: [prop: keyof RequestScalingOptions, key: string][] = [
  ['targetUtilizationPercentage', KEYS.knativeTargetUtilization],
  ['initialScale', KEYS.knativeInitialScale],
  ['activationScale', KEYS.knativeActivationScale],
  ['window', KEYS.knativeWindow],
  ['scaleDownDelay', KEYS.knativeScaleDownDelay],
  ['podRetention', KEYS.knativePodRetention],
  ['panicWindowPercentage', KEYS.knativePanicWindow],
  ['panicThresholdPercentage', KEYS.knativePanicThreshold],
  ['targetBurstCapacity', KEYS.knativeTargetBurstCapacity],
  ['metricAggregation', 'autoscaling.knative.dev/metric-aggregation-algorithm'],
];

/** Scaling on what the requests are: Knative's own autoscaler. */
export function requestScaling(metric: 'concurrency' | 'rps', props: RequestScalingOptions): ScalingPlan {
  return {
    autoscalerClass: inStandardMode('hpa'),
    fields: () => ({
      ...replicaFields(props),
      ...defined({
        scaleMetric: metric,
        scaleTarget: caused('target', props.target),
        scaleMetricType: caused('scaleMetricType', props.scaleMetricType),
      }),
    }),
    annotations: () => Object.fromEntries(ANNOTATIONS
      .filter(([prop]) => props[prop] !== undefined)
      .map(([prop, key]) => [key, caused(prop, textOf(props[prop]!))])),
  };
}

function textOf(value: Duration | number | string): string {
  return isDuration(value) ? `${value.toSeconds({ integral: false })}s` : `${value}`;
}

/** By shape: several copies of cdk8s may be loaded. */
function isDuration(value: Duration | number | string): value is Duration {
  return typeof value === 'object' && 'toSeconds' in value;
}
