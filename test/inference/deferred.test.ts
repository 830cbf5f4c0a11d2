import { App, Chart, Duration, Yaml } from 'cdk8s';
import { Cpu, EnvValue, ServiceAccount } from 'cdk8s-plus-28';
import {
  Batcher, ClusterServingRuntime, DeploymentMode, Explainer, InferenceLogger, InferenceProtocol, InferenceService, InferenceServiceProps, KedaMetric,
  KedaTrigger, KServeRelease, ModelFormat, ModelSource, Placement, Predictor, S3Credentials, Scaling, ServingTarget, Transformer, Transport,
} from '../../src';
import { Deferred } from '../../src/core/deferred';
import { rendered } from '../support/manifests';
import { diagnose } from '../support/accepted';

/** Every call gives a value of its own, typed as whatever prop it stands for. */
let made: Deferred[] = [];
const later = (name: string): any => {
  const value = new Deferred(name);
  made.push(value);
  return value;
};

const container = () => ({
  command: [later('command')],
  args: [later('arg'), `--host=${later('embedded')}`],
  env: { THREADS: EnvValue.fromValue(later('env')) },
  resources: { cpu: { limit: Cpu.units(later('cpu')), request: Cpu.units(later('cpuRequest')) }, gpu: { count: later('gpu') }, extended: { 'acme.com/npu': later('npu') } },
  ports: [{ containerPort: later('containerPort'), name: later('portName') }],
  readinessProbe: { httpGet: { path: later('probePath'), port: later('probePort') } },
  volumeMounts: [{ name: later('mountName'), mountPath: later('mountPath') }],
  securityContext: { runAsUser: later('uid') },
  override: { workingDir: later('workingDir') },
});

const common = () => ({
  containerConcurrency: later('containerConcurrency'),
  timeout: Duration.seconds(30),
  logger: InferenceLogger.all({ url: later('loggerUrl'), metadataHeaders: [later('header')], batchSize: later('logBatch'), storage: { path: later('logPath'), key: later('logKey') } }),
  batcher: Batcher.of({ maxBatchSize: later('maxBatchSize') }),
  labels: { team: later('label') },
  annotations: { note: later('annotation') },
  placement: Placement.of({ nodeSelector: { pool: later('pool') } }),
  podSpec: { priorityClassName: later('priority'), containers: [{ name: 'metrics', image: later('sidecar') }] },
});

