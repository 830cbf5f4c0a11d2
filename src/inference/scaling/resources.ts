import type { Size } from 'cdk8s';
import { SizeRoundingBehavior } from 'cdk8s';
import { caused } from '../../core/cause';
import { defined } from '../../core/fields';
import { KEY_VALUES, KEYS } from '../../release/keys';
import { DeploymentMode } from '../../target';
import { inStandardMode, replicaFields, ScalingFields, ScalingPlan } from './plan';
import type { CpuScalingOptions, MemoryScalingOptions, MetricScalingOptions } from './options';

/** Scaling on CPU: a HorizontalPodAutoscaler, made by KServe or by Knative. */
export function cpuScaling(props: CpuScalingOptions): ScalingPlan {
  const { targetUtilization } = props;
  return {
    autoscalerClass: inStandardMode('hpa'),
    fields: (mode) => mode === DeploymentMode.KNATIVE ? common(props) : {
      ...common(props),
      ...metricFields('cpu', targetUtilization),
    },
    annotations: (mode) => mode === DeploymentMode.KNATIVE
      ? knativeHpa('cpu', caused('targetUtilization', targetUtilization === undefined ? undefined : `${targetUtilization}`))
      : {},
  };
}

/** Scaling on memory: a HorizontalPodAutoscaler, made by KServe or by Knative. */
export function memoryScaling(props: MemoryScalingOptions): ScalingPlan {
  const { targetAverage, targetUtilization } = props;
  return {
    autoscalerClass: inStandardMode('hpa'),
    fields: (mode) => {
      if (targetAverage === undefined) {
        return { ...common(props), ...metricFields('memory', targetUtilization) };
      }
      return mode === DeploymentMode.KNATIVE
        // a share is written as KServe's field, which is refused with it: Knative knows no share of memory
        ? { ...common(props), ...targetUtilization === undefined ? {} : metricFields('memory', targetUtilization) }
        : { ...common(props), autoScaling: { metrics: memoryMetrics(targetAverage, targetUtilization) } };
    },
    annotations: (mode) => mode === DeploymentMode.KNATIVE && targetAverage !== undefined
      ? knativeHpa('memory', caused('targetAverage', `${targetAverage.toMebibytes({ rounding: SizeRoundingBehavior.NONE })}`))
      : {},
  };
}

function common(props: MetricScalingOptions): ScalingFields {
  return { ...replicaFields(props), ...defined({ scaleMetricType: caused('scaleMetricType', props.scaleMetricType) }) };
}

function metricFields(scaleMetric: string, target: number | undefined): ScalingFields {
  return defined({ scaleMetric, scaleTarget: caused('targetUtilization', target) });
}

function memoryMetrics(average: Size, utilization: number | undefined): object[] {
  const metric = (target: object) => ({ type: 'Resource', resource: { name: 'memory', target } });
  return [
    metric({ type: 'AverageValue', averageValue: caused('targetAverage', average.asString()) }),
    ...utilization === undefined ? [] : [metric({ type: 'Utilization', averageUtilization: caused('targetUtilization', utilization) })],
  ];
}

/** As annotations, since KServe's webhook looks for the class on the service only, where it would count for all components. */
function knativeHpa(metric: string, target: string | undefined): { [key: string]: string } {
  return {
    [KEYS.knativeClass]: KEY_VALUES.knativeHpa,
    [KEYS.knativeMetric]: metric,
    ...target === undefined ? {} : { [KEYS.knativeTarget]: target },
  };
}
