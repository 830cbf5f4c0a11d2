import { Duration, Size } from 'cdk8s';
import {
  KedaMetric, KedaTrigger, MetricAggregation, MetricAuthMode, MetricTargetType, OperationOverTime, Scaling, ScalingPolicy, ScalingPolicySelect,
} from '../../../../src';
import { EffectProgram } from './program';

const QUERY = { serverAddress: 'http://metrics.example.com', query: 'given-query', threshold: 37 };

/** A scaling, and what shows it. */
const scaling = (as: string, value: Scaling, shows: EffectProgram['shows'], unreadyIn?: string): EffectProgram => ({
  shape: 'model', props: { scaling: value }, shows, as, ...unreadyIn && { unreadyIn, unready: 'the autoscaler is not on the bench' },
});

const RULES = (seconds: number) => ({ stabilizationWindow: Duration.seconds(seconds) });

/** All ways to scale a component. */
export const SCALING_PROGRAMS: EffectProgram[] = [
  scaling('concurrency', Scaling.concurrency({ target: 5, minReplicas: 2, maxReplicas: 9 }), {
    'ComponentProps.scaling': /autoscaling\.knative\.dev/,
    'RequestScalingProps.target': /autoscaling\.knative\.dev\/target = 5/,
    'ReplicaLimits.minReplicas': /min-scale = 2/,
    'ReplicaLimits.maxReplicas': /max-scale = 9/,
  }),
  scaling('concurrency', Scaling.concurrency({ targetUtilizationPercentage: 61 }), { 'RequestScalingProps.targetUtilizationPercentage': /target-utilization-percentage = 61/ }),
  scaling('concurrency', Scaling.concurrency({ initialScale: 3 }), { 'RequestScalingProps.initialScale': /initial-scale = 3/ }),
  scaling('concurrency', Scaling.concurrency({ activationScale: 4 }), { 'RequestScalingProps.activationScale': /activation-scale = 4/ }),
  scaling('rps', Scaling.rps({ target: 51, window: Duration.seconds(62), scaleDownDelay: Duration.seconds(63), podRetention: Duration.seconds(64) }), {
    'RequestScalingProps.window': /window = (62s|1m2s)/,
    'RequestScalingProps.scaleDownDelay': /scale-down-delay = (63s|1m3s)/,
    'RequestScalingProps.podRetention': /scale-to-zero-pod-retention-period = (64s|1m4s)/,
  }),
  scaling('rps', Scaling.rps({ panicWindowPercentage: 12, panicThresholdPercentage: 345, targetBurstCapacity: 67, metricAggregation: MetricAggregation.WEIGHTED_EXPONENTIAL }), {
    'RequestScalingProps.panicWindowPercentage': /panic-window-percentage = 12/,
    'RequestScalingProps.panicThresholdPercentage': /panic-threshold-percentage = 345/,
    'RequestScalingProps.targetBurstCapacity': /target-burst-capacity = 67/,
    'RequestScalingProps.metricAggregation': /metric-aggregation-algorithm = weighted-exponential/,
  }),
  scaling('cpu', Scaling.cpu({ minReplicas: 2, maxReplicas: 5, targetUtilization: 61 }), {
    'ReplicaLimits.minReplicas': /(minReplicas|min-scale) = 2/,
    'ReplicaLimits.maxReplicas': /(maxReplicas|max-scale) = 5/,
    'CpuScalingProps.targetUtilization': /(averageUtilization|target) = 61/,
  }, 'knative'),
  scaling('memory', Scaling.memory({ maxReplicas: 5, targetUtilization: 62 }), { 'MemoryScalingProps.targetUtilization': /averageUtilization = 62/ }, 'knative'),
  scaling('memory', Scaling.memory({ maxReplicas: 5, targetAverage: Size.mebibytes(3000) }), { 'MemoryScalingProps.targetAverage': /3000/ }, 'knative'),
  scaling('cpu', Scaling.cpu({ maxReplicas: 2, scaleMetricType: MetricTargetType.UTILIZATION }), { 'MetricScalingProps.scaleMetricType': /scaleMetricType/ }, 'knative'),
  scaling('external', Scaling.external({ minReplicas: 2 }), { 'ComponentProps.scaling': /HorizontalPodAutoscaler.*= gone/ }),
  scaling('keda', Scaling.keda({
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [KedaMetric.cpu({ targetUtilization: 63 }), KedaMetric.memory({ targetAverage: Size.mebibytes(3001) })],
    behavior: { scaleUp: RULES(71), scaleDown: RULES(72) },
  }), {
    'ReplicaLimits.minReplicas': /minReplicaCount = 2/,
    'ReplicaLimits.maxReplicas': /maxReplicaCount = 6/,
    'KedaScalingProps.metrics': /ScaledObject.*type = cpu/,
    'KedaCpuProps.targetUtilization': /= 63$/,
    'KedaMemoryProps.targetAverage': /= 3001Mi$/,
    'KedaScalingProps.behavior': /stabilizationWindowSeconds/,
    'ScalingBehavior.scaleUp': /scaleUp\.stabilizationWindowSeconds = 71/,
    'ScalingBehavior.scaleDown': /scaleDown\.stabilizationWindowSeconds = 72/,
    'ScalingRules.stabilizationWindow': /stabilizationWindowSeconds = 71/,
  }),
  ...[
    { 'ScalingRules.policies': { policies: [ScalingPolicy.pods(3, Duration.seconds(31))] }, 'shown': /periodSeconds = 31/ },
    { 'ScalingRules.selectPolicy': { selectPolicy: ScalingPolicySelect.MIN }, 'shown': /selectPolicy = Min/ },
    { 'ScalingRules.tolerance': { tolerance: 0.3 }, 'shown': /tolerance/ },
  ].map(({ shown, ...one }) => scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu()], behavior: { scaleUp: Object.values(one)[0] as object } }), { [Object.keys(one)[0]]: shown })),
  scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.memory({ targetUtilization: 64 })] }), { 'KedaMemoryProps.targetUtilization': /= 64$/ }),
  scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.prometheus({ ...QUERY, namespace: 'given-namespace', triggerAuthentication: 'given-authentication', authModes: [MetricAuthMode.BEARER] })] }), {
    'KedaQueryProps.serverAddress': /metrics\.example\.com/,
    'KedaQueryProps.query': /given-query/,
    'KedaQueryProps.threshold': /threshold = 37/,
    'KedaPrometheusProps.namespace': /given-namespace/,
    'KedaQueryProps.triggerAuthentication': /authenticationRef\.name = given-authentication/,
    'KedaQueryProps.authModes': /authModes = bearer/,
  }),
  scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.podMetric({ ...QUERY, serverAddress: 'otel.example.com:4318', operationOverTime: OperationOverTime.AVG })] }), {
    'KedaPodMetricProps.query': /given-query/,
    'KedaPodMetricProps.threshold': /targetValue = 37/,
    'KedaPodMetricProps.serverAddress': /otel\.example\.com:4318/,
    'KedaPodMetricProps.operationOverTime': /= avg/,
  }),
  scaling('kedaTriggers', Scaling.kedaTriggers({ triggers: [KedaTrigger.cron({ timezone: 'Europe/Berlin', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: 2 })] }), {
    'KedaTriggersScalingProps.triggers': /HorizontalPodAutoscaler.*= gone/,
  }),
];
