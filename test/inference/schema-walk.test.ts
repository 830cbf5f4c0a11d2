import { ApiObject, Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, PercentOrAbsolute, ServiceAccount } from 'cdk8s-plus-28';
import {
  Batcher, ClusterServingRuntime, DeploymentMode, DeploymentStrategy, Explainer, InferenceLogger, InferenceProtocol, InferenceService,
  InferenceServiceProps, KedaMetric, LogFormat, MetricAuthMode, MetricTargetType, ModelFormat, ModelSource, OperationOverTime, Predictor, Scaling,
  ScalingPolicy, ScalingPolicySelect, Transformer,
} from '../../src';
import { causeOf } from '../../src/core/cause';
import { causesOf, manifestOf } from '../../src/core/manifest';
import { describeWithCrds, schemaPaths } from '../support/crds';
import { IRIS } from './support';
import { chartOn } from '../support/chart';

/** Fields that rollouts write, not services. */
const OF_ROLLOUTS = [/^canary(\[\]|$)/, /\.canaryTrafficPercent$/, /^predictor\.name$/];

/** The older spelling of a model, which the webhook rewrites to `model`. */
const OLDER_SPELLING = /^predictor\.(sklearn|xgboost|tensorflow|pytorch|triton|onnx|huggingface|pmml|lightgbm|paddle)(\.|$)/;

/** Fields without a prop on purpose. */
const WITHOUT_PROP = [
  /^(predictor\.model|explainer\.art)\.name$/, // the webhook refuses it
  /^predictor\.workerSpec\.ephemeralContainers$/, // Kubernetes refuses it in a new pod
  // each kind of metric has one target that KServe reads, and only that is offered
  /\.(external|podmetric)\.target\.(averageUtilization|averageValue)$/,
  /\.resource\.target\.value$/,
];

const ALL = [...OF_ROLLOUTS, OLDER_SPELLING, ...WITHOUT_PROP];

const paths = () => schemaPaths('InferenceService', '0.20.0', { stopAtPod: true }).filter((path) => !ALL.some((pattern) => pattern.test(path)));

/** Services that together set every prop of every component. */
function services(): InferenceServiceProps[] {
  const chart = chartOn();
  const account = new ServiceAccount(chart, 'Account');
  const policy = {
    stabilizationWindow: Duration.seconds(60),
    policies: [ScalingPolicy.pods(1, Duration.seconds(30))],
    selectPolicy: ScalingPolicySelect.MAX,
    tolerance: 0.1,
  };
  const keda = Scaling.keda({
    minReplicas: 0,
    maxReplicas: 3,
    behavior: { scaleUp: policy, scaleDown: policy },
    metrics: [
      KedaMetric.cpu({ targetUtilization: 60 }),
      KedaMetric.memory({ targetAverage: Size.gibibytes(1) }),
      KedaMetric.prometheus({ serverAddress: 'http://p:9090', query: 'q', threshold: 2, namespace: 'n', authentication: { name: 'a', modes: [MetricAuthMode.BEARER] } }),
      KedaMetric.podMetric({ query: 'q', threshold: 2, metricNames: ['m'], serverAddress: 's', operationOverTime: OperationOverTime.AVG }),
    ],
  });
  const common = {
    timeout: Duration.seconds(30),
    containerConcurrency: 4,
    logger: InferenceLogger.all({
      url: 's3://logs',
      metadataHeaders: ['h'],
      metadataAnnotations: ['a'],
      marshallerUrl: 'http://localhost',
      batchSize: 2,
      batchInterval: Duration.seconds(1),
      storage: { path: '/logs', key: 'k', format: LogFormat.CSV, parameters: { x: 'y' }, serviceAccount: account },
    }),
    batcher: Batcher.of({ maxBatchSize: 8, maxLatency: Duration.millis(100), timeout: 5 }),
    labels: { a: 'b' },
    annotations: { a: 'b' },
    deploymentStrategy: DeploymentStrategy.rollingUpdate({ maxSurge: PercentOrAbsolute.absolute(1), maxUnavailable: PercentOrAbsolute.percent(10) }),
    serviceAccount: account,
  };
  const several = [{ source: ModelSource.gcs('gs://a/b'), mountPath: '/mnt/models/b' }];
  const cpu = Scaling.cpu({ targetUtilization: 60, minReplicas: 1, maxReplicas: 3, scaleMetricType: MetricTargetType.UTILIZATION });
  const anyPod = Object.fromEntries(podFields('predictor').map((field) => [field, field === 'containers' ? [] : `any ${field}`]));
  const anyContainer = Object.fromEntries(podFields('predictor.model').map((field) => [field, LISTS.includes(field) ? [{ name: 'x' }] : `any ${field}`]));
  const storage = ModelSource.storageKey('k', { path: 'p', parameters: { type: 's3' }, schemaPath: 's' });
  return [
    {
      deploymentMode: DeploymentMode.STANDARD,
      predictor: Predictor.fromWorkers({
        ...IRIS,
        ...common,
        scaling: keda,
        format: ModelFormat.of('sklearn', '1'),
        protocol: InferenceProtocol.V2,
        runtimeVersion: 'v',
        image: 'i',
        storageContainerName: 'c',
        confidential: { resourceId: 'kbs:///a/b/c' },
        runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'Runtime', 'r'),
        podSpec: anyPod,
        override: anyContainer,
        workers: { pipelineParallelSize: 2, tensorParallelSize: 2, podSpec: anyPod },
      }),
      transformer: Transformer.fromContainer({ image: 'i', ...common, scaling: keda, podSpec: anyPod, sources: several }),
      explainer: Explainer.art({ ...common, scaling: keda, podSpec: anyPod, sources: several, override: anyContainer, runtimeVersion: 'v', config: { a: 'b' }, source: storage }),
    },
    {
      predictor: Predictor.fromModel({ ...common, scaling: cpu, format: ModelFormat.SKLEARN, sources: several, args: ['a'], command: ['c'], env: { A: EnvValue.fromValue('b') }, resources: { cpu: { limit: Cpu.units(1) } } }),
      transformer: Transformer.fromContainer({ image: 'i', ...common, scaling: cpu }),
      explainer: Explainer.art({ ...common, scaling: cpu, source: ModelSource.gcs('gs://a/b') }),
    },
    {
      predictor: Predictor.fromModel({
        format: ModelFormat.SKLEARN,
        source: storage,
        scaling: Scaling.cpu({ maxReplicas: 2, scaleMetricType: MetricTargetType.UTILIZATION }),
      }),
    },
  ];
}

