import { PercentOrAbsolute } from 'cdk8s-plus-28';
import { DeploymentMode, PodDisruptionBudgetOptions, Predictor, Scaling } from '../../src';
import { find, synth } from '../support/manifests';
import { IRIS, serviceOf } from './support';

const { absolute } = PercentOrAbsolute;

function budgeted(podDisruptionBudget: PodDisruptionBudgetOptions, minReplicas?: number, deploymentMode = DeploymentMode.STANDARD) {
  const scaling = minReplicas === undefined ? undefined : Scaling.fixed(minReplicas);
  return serviceOf({ deploymentMode, predictor: Predictor.fromModel({ ...IRIS, podDisruptionBudget, scaling }) });
}

test.each([DeploymentMode.STANDARD, DeploymentMode.KNATIVE])('selects the pods of one component in %s mode', (mode) => {
  expect(find(synth(budgeted({ maxUnavailable: absolute(1) }, undefined, mode).chart), 'PodDisruptionBudget')).toEqual({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'iris-predictor', namespace: 'models' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'serving.kserve.io/inferenceservice': 'iris', 'component': 'predictor' } } },
  });
});

test('is not made unless it is asked for', () => {
  expect(synth(serviceOf().chart).map(({ kind }) => kind)).toEqual(['InferenceService']);
});
