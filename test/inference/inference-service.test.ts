import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-28';
import {
  DeploymentMode, Explainer, InferenceService, KedaMetric, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingTarget,
  Transformer,
} from '../../src';
import { expectAccepted, itWithCrds } from '../support/crds';
import { find, synth } from '../support/manifests';
import { IRIS, serviceOf } from './support';
import { chartOn } from '../support/chart';
import { diagnose } from '../support/accepted';

test('the least use is a model and its source', () => {
  expect(serviceOf().manifest()).toEqual({
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: 'iris',
      namespace: 'models',
      annotations: { 'serving.kserve.io/deploymentMode': 'Standard' },
    },
    spec: {
      predictor: {
        model: {
          modelFormat: { name: 'sklearn' },
          storageUri: 'gs://kfserving-examples/models/sklearn/1.0/model',
        },
      },
    },
  });
});

test('the mode is always written, because webhook rules depend on it', () => {
  const { manifest } = serviceOf({ deploymentMode: DeploymentMode.KNATIVE });

  expect(manifest().metadata.annotations).toEqual({ 'serving.kserve.io/deploymentMode': 'Knative' });
});

test('the service is named by its construct id unless a name is given', () => {
  expect(serviceOf().service.name).toBe('iris');
  expect(serviceOf({ name: 'iris-v2' }).manifest().metadata.name).toBe('iris-v2');
});

test('the namespace is the service\'s own, else the chart\'s, else the target\'s', () => {
  const app = new App();
  ServingTarget.attach(app, { release: KServeRelease.V0_20, namespace: 'of-target' });
  const inChart = new InferenceService(new Chart(app, 'a', { namespace: 'of-chart' }), 'iris', { predictor: Predictor.fromModel(IRIS) });
  const inTarget = new InferenceService(new Chart(app, 'b'), 'iris', { predictor: Predictor.fromModel(IRIS) });
  const own = new InferenceService(new Chart(app, 'c', { namespace: 'of-chart' }), 'iris', { predictor: Predictor.fromModel(IRIS), namespace: 'own' });

  expect([inChart, inTarget, own].map(({ namespace }) => namespace)).toEqual(['of-chart', 'of-target', 'own']);
  expect([inChart, inTarget, own].map((service) => ApiObject.of(service).metadata.namespace)).toEqual(['of-chart', 'of-target', 'own']);
});

test('addresses follow from name, namespace, mode and target', () => {
  const standard = serviceOf({}, { domain: 'acme.org' }).service;
  const knative = serviceOf({ deploymentMode: DeploymentMode.KNATIVE }, { domain: 'acme.org' }).service;

  expect([standard.url, standard.internalUrl, standard.predictorAddress]).toEqual([
    'http://iris-models.acme.org', 'http://iris-predictor.models.svc.cluster.local', 'iris-predictor.models.svc.cluster.local',
  ]);
  expect([knative.url, knative.internalUrl]).toEqual(['http://iris.models.acme.org', 'http://iris.models.svc.cluster.local']);
});

test('names are those of the autoscaler that each component chooses', () => {
  const { service } = serviceOf({
    predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu()] }) }),
    transformer: Transformer.fromContainer({ image: 'transformer', scaling: Scaling.fixed(2) }),
    explainer: Explainer.fromContainer({ image: 'explainer' }),
  });

  expect(service.names.all().filter(({ kind }) => /Scale/.test(kind) || /Autoscaler/.test(kind)).map(({ kind, name }) => [kind, name])).toEqual([
    ['ScaledObject', 'iris-predictor'], ['HorizontalPodAutoscaler', 'iris-explainer'],
  ]);
});

test('a tag of the newest revision is among the names', () => {
  const { service } = serviceOf({ deploymentMode: DeploymentMode.KNATIVE, tagRouting: true });

  expect(service.names.all().map(({ name }) => name)).toContain('latest-iris-predictor');
});

test('without a namespace the URL is unknown and one warning says so', () => {
  const app = new App();
  ServingTarget.attach(app, { release: KServeRelease.V0_20 });
  const service = new InferenceService(new Chart(app, 'models'), 'iris', { predictor: Predictor.fromModel(IRIS) });

  expect(service.url).toBeUndefined();
  expect(service.internalUrl).toBe('http://iris-predictor');
  expect(diagnose(app).map(({ code }) => code)).toEqual(['KSV1005']);
});

