import type { Duration } from 'cdk8s';
import type { ScalingBehavior, ScalingRules } from './behavior';
import { caused } from '../../core/cause';
import { defined } from '../../core/fields';

/** The behavior of a HorizontalPodAutoscaler. */
export function renderBehavior({ scaleUp, scaleDown }: ScalingBehavior): object {
  return defined({
    scaleUp: scaleUp && caused('scaleUp', renderRules(scaleUp)),
    scaleDown: scaleDown && caused('scaleDown', renderRules(scaleDown)),
  });
}

/** Whole or not: what is not whole is a finding. */
export function seconds(duration: Duration | undefined): number | undefined {
  return duration?.toSeconds({ integral: false });
}

function renderRules(rules: ScalingRules): object {
  return defined({
    stabilizationWindowSeconds: caused('stabilizationWindow', seconds(rules.stabilizationWindow)),
    policies: caused('policies', rules.policies?.map((policy, i) => caused(`[${i}]`, policy._render()))),
    selectPolicy: caused('selectPolicy', rules.selectPolicy),
    tolerance: caused('tolerance', rules.tolerance === undefined ? undefined : `${rules.tolerance}`),
  });
}