const PROGRAMS: { [title: string]: (chart: Chart) => InferenceServiceProps } = {
  'a model': () => ({
    annotations: { note: later('serviceAnnotation') },
    labels: { team: later('serviceLabel') },
    nodeGroup: later('nodeGroup'),
    storageInitializerUid: later('initializerUid'),
    gkeAccelerator: later('accelerator'),
    predictor: Predictor.fromModel({
      ...container(),
      ...common(),
      format: ModelFormat.of(later('format'), later('formatVersion')),
      source: ModelSource.s3(later('uri'), { credentials: S3Credentials.irsa(later('role')) }),
      runtimeVersion: later('runtimeVersion'),
      image: later('image'),
      storageContainerName: later('storageContainer'),
      confidential: { resourceId: later('resourceId') },
      scaling: Scaling.cpu({ targetUtilization: later('cpuTarget'), minReplicas: later('min'), maxReplicas: later('max') }),
    }),
  }),
  'a model of a known format, with a named runtime': (chart) => ({
    predictor: Predictor.fromModel({
      format: ModelFormat.SKLEARN,
      runtime: ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'Runtime', later('runtime')),
      source: ModelSource.storageKey(later('storageKey'), { path: later('storagePath') }),
      transport: Transport.GRPC,
    }),
  }),
  'several sources': () => ({
    predictor: Predictor.fromModel({
      format: ModelFormat.SKLEARN,
      sources: [{ source: ModelSource.huggingFace(later('owner'), { revision: later('revision') }), mountPath: later('path') }, { source: ModelSource.oci(later('oci')), mountPath: '/mnt/b' }],
    }),
  }),
  'a container in Knative mode': () => ({
    deploymentMode: DeploymentMode.KNATIVE,
    predictor: Predictor.fromContainer({
      ...container(),
      ...common(),
      image: later('image'),
      port: later('port'),
      source: ModelSource.uri(later('uri')),
      scaling: Scaling.concurrency({ target: later('target'), minReplicas: later('min'), maxReplicas: later('max'), initialScale: later('initial'), targetUtilizationPercentage: later('utilization') }),
    }),
  }),
  'workers': () => ({
    gpuResourceTypes: [later('gpuType')],
    predictor: Predictor.fromWorkers({
      format: ModelFormat.HUGGINGFACE,
      source: ModelSource.pvcNamed(later('claim'), { path: later('claimPath') }),
      workers: { ...container(), image: later('workerImage'), pipelineParallelSize: later('pp'), tensorParallelSize: later('tp') },
    }),
  }),
  'a transformer and an explainer': (chart) => ({
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, protocol: InferenceProtocol.V2 }),
    transformer: Transformer.fromContainer({ ...container(), ...common(), image: later('image'), port: later('port'), serviceAccount: new ServiceAccount(chart, 'Account', { metadata: { name: later('account') } }) }),
    explainer: Explainer.art({ ...container(), type: later('type'), runtimeVersion: later('artVersion'), config: { a: later('config') } }),
  }),
  'a collocated transformer': () => ({
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN }),
    transformer: Transformer.collocated({ ...container(), image: later('image'), predictorPort: later('predictorPort') }),
  }),
  'KEDA': () => ({
    predictor: Predictor.fromContainer({
      image: 'a:1',
      scaling: Scaling.keda({
        minReplicas: later('min'),
        maxReplicas: later('max'),
        metrics: [KedaMetric.prometheus({ serverAddress: later('server'), query: later('query'), threshold: later('threshold'), namespace: later('ns') }), KedaMetric.cpu({ targetUtilization: later('cpu') })],
      }),
    }),
    explainer: Explainer.fromContainer({ image: later('image') }),
  }),
  'KEDA triggers': () => ({
    predictor: Predictor.fromContainer({
      image: 'a:1',
      scaling: Scaling.kedaTriggers({ minReplicas: later('min'), maxReplicas: later('max'), triggers: [KedaTrigger.of(later('type'), { metadata: { lag: later('lag') } })] }),
    }),
  }),
  'a deferred name': () => ({ name: later('name'), namespace: later('namespace'), predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.s3('s3://a/b/', { credentials: S3Credentials.irsa(later('role')) }) }) }),
};

describe.each(Object.entries(PROGRAMS))('%s', (_, program) => {
  test.each(['Standard', 'Knative'])('has every deferred value whole in its output, on a %s target', (mode) => {
    made = [];
    const app = new App({ resolvers: [Deferred.resolver] });
    ServingTarget.attach(app, { release: KServeRelease.V0_19, deploymentMode: mode as DeploymentMode });
    const chart = new Chart(app, 'models', { namespace: 'models' });
    const service = new InferenceService(chart, 'service', program(chart));
    const objects = service.node.findAll().concat(chart.node.findAll()).filter((construct) => 'toJson' in construct && 'kind' in construct);

    const yaml = Yaml.stringify(...objects.map((object) => rendered(object)));

    expect(made.map(String).filter((marker) => !yaml.includes(marker))).toEqual([]);
    expect(yaml).not.toContain('NaN');
    expect([service.url, service.internalUrl, service.predictor.explainRuntime()].join()).not.toContain('[object');
  });

  test('is judged without looking into deferred values', () => {
    const app = new App({ resolvers: [Deferred.resolver] });
    ServingTarget.attach(app, { release: KServeRelease.V0_19 });
    const chart = new Chart(app, 'models', { namespace: 'models' });
    new InferenceService(chart, 'service', program(chart));

    const findings = diagnose(app);

    expect(findings.filter(({ message }) => /⟦|NaN/.test(message))).toEqual([]);
  });
});
