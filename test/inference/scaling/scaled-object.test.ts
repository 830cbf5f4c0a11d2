import { ApiObject, Duration } from 'cdk8s';
import { DeploymentMode, KedaFallbackBehavior, KedaTrigger, KedaTriggersScalingOptions, Predictor, Scaling, ScalingPolicy, ScalingPolicySelect } from '../../../src';
import { expectAccepted, itWithCrds } from '../../support/crds';
import { find, synth } from '../../support/manifests';
import { IRIS, serviceOf } from '../support';

const CRON = KedaTrigger.cron({ timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: 3 });

const EVERYTHING: KedaTriggersScalingOptions = {
  minReplicas: 1,
  maxReplicas: 8,
  idleReplicas: 0,
  pollingInterval: Duration.seconds(10),
  cooldownPeriod: Duration.minutes(10),
  initialCooldownPeriod: Duration.minutes(1),
  fallback: { failureThreshold: 3, replicas: 2, behavior: KedaFallbackBehavior.CURRENT_REPLICAS_IF_HIGHER },
  envSourceContainerName: 'kserve-container',
  behavior: {
    scaleUp: { stabilizationWindow: Duration.seconds(30), tolerance: 0.05 },
    scaleDown: {
      selectPolicy: ScalingPolicySelect.MIN,
      policies: [ScalingPolicy.pods(1, Duration.minutes(1)), ScalingPolicy.percent(10, Duration.minutes(1))],
    },
  },
  triggers: [CRON, KedaTrigger.of('rabbitmq', { metadata: { queueName: 'flowers' } })],
};

function scaled(props: KedaTriggersScalingOptions, deploymentMode = DeploymentMode.STANDARD) {
  return serviceOf({ deploymentMode, predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.kedaTriggers(props) }) });
}

test('stands beside the service, is called like its Deployment and scales it', () => {
  const { chart, manifest } = scaled({ triggers: [CRON] });

  expect(find(synth(chart), 'ScaledObject')).toEqual({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'iris-predictor', namespace: 'models' },
    spec: {
      scaleTargetRef: { name: 'iris-predictor' },
      minReplicaCount: 1,
      triggers: [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '3' } }],
    },
  });
  expect(manifest().metadata.annotations['serving.kserve.io/autoscalerClass']).toBe('external');
});

test('is not made for other ways of scaling', () => {
  const { chart } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.external() }) });

  expect(synth(chart).map(({ kind }) => kind)).toEqual(['InferenceService']);
});

test('has every option of KEDA', () => {
  expect(find(synth(scaled(EVERYTHING).chart), 'ScaledObject').spec).toMatchObject({
    scaleTargetRef: { name: 'iris-predictor', envSourceContainerName: 'kserve-container' },
    pollingInterval: 10,
    cooldownPeriod: 600,
    initialCooldownPeriod: 60,
    idleReplicaCount: 0,
    minReplicaCount: 1,
    maxReplicaCount: 8,
    fallback: { failureThreshold: 3, replicas: 2, behavior: 'currentReplicasIfHigher' },
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 30, tolerance: '0.05' },
          scaleDown: {
            selectPolicy: 'Min',
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 },
              { type: 'Percent', value: 10, periodSeconds: 60 }],
          },
        },
      },
    },
  });
});

itWithCrds('is accepted by KEDA\'s schema', () => {
  expectAccepted([find(synth(scaled(EVERYTHING).chart), 'ScaledObject')], '0.20.0');
});

test('the object can be reached for what no option says', () => {
  const { chart, service } = scaled({ triggers: [CRON] });
  ApiObject.of(service.node.findChild('PredictorScaledObject')).metadata.addAnnotation('autoscaling.keda.sh/paused', 'true');

  expect(find(synth(chart), 'ScaledObject').metadata.annotations).toEqual({ 'autoscaling.keda.sh/paused': 'true' });
});

test('has no findings, and neither has its service', () => {
  expect(scaled(EVERYTHING).codes()).toEqual([]);
});