const LISTS = ['ports', 'env', 'envFrom', 'volumeMounts'];

const OWN_OF_COMPONENT = ['autoScaling', 'batcher', 'deploymentStrategy', 'labels', 'annotations', 'logger', 'maxReplicas', 'minReplicas', 'model', 'name',
  'scaleMetric', 'scaleMetricType', 'scaleTarget', 'storageUris', 'storageContainerName', 'timeout', 'containerConcurrency', 'canaryTrafficPercent', 'workerSpec'];
const OWN_OF_MODEL = ['confidential', 'modelFormat', 'protocolVersion', 'runtime', 'runtimeVersion', 'storage', 'storageUri', 'name'];

/** The fields right below a path that belong to Kubernetes' pod. */
function podFields(parent: string): string[] {
  return schemaPaths('InferenceService', '0.20.0', { stopAtPod: true })
    .filter((path) => path.startsWith(`${parent}.`) && !OLDER_SPELLING.test(path))
    .map((path) => path.slice(parent.length + 1))
    .filter((field) => !field.includes('.') && !OWN_OF_COMPONENT.includes(field) && !OWN_OF_MODEL.includes(field));
}

/** The paths of a manifest's spec as the schema spells them, each with the prop that caused it. */
function rendered(): Map<string, string> {
  const found = new Map<string, string>();
  services().forEach((props, i) => {
    const object = ApiObject.of(new InferenceService(chartOn(), `service-${i}`, props));
    const causes = causesOf(object);
    const walk = (value: any, pointer: string, path: string) => {
      if (value === undefined) {
        return;
      }
      found.set(path, causeOf(causes, pointer) ?? found.get(path) ?? '');
      if (Array.isArray(value)) {
        value.forEach((item, n) => walk(item, `${pointer}/${n}`, `${path}[]`));
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) {
          walk(item, `${pointer}/${key}`, path === '' ? key : `${path}.${key}`);
        }
      }
    };
    walk(manifestOf(object).spec, '/spec', '');
  });
  return found;
}

describeWithCrds('every own field of the CRD', () => {
  const found = rendered();
  /** Below a pod's field anything goes: the structs of `podSpec` and `override` are checked against the schema on their own. */
  const reaches = (path: string): string | undefined => found.get(path)
    ?? (path.includes('.securityContext.') ? found.get(path.slice(0, path.indexOf('.securityContext.')) + '.securityContext') : undefined);

  test('is written by a prop', () => {
    expect(paths().filter((path) => reaches(path) === undefined)).toEqual([]);
  });

  test('shows the prop that writes it', () => {
    const table = paths().map((path) => `${path} <- ${reaches(path)}`);

    expect(table.filter((row) => row.endsWith('<- '))).toEqual([]);
    expect(table.join('\n')).toMatchSnapshot();
  });
});
