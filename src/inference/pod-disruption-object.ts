import { Construct } from 'constructs';
import { caused } from '../core/cause';
import { defined, Fields } from '../core/fields';
import { ManifestObject } from '../core/manifest';
import { judgeBy } from '../target/rule-context';
import type { PodDisruptionBudgetOptions } from './pod-disruption-budget';
import { POD_DISRUPTION_RULES } from './pod-disruption-rules';

/** The pods that a budget is for. */
export interface DisruptedPods {
  /** Name of the object. */
  readonly name: string;
  readonly namespace?: string;
  /** Labels of the pods. */
  readonly labels: { readonly [key: string]: string };
}

/**
 * Makes the PodDisruptionBudget that a component asks for, if it does.
 *
 * @param prop the prop that asks for it, for messages
 */
export function addPodDisruptionBudget(
  scope: Construct, id: string, prop: string, budget: PodDisruptionBudgetOptions | undefined, pods: DisruptedPods,
): void {
  if (budget !== undefined) {
    new PodDisruptionBudget(scope, id, prop, budget, pods);
  }
}

class PodDisruptionBudget extends ManifestObject {
  constructor(
    scope: Construct, id: string,
    private readonly prop: string, private readonly budget: PodDisruptionBudgetOptions, private readonly pods: DisruptedPods,
  ) {
    super(scope, id, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: pods.name, namespace: pods.namespace });
    judgeBy(this, () => POD_DISRUPTION_RULES);
  }

  _fields(): Fields {
    const { prop, budget: { minAvailable, maxUnavailable }, pods } = this;
    return {
      spec: defined({
        minAvailable: caused(`${prop}.minAvailable`, minAvailable?.value),
        maxUnavailable: caused(`${prop}.maxUnavailable`, maxUnavailable?.value),
        selector: { matchLabels: { ...pods.labels } },
      }),
    };
  }
}