test('props that KServe reads from annotations', () => {
  const { manifest } = serviceOf({
    deploymentMode: DeploymentMode.KNATIVE,
    stopped: true,
    tagRouting: true,
    rolloutDuration: Duration.minutes(2),
    prometheusScraping: true,
    metricAggregation: false,
    disableAutoUpdate: true,
    disableLocalModel: true,
    nodeGroup: 'fast',
    writableModel: true,
    storageInitializerUid: 1337,
    gpuResourceTypes: ['acme.com/npu'],
    gkeAccelerator: 'nvidia-l4',
    annotations: { team: 'fraud' },
  });

  expect(manifest().metadata.annotations).toEqual({
    'serving.kserve.io/deploymentMode': 'Knative',
    'serving.kserve.io/stop': 'true',
    'serving.kserve.io/enable-tag-routing': 'true',
    'serving.knative.dev/rollout-duration': '120s',
    'serving.kserve.io/enable-prometheus-scraping': 'true',
    'serving.kserve.io/enable-metric-aggregation': 'false',
    'serving.kserve.io/disable-auto-update': 'true',
    'serving.kserve.io/disable-localmodel': 'true',
    'serving.kserve.io/nodegroup': 'fast',
    'storage.kserve.io/readonly': 'false',
    'serving.kserve.io/storage-initializer-uid': '1337',
    'serving.kserve.io/gpu-resource-types': '["acme.com/npu"]',
    'serving.kserve.io/gke-accelerator': 'nvidia-l4',
    'team': 'fraud',
  });
});

test('a cluster-local service carries the label that its mode reads', () => {
  expect(serviceOf({ clusterLocal: true }).manifest().metadata.labels).toEqual({ 'networking.kserve.io/visibility': 'cluster-local' });
  expect(serviceOf({ clusterLocal: true, deploymentMode: DeploymentMode.KNATIVE }).manifest().metadata.labels)
    .toEqual({ 'networking.knative.dev/visibility': 'cluster-local' });
  expect(serviceOf({ clusterLocal: true }).service.url).toBeUndefined();
});

test('a service is its API object', () => {
  const { service } = serviceOf();

  expect(ApiObject.of(service)).toBe(service);
  expect(service.kind).toBe('InferenceService');
});

test('a JSON patch reaches fields that no prop has, and survives', () => {
  const { service, manifest } = serviceOf({ deploymentMode: DeploymentMode.KNATIVE });
  service.addJsonPatch(JsonPatch.add('/spec/predictor/canaryTrafficPercent', 10));

  expect(manifest().spec.predictor.canaryTrafficPercent).toBe(10);
});

test('synthesizing twice gives the same', () => {
  const { chart } = serviceOf();

  expect(synth(chart)).toEqual(synth(chart));
});

test('what is passed in is neither changed nor kept', () => {
  const args = ['--workers=2'];
  const labels = { team: 'fraud' };
  const { manifest } = serviceOf({ labels, predictor: Predictor.fromModel({ ...IRIS, args, labels }) });
  const before = JSON.stringify(manifest());
  expect(args).toEqual(['--workers=2']);
  expect(labels).toEqual({ team: 'fraud' });

  expect(JSON.stringify(manifest())).toBe(before);
});

test('values are usable in several services', () => {
  const chart = chartOn();
  const predictor = Predictor.fromModel({ ...IRIS, resources: { cpu: { limit: Cpu.units(2) }, memory: { limit: Size.gibibytes(4) } } });
  new InferenceService(chart, 'iris-a', { predictor });
  new InferenceService(chart, 'iris-b', { predictor });

  const [a, b] = synth(chart);
  expect(a.spec).toEqual(b.spec);
});

test('the runtime that KServe will choose is known, and explained', () => {
  const { service } = serviceOf();

  expect(service.predictor.runtime?.name).toBe('kserve-sklearnserver');
  expect(service.predictor.explainRuntime()).toContain('kserve-mlserver');
});

test('a format that no runtime serves by V1 gets V2 by itself', () => {
  const { manifest, service } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, format: ModelFormat.MLFLOW }) });

  expect(manifest().spec.predictor.model.protocolVersion).toBe('v2');
  expect(service.predictor.runtime?.name).toBe('kserve-mlserver');
});

test('the address is at hand for a container\'s environment', () => {
  expect(serviceOf().service.endpointEnv()).toEqual(EnvValue.fromValue('http://iris-predictor.models.svc.cluster.local'));
});

test('a service of others has its addresses too', () => {
  const chart = chartOn();
  const iris = InferenceService.fromInferenceServiceName(chart, 'Iris', 'iris');
  const other = InferenceService.fromInferenceServiceAttributes(chart, 'Other', {
    name: 'other', namespace: 'elsewhere', deploymentMode: DeploymentMode.KNATIVE, hasTransformer: true,
  });

  expect([iris.name, iris.namespace, iris.url, iris.internalUrl])
    .toEqual(['iris', 'models', 'http://iris-models.example.com', 'http://iris-predictor.models.svc.cluster.local']);
  expect(other.internalUrl).toBe('http://other.elsewhere.svc.cluster.local');
  expect(synth(chart)).toEqual([]);
});

test('credentials make one account, named by the service', () => {
  const chart = chartOn();
  const source = ModelSource.s3('s3://models/fraud/v3/');
  new InferenceService(chart, 'plain', { predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source }) });

  expect(find(synth(chart), 'InferenceService').spec.predictor.serviceAccountName).toBeUndefined();
});

itWithCrds('every release accepts the least use', () => {
  for (const release of KServeRelease.all()) {
    expectAccepted(serviceOf({}, { release }).manifest(), release.version);
  }
});
