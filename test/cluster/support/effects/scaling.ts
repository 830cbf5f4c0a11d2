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
    'ComponentOptions.scaling': /autoscaling\.knative\.dev/,
    'RequestScalingOptions.target': /autoscaling\.knative\.dev\/target = 5/,
    'ReplicaLimits.minReplicas': /min-scale = 2/,
    'ReplicaLimits.maxReplicas': /max-scale = 9/,
  }),
  scaling('concurrency', Scaling.concurrency({ targetUtilizationPercentage: 61 }), { 'RequestScalingOptions.targetUtilizationPercentage': /target-utilization-percentage = 61/ }),
  scaling('concurrency', Scaling.concurrency({ initialScale: 3 }), { 'RequestScalingOptions.initialScale': /initial-scale = 3/ }),
  scaling('concurrency', Scaling.concurrency({ activationScale: 4 }), { 'RequestScalingOptions.activationScale': /activation-scale = 4/ }),
  scaling('rps', Scaling.rps({ target: 51, window: Duration.seconds(62), scaleDownDelay: Duration.seconds(63), podRetention: Duration.seconds(64) }), {
    'RequestScalingOptions.window': /window = (62s|1m2s)/,
    'RequestScalingOptions.scaleDownDelay': /scale-down-delay = (63s|1m3s)/,
    'RequestScalingOptions.podRetention': /scale-to-zero-pod-retention-period = (64s|1m4s)/,
  }),
  scaling('rps', Scaling.rps({ panicWindowPercentage: 12, panicThresholdPercentage: 345, targetBurstCapacity: 67, metricAggregation: MetricAggregation.WEIGHTED_EXPONENTIAL }), {
    'RequestScalingOptions.panicWindowPercentage': /panic-window-percentage = 12/,
    'RequestScalingOptions.panicThresholdPercentage': /panic-threshold-percentage = 345/,
    'RequestScalingOptions.targetBurstCapacity': /target-burst-capacity = 67/,
    'RequestScalingOptions.metricAggregation': /metric-aggregation-algorithm = weighted-exponential/,
  }),
  scaling('cpu', Scaling.cpu({ minReplicas: 2, maxReplicas: 5, targetUtilization: 61 }), {
    'ReplicaLimits.minReplicas': /(minReplicas|min-scale) = 2/,
    'ReplicaLimits.maxReplicas': /(maxReplicas|max-scale) = 5/,
    'CpuScalingOptions.targetUtilization': /(averageUtilization|target) = 61/,
  }, 'knative'),
  scaling('memory', Scaling.memory({ maxReplicas: 5, targetUtilization: 62 }), { 'MemoryScalingOptions.targetUtilization': /averageUtilization = 62/ }, 'knative'),
  scaling('memory', Scaling.memory({ maxReplicas: 5, targetAverage: Size.mebibytes(3000) }), { 'MemoryScalingOptions.targetAverage': /3000/ }, 'knative'),
  scaling('cpu', Scaling.cpu({ maxReplicas: 2, scaleMetricType: MetricTargetType.UTILIZATION }), { 'MetricScalingOptions.scaleMetricType': /scaleMetricType/ }, 'knative'),
  scaling('external', Scaling.external({ minReplicas: 2 }), { 'ComponentOptions.scaling': /HorizontalPodAutoscaler.*= gone/ }),
  scaling('keda', Scaling.keda({
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [KedaMetric.cpu({ targetUtilization: 63 }), KedaMetric.memory({ targetAverage: Size.mebibytes(3001) })],
    behavior: { scaleUp: RULES(71), scaleDown: RULES(72) },
  }), {
    'ReplicaLimits.minReplicas': /minReplicaCount = 2/,
    'ReplicaLimits.maxReplicas': /maxReplicaCount = 6/,
    'KedaScalingOptions.metrics': /ScaledObject.*type = cpu/,
    'KedaCpuOptions.targetUtilization': /= 63$/,
    'KedaMemoryOptions.targetAverage': /= 3001Mi$/,
    'KedaScalingOptions.behavior': /stabilizationWindowSeconds/,
    'ScalingBehavior.scaleUp': /scaleUp\.stabilizationWindowSeconds = 71/,
    'ScalingBehavior.scaleDown': /scaleDown\.stabilizationWindowSeconds = 72/,
    'ScalingRules.stabilizationWindow': /stabilizationWindowSeconds = 71/,
  }),
  ...[
    { 'ScalingRules.policies': { policies: [ScalingPolicy.pods(3, Duration.seconds(31))] }, 'shown': /periodSeconds = 31/ },
    { 'ScalingRules.selectPolicy': { selectPolicy: ScalingPolicySelect.MIN }, 'shown': /selectPolicy = Min/ },
    { 'ScalingRules.tolerance': { tolerance: 0.3 }, 'shown': /tolerance/ },
  ].map(({ shown, ...one }) => scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu()], behavior: { scaleUp: Object.values(one)[0] as object } }), { [Object.keys(one)[0]]: shown })),
  scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.memory({ targetUtilization: 64 })] }), { 'KedaMemoryOptions.targetUtilization': /= 64$/ }),
  scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.prometheus({ ...QUERY, namespace: 'given-namespace', authentication: { name: 'given-authentication', modes: [MetricAuthMode.BEARER] } })] }), {
    'KedaQueryOptions.serverAddress': /metrics\.example\.com/,
    'KedaQueryOptions.query': /given-query/,
    'KedaQueryOptions.threshold': /threshold = 37/,
    'KedaPrometheusOptions.namespace': /given-namespace/,
    'KedaQueryOptions.authentication': /authenticationRef\.name = given-authentication/,
    'KedaMetricAuthentication.name': /authenticationRef\.name = given-authentication/,
    'KedaMetricAuthentication.modes': /authModes = bearer/,
  }),
  scaling('keda', Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.podMetric({ ...QUERY, serverAddress: 'otel.example.com:4318', operationOverTime: OperationOverTime.AVG })] }), {
    'KedaPodMetricOptions.query': /given-query/,
    'KedaPodMetricOptions.threshold': /targetValue = 37/,
    'KedaPodMetricOptions.serverAddress': /otel\.example\.com:4318/,
    'KedaPodMetricOptions.operationOverTime': /= avg/,
  }),
  scaling('kedaTriggers', Scaling.kedaTriggers({ triggers: [KedaTrigger.cron({ timezone: 'Europe/Berlin', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: 2 })] }), {
    'KedaTriggersScalingOptions.triggers': /HorizontalPodAutoscaler.*= gone/,
  }),
];
