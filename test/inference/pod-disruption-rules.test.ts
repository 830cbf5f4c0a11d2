import { PercentOrAbsolute } from 'cdk8s-plus-28';
import { DeploymentMode, PodDisruptionBudgetOptions, Predictor, Scaling } from '../../src';
import { IRIS, serviceOf } from './support';
import { diagnose } from '../support/accepted';

const { absolute, percent } = PercentOrAbsolute;

function budgeted(podDisruptionBudget: PodDisruptionBudgetOptions, minReplicas?: number, deploymentMode = DeploymentMode.STANDARD) {
  const scaling = minReplicas === undefined ? undefined : Scaling.fixed(minReplicas);
  return serviceOf({ deploymentMode, predictor: Predictor.fromModel({ ...IRIS, podDisruptionBudget, scaling }) });
}

test.each<[PodDisruptionBudgetOptions, number | undefined, string[]]>([
  [{ maxUnavailable: absolute(1) }, undefined, []],
  [{ maxUnavailable: percent(25) }, undefined, []],
  [{ minAvailable: percent(50) }, undefined, []],
  [{ minAvailable: absolute(1) }, 2, []],
  [{ minAvailable: absolute(0) }, 1, []],
  [{ minAvailable: absolute(1) }, undefined, ['KSV1552 predictor.podDisruptionBudget.minAvailable']],
  [{ minAvailable: absolute(2) }, 2, ['KSV1552 predictor.podDisruptionBudget.minAvailable']],
  [{ minAvailable: percent(100) }, 5, ['KSV1552 predictor.podDisruptionBudget.minAvailable']],
  [{ maxUnavailable: absolute(0) }, 5, ['KSV1552 predictor.podDisruptionBudget.maxUnavailable']],
  [{ maxUnavailable: percent(0) }, 5, ['KSV1552 predictor.podDisruptionBudget.maxUnavailable']],
  [{ minAvailable: absolute(1), maxUnavailable: absolute(1) }, 1, ['KSV1551 predictor.podDisruptionBudget.maxUnavailable']],
])('%p with %p pods: %p', (budget, minReplicas, found) => {
  expect(diagnose(budgeted(budget, minReplicas).chart).map(({ code, prop }) => `${code} ${prop}`)).toEqual(found);
});

test('a budget without a limit protects nothing', () => {
  expect(budgeted({}).codes()).toEqual(['KSV1551']);
});
