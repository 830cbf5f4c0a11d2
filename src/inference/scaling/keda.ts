import type { KedaScalingOptions, KedaTriggersScalingOptions } from './keda-options';
import { renderBehavior } from './behavior-rendering';
import { inKnativeMode, inStandardMode, replicaFields, ScalingPlan } from './plan';
import { caused } from '../../core/cause';

/** KEDA through KServe. */
export function kedaScaling(props: KedaScalingOptions): ScalingPlan {
  const { behavior } = props;
  const metrics = [...props.metrics];
  return {
    autoscalerClass: inStandardMode('keda'),
    annotations: inKnativeMode('keda'),
    fields: () => ({
      ...replicaFields(props),
      autoScaling: {
        metrics: caused('metrics', metrics.map((metric, i) => caused(`[${i}]`, metric._render()))),
        ...behavior && { behavior: caused('behavior', renderBehavior(behavior)) },
      },
    }),
  };
}

/** KEDA beside KServe: KServe keeps its hands off, and a ScaledObject of ours scales. */
export function kedaTriggersScaling(props: KedaTriggersScalingOptions): ScalingPlan {
  return {
    autoscalerClass: inStandardMode('external'),
    annotations: inKnativeMode('external'),
    fields: () => ({}),
    scaledObject: { ...props, triggers: [...props.triggers] },
  };
}
