import { PercentOrAbsolute } from 'cdk8s-plus-28';
import { DeploymentStrategy, Predictor } from '../../src';
import { expectAccepted, itWithCrds } from '../support/crds';
import { IRIS, serviceOf } from './support';

const rolling = DeploymentStrategy.rollingUpdate({ maxSurge: PercentOrAbsolute.absolute(0), maxUnavailable: PercentOrAbsolute.percent(50) });

test('a rolling update says how many pods more and fewer', () => {
  expect(rolling._render()).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '50%' } });
  expect(DeploymentStrategy.rollingUpdate()._render()).toEqual({ type: 'RollingUpdate', rollingUpdate: {} });
});

test('recreate takes all pods away first', () => {
  expect(DeploymentStrategy.recreate()._render()).toEqual({ type: 'Recreate' });
});

itWithCrds('both are accepted by every release', () => {
  for (const deploymentStrategy of [rolling, DeploymentStrategy.recreate()]) {
    const { manifest, codes } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, deploymentStrategy }) });

    expect(codes()).toEqual([]);
    ['0.16.0', '0.20.0'].forEach((release) => expectAccepted([manifest()], release));
  }
});
