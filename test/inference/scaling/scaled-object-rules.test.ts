import { Duration } from 'cdk8s';
import { DeploymentMode, Diagnostics, KedaTrigger, KedaTriggersScalingOptions, Predictor, Scaling } from '../../../src';
import { Deferred } from '../../../src/core/deferred';
import { IRIS, serviceOf } from '../support';

const CRON = KedaTrigger.cron({ timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: 3 });

function scaled(props: KedaTriggersScalingOptions, deploymentMode = DeploymentMode.STANDARD) {
  return serviceOf({ deploymentMode, predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.kedaTriggers(props) }) });
}

test('in Knative mode the service has a finding that names the mode that can', () => {
  const { chart } = scaled({ triggers: [CRON] }, DeploymentMode.KNATIVE);

  const [finding] = Diagnostics.of(chart).errors();
  expect([finding.code, finding.prop]).toEqual(['KSV1522', 'predictor.scaling']);
  expect(finding.fix).toContain('DeploymentMode.STANDARD');
});

test.each<[string, Partial<KedaTriggersScalingOptions>, string]>([
  ['KSV1541', { triggers: [] }, 'predictor.scaling.triggers'],
  ['KSV1542', { minReplicas: -1 }, 'predictor.scaling.minReplicas'],
  ['KSV1542', { minReplicas: 101 }, 'predictor.scaling.minReplicas'],
  ['KSV1542', { minReplicas: 5, maxReplicas: 4 }, 'predictor.scaling.minReplicas'],
  ['KSV1542', { minReplicas: 3, idleReplicas: 1 }, 'predictor.scaling.idleReplicas'],
  ['KSV1545', {
    triggers: [CRON, KedaTrigger.of('kafka', { metadata: {}, name: 'a' }), KedaTrigger.of('redis',
      { metadata: {}, name: 'a' })],
  }, 'predictor.scaling.triggers[2].name'],
  ['KSV1545', { triggers: [KedaTrigger.of('cron', { metadata: {}, useCachedMetrics: true })] }, 'predictor.scaling.triggers[0].useCachedMetrics'],
  ['KSV1545', { minReplicas: 0, triggers: [KedaTrigger.of('cpu', { metadata: { value: '60' } })] }, 'predictor.scaling.minReplicas'],
  ['KSV1545', { triggers: [KedaTrigger.of('memory', { metadata: {} })], fallback: { failureThreshold: 1, replicas: 1 } }, 'predictor.scaling.fallback'],
  ['KSV1543', { cooldownPeriod: Duration.millis(1500) }, 'predictor.scaling.cooldownPeriod'],
  ['KSV1543', { fallback: { failureThreshold: 1.5, replicas: 1 } }, 'predictor.scaling.fallback.failureThreshold'],
  ['KSV1543', { behavior: { scaleUp: { stabilizationWindow: Duration.millis(10) } } }, 'predictor.scaling.behavior.scaleUp.stabilizationWindow'],
])('%s is found for %p at %s', (code, props, prop) => {
  const findings = Diagnostics.of(scaled({ triggers: [CRON], ...props }).chart).errors();

  expect(findings.map((finding) => [finding.code, finding.prop])).toEqual([[code, prop]]);
});

test.each<Partial<KedaTriggersScalingOptions>>([
  { minReplicas: 0 },
  { minReplicas: 100 },
  { minReplicas: 1, idleReplicas: 0 },
  { minReplicas: 0, idleReplicas: 0 },
  { minReplicas: 0, triggers: [CRON, KedaTrigger.of('cpu', { metadata: { value: '60' } })] },
  { triggers: [KedaTrigger.of('kafka', { metadata: {}, name: 'a', useCachedMetrics: true }), KedaTrigger.of('kafka', { metadata: {}, name: 'b' })] },
  { minReplicas: 4, maxReplicas: 4 },
  { minReplicas: new Deferred('min') as unknown as number, maxReplicas: 1 },
  { minReplicas: 5, maxReplicas: new Deferred('max') as unknown as number },
])('nothing is found for %p', (props) => {
  expect(scaled({ triggers: [CRON], ...props }).codes()).toEqual([]);
});

test('a cluster without KEDA is an error', () => {
  const { codes } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.kedaTriggers({ triggers: [CRON] }) }) },
    { components: { keda: false } });

  expect(codes()).toEqual(['KSV1544']);
});
