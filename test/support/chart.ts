import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget, ServingTargetProps } from '../../src';
import { Deferred } from '../../src/core/deferred';

/** A chart of namespace `models` on a KServe 0.20 target. */
export function chartOn(target: ServingTargetProps = {}): Chart {
  const app = new App({ resolvers: [Deferred.resolver] });
  ServingTarget.attach(app, { release: KServeRelease.V0_20, ...target });
  return new Chart(app, 'models', { namespace: 'models' });
}
