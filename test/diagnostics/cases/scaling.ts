import { RuleCase } from '.';
import { LOGGING_CASES } from './logging';

/** A model; `props` are further lines of the predictor, `service` of the service. */
const model = (props: string, service = '') => `
new InferenceService(chart, 'iris', {${service}
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
    ${props}
  }),
});
`;

const KNATIVE = `
  deploymentMode: DeploymentMode.KNATIVE,`;
const knative = (props: string) => model(props, KNATIVE);

/** A model whose manifest is changed by hand. */
const patched = (props: string, ...patches: [path: string, value: string][]) => `
const iris = new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),${props === '' ? '' : `
    ${props}`}
  }),
});
ApiObject.of(iris).addJsonPatch(${patches.map(([path, value]) => `
  JsonPatch.add('${path}', ${value}),`).join('')}
);
`;

const onTarget = (target: string, rest: string) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20, ${target} });
const chart = new Chart(app, 'models', { namespace: 'models' });
${rest.trim()}
`;

const QUEUE = 'KedaMetric.prometheus({ serverAddress: \'http://prometheus.monitoring.svc:9090\', query: \'sum(rate(istio_requests_total[1m]))\', threshold: 5 })';
const KAFKA = 'KedaTrigger.kafka({ bootstrapServers: [\'kafka.kafka.svc:9092\'], consumerGroup: \'iris\', topic: \'flowers\' })';
const AUTOSCALER_CLASS = '/metadata/annotations/serving.kserve.io~1autoscalerClass';

export const SCALING_CASES: { [code: string]: RuleCase } = {
  KSV1501: {
    wrong: knative('scaling: Scaling.concurrency({ minReplicas: 5, maxReplicas: 2 }),'),
    right: knative('scaling: Scaling.concurrency({ minReplicas: 2, maxReplicas: 5 }),'),
  },
  KSV1502: {
    wrong: knative('scaling: Scaling.concurrency({ target: 0.5, maxReplicas: 5 }),'),
    right: knative('scaling: Scaling.concurrency({ target: 1, maxReplicas: 5 }),'),
  },
  KSV1503: {
    wrong: knative('containerConcurrency: -1,'),
    right: knative('containerConcurrency: 1,'),
  },
  KSV1504: {
    wrong: model('containerConcurrency: 1,'),
    right: knative('containerConcurrency: 1,'),
  },
  KSV1505: {
    wrong: model('scaling: Scaling.cpu({ minReplicas: 0, maxReplicas: 5 }),'),
    right: knative('scaling: Scaling.concurrency({ minReplicas: 0, maxReplicas: 5 }),'),
  },
  KSV1506: {
    wrong: model(`scaling: Scaling.keda({
      minReplicas: 0,
      maxReplicas: 5,
      metrics: [KedaMetric.podMetric({ query: 'vllm:num_requests_running', threshold: 4 })],
    }),`),
    right: model(`scaling: Scaling.keda({
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [KedaMetric.podMetric({ query: 'vllm:num_requests_running', threshold: 4 })],
    }),`),
  },
  KSV1507: {
    wrong: model('scaling: Scaling.cpu({ targetUtilization: 60 }),'),
    right: model('scaling: Scaling.cpu({ targetUtilization: 60, maxReplicas: 5 }),'),
  },
  KSV1511: {
    wrong: model('scaling: Scaling.concurrency({ target: 10, maxReplicas: 5 }),'),
    right: knative('scaling: Scaling.concurrency({ target: 10, maxReplicas: 5 }),'),
  },
  KSV1512: {
    wrong: model('scaling: Scaling.memory({ targetUtilization: 150, maxReplicas: 5 }),'),
    right: model('scaling: Scaling.memory({ targetAverage: Size.gibibytes(3), maxReplicas: 5 }),'),
  },
  KSV1513: {
    wrong: patched('scaling: Scaling.cpu({ maxReplicas: 5 }),', ['/spec/predictor/autoScaling', `{
    metrics: [{ type: 'External', external: { metric: { backend: 'prometheus', query: 'requests' }, target: { type: 'Value', value: '5' } } }],
  }`]),
    right: model(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}] }),`),
  },
  KSV1514: {
    wrong: model('scaling: Scaling.memory({ maxReplicas: 5 }),'),
    right: model('scaling: Scaling.memory({ targetUtilization: 75, maxReplicas: 5 }),'),
  },
  KSV1515: {
    wrong: model(`scaling: Scaling.keda({
      maxReplicas: 5,
      metrics: [${QUEUE}],
      behavior: { scaleDown: { policies: [ScalingPolicy.pods(1, Duration.minutes(1))] } },
    }),`),
    right: model(`scaling: Scaling.keda({
      maxReplicas: 5,
      metrics: [${QUEUE}],
      behavior: { scaleDown: { stabilizationWindow: Duration.minutes(10) } },
    }),`),
  },
  KSV1516: {
    wrong: patched(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}] }),`, ['/spec/predictor/scaleMetric', '\'cpu\'']),
    right: model(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}, KedaMetric.cpu()] }),`),
  },
  KSV1517: {
    wrong: model('scaling: Scaling.keda({ maxReplicas: 5, metrics: [KedaMetric.cpu({ targetUtilization: 0 })] }),'),
    right: model('scaling: Scaling.keda({ maxReplicas: 5, metrics: [KedaMetric.cpu({ targetUtilization: 60 })] }),'),
  },
  KSV1518: {
    wrong: model('scaling: Scaling.keda({ maxReplicas: 5, metrics: [] }),'),
    right: model('scaling: Scaling.keda({ maxReplicas: 5, metrics: [KedaMetric.cpu()] }),'),
  },
  KSV1519: {
    wrong: onTarget('components: { keda: false }', model('scaling: Scaling.keda({ maxReplicas: 5, metrics: [KedaMetric.cpu()] }),')),
    right: onTarget('components: { keda: true }', model('scaling: Scaling.keda({ maxReplicas: 5, metrics: [KedaMetric.cpu()] }),')),
  },
  KSV1521: {
    wrong: knative('scaling: Scaling.rps({ target: 0, maxReplicas: 5 }),'),
    right: knative('scaling: Scaling.rps({ target: 50, maxReplicas: 5 }),'),
  },
  KSV1522: {
    wrong: knative(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}] }),`),
    right: model(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}] }),`),
  },
  KSV1523: {
    wrong: onTarget('allowZeroInitialScale: false', knative('scaling: Scaling.concurrency({ minReplicas: 0, initialScale: 0 }),')),
    right: onTarget('allowZeroInitialScale: true', knative('scaling: Scaling.concurrency({ minReplicas: 0, initialScale: 0 }),')),
  },
  KSV1524: {
    wrong: knative('scaling: Scaling.concurrency({ window: Duration.seconds(5) }),'),
    right: knative('scaling: Scaling.concurrency({ window: Duration.seconds(30) }),'),
  },
  KSV1525: {
    wrong: model('annotations: { \'autoscaling.knative.dev/window\': \'30s\' },'),
    right: knative('annotations: { \'autoscaling.knative.dev/window\': \'30s\' },'),
  },
  KSV1526: {
    wrong: model('scaling: Scaling.fixed(0),'),
    right: model('scaling: Scaling.fixed(1),'),
  },
  KSV1531: {
    wrong: model('', `
  annotations: { 'serving.kserve.io/autoscalerClass': 'kpa' },`),
    right: model('', `
  annotations: { 'serving.kserve.io/autoscalerClass': 'hpa' },`),
  },
  KSV1532: {
    wrong: patched('', ['/spec/predictor/scaleMetric', '\'qps\'']),
    right: knative('scaling: Scaling.rps({ target: 50 }),'),
  },
  KSV1533: {
    wrong: model('scaling: Scaling.cpu({ targetUtilization: 60, maxReplicas: 5, scaleMetricType: MetricTargetType.UTILIZATION }),'),
    right: model('scaling: Scaling.cpu({ targetUtilization: 60, maxReplicas: 5 }),'),
  },
  KSV1534: {
    wrong: patched(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}] }),`,
      [AUTOSCALER_CLASS, '\'hpa\''],
      ['/spec/predictor/annotations', '{ \'serving.kserve.io/autoscalerClass\': \'keda\' }']),
    right: model(`scaling: Scaling.keda({ maxReplicas: 5, metrics: [${QUEUE}] }),`),
  },
  KSV1535: {
    wrong: `${model('scaling: Scaling.cpu({ maxReplicas: 5 }),').trimEnd()}
