import { caused } from '../../core/cause';
import { defined } from '../../core/fields';
import type { ValueProblem } from '../../model/problem';
import { KEYS } from '../../release/keys';
import { DeploymentMode } from '../../target';
import type { KedaTriggersScalingOptions } from './keda-options';
import type { ReplicaLimits } from './options';

/** A value of the autoscalerClass annotation. */
export type AutoscalerClass = 'hpa' | 'keda' | 'external' | 'none';

/** Fields of a component, their causes relative to `scaling`. */
export type ScalingFields = { [field: string]: any };

/** Annotations of a component, their causes relative to `scaling`. */
export type Annotations = { [key: string]: string };

/** How one way of scaling is written into an InferenceService. */
export interface ScalingPlan {
  readonly problems?: ValueProblem[];
  /** What makes a ScaledObject of ours beside the service. */
  readonly scaledObject?: KedaTriggersScalingOptions;
  autoscalerClass(mode: DeploymentMode): AutoscalerClass | undefined;
  fields(mode: DeploymentMode): ScalingFields;
  annotations?(mode: DeploymentMode): Annotations;
}

/** The replica fields of a component. */
export function replicaFields({ minReplicas, maxReplicas }: ReplicaLimits): ScalingFields {
  return defined({
    minReplicas: caused('minReplicas', minReplicas),
    maxReplicas: caused('maxReplicas', maxReplicas),
  });
}

/** The autoscaler of Standard mode; Knative has its own. */
export function inStandardMode(autoscalerClass: AutoscalerClass): ScalingPlan['autoscalerClass'] {
  return (mode) => mode === DeploymentMode.STANDARD ? autoscalerClass : undefined;
}

/** Asks for an autoscaler that Knative mode does not have, so that a rule refuses it. */
export function inKnativeMode(autoscalerClass: AutoscalerClass): (mode: DeploymentMode) => Annotations {
  return (mode): Annotations => mode === DeploymentMode.KNATIVE ? { [KEYS.autoscalerClass]: autoscalerClass } : {};
}