new ApiObject(chart, 'Scaler', {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  spec: { scaleTargetRef: { name: 'iris-predictor' }, triggers: [{ type: 'cron', metadata: {} }] },
});
`,
    right: `${model('scaling: Scaling.external(),').trimEnd()}
new ApiObject(chart, 'Scaler', {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  spec: { scaleTargetRef: { name: 'iris-predictor' }, triggers: [{ type: 'cron', metadata: {} }] },
});
`,
  },
  KSV1541: {
    wrong: model('scaling: Scaling.kedaTriggers({ maxReplicas: 5, triggers: [] }),'),
    right: model(`scaling: Scaling.kedaTriggers({ maxReplicas: 5, triggers: [${KAFKA}] }),`),
  },
  KSV1542: {
    wrong: model(`scaling: Scaling.kedaTriggers({ minReplicas: 5, maxReplicas: 2, triggers: [${KAFKA}] }),`),
    right: model(`scaling: Scaling.kedaTriggers({ minReplicas: 2, maxReplicas: 5, triggers: [${KAFKA}] }),`),
  },
  KSV1543: {
    wrong: model(`scaling: Scaling.kedaTriggers({ maxReplicas: 5, pollingInterval: Duration.millis(500), triggers: [${KAFKA}] }),`),
    right: model(`scaling: Scaling.kedaTriggers({ maxReplicas: 5, pollingInterval: Duration.seconds(10), triggers: [${KAFKA}] }),`),
  },
  KSV1544: {
    wrong: onTarget('components: { keda: false }', model(`scaling: Scaling.kedaTriggers({ maxReplicas: 5, triggers: [${KAFKA}] }),`)),
    right: onTarget('components: { keda: true }', model(`scaling: Scaling.kedaTriggers({ maxReplicas: 5, triggers: [${KAFKA}] }),`)),
  },
  KSV1545: {
    wrong: model(`scaling: Scaling.kedaTriggers({
      minReplicas: 0,
      maxReplicas: 5,
      triggers: [KedaTrigger.of('memory', { metadata: { value: '60' }, metricType: MetricTargetType.UTILIZATION })],
    }),`),
    right: model(`scaling: Scaling.kedaTriggers({
      minReplicas: 0,
      maxReplicas: 5,
      triggers: [${KAFKA}, KedaTrigger.of('memory', { metadata: { value: '60' }, metricType: MetricTargetType.UTILIZATION })],
    }),`),
  },
  KSV1551: {
    wrong: model('podDisruptionBudget: { minAvailable: kplus.PercentOrAbsolute.absolute(1), maxUnavailable: kplus.PercentOrAbsolute.absolute(1) },'),
    right: model('podDisruptionBudget: { maxUnavailable: kplus.PercentOrAbsolute.absolute(1) },'),
  },
  KSV1552: {
    wrong: model('podDisruptionBudget: { minAvailable: kplus.PercentOrAbsolute.absolute(1) },'),
    right: model(`podDisruptionBudget: { minAvailable: kplus.PercentOrAbsolute.absolute(1) },
    scaling: Scaling.cpu({ minReplicas: 2, maxReplicas: 5 }),`),
  },
  ...LOGGING_CASES,
};
