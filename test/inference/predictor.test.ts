import { Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, ServiceAccount } from 'cdk8s-plus-28';
import {
  ClusterServingRuntime, DeploymentMode, Diagnostics, InferenceProtocol, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor,
  S3Credentials, Scaling, Transport,
} from '../../src';
import { expectAccepted, itWithCrds } from '../support/crds';
import { find, rendered, synth } from '../support/manifests';
import { IRIS, serviceOf } from './support';
import { chartOn } from '../support/chart';

const predictorOf = (predictor: Predictor, props = {}, target = {}) => serviceOf({ predictor, ...props }, target).manifest().spec.predictor;

describe('a predictor from a model', () => {
  test('has model fields on the model and component fields beside it', () => {
    const predictor = predictorOf(Predictor.fromModel({
      ...IRIS,
      protocol: InferenceProtocol.V2,
      runtimeVersion: '1.2.0',
      image: 'ghcr.io/acme/server:1.0.0',
      args: ['--workers=2'],
      env: { THREADS: EnvValue.fromValue('2') },
      resources: {
        cpu: { request: Cpu.millis(100), limit: Cpu.units(1) },
        memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
      },
      timeout: Duration.seconds(30),
      labels: { team: 'fraud' },
      annotations: { note: 'x' },
    }));

    expect(predictor).toEqual({
      timeout: 30,
      labels: { team: 'fraud' },
      annotations: { note: 'x' },
      model: {
        modelFormat: { name: 'sklearn' },
        protocolVersion: 'v2',
        runtimeVersion: '1.2.0',
        storageUri: 'gs://kfserving-examples/models/sklearn/1.0/model',
        image: 'ghcr.io/acme/server:1.0.0',
        args: ['--workers=2'],
        env: [{ name: 'THREADS', value: '2' }],
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      },
    });
  });

  test('names the runtime that it is given', () => {
    const chart = chartOn();
    const runtime = ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'Runtime', 'kserve-mlserver');
    const service = new InferenceService(chart, 'iris', { predictor: Predictor.fromModel({ ...IRIS, runtime, protocol: InferenceProtocol.V2 }) });

    expect(find(synth(chart), 'InferenceService').spec.predictor.model.runtime).toBe('kserve-mlserver');
    expect(service.predictor.runtime?.name).toBe('kserve-mlserver');
  });

  test('opens the runtime\'s gRPC port under the name that makes HTTP/2 of it', () => {
    const { ports } = predictorOf(Predictor.fromModel({ ...IRIS, protocol: InferenceProtocol.V2, transport: Transport.GRPC })).model;

    expect(ports).toEqual([{ containerPort: 9000, name: 'h2c', protocol: 'TCP' }]);
  });

  test('takes several sources, each at its path', () => {
    const { storageUris, model } = predictorOf(Predictor.fromModel({
      format: ModelFormat.HUGGINGFACE,
      sources: [
        { source: ModelSource.huggingFace('acme/base', { revision: 'v1' }), mountPath: '/mnt/models/base' },
        { source: ModelSource.s3('s3://models/adapter/v1/'), mountPath: '/mnt/models/adapter' },
      ],
    }));

    expect(storageUris).toEqual([
      { uri: 'hf://acme/base:v1', mountPath: '/mnt/models/base' },
      { uri: 's3://models/adapter/v1/', mountPath: '/mnt/models/adapter' },
    ]);
    expect(model.storageUri).toBeUndefined();
  });

  test('reads a storage key', () => {
    const { storage } = predictorOf(Predictor.fromModel({
      format: ModelFormat.SKLEARN,
      source: ModelSource.storageKey('minio',
        { path: 'iris' }),
    })).model;

    expect(storage).toEqual({ key: 'minio', path: 'iris' });
  });

  test('makes the account that the credentials need, named by the service', () => {
    const chart = chartOn();
    const service = new InferenceService(chart, 'fraud', {
      predictor: Predictor.fromModel({
        format: ModelFormat.SKLEARN,
        source: ModelSource.s3('s3://models/fraud/v3/', { credentials: S3Credentials.irsa('arn:aws:iam::123456789012:role/models') }),
      }),
    });
    const manifests = synth(chart);

    expect(find(manifests, 'ServiceAccount').metadata).toEqual({
      name: 'fraud',
      namespace: 'models',
      annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/models' },
    });
    expect(find(manifests, 'InferenceService').spec.predictor.serviceAccountName).toBe('fraud');
    expect(service.predictor.serviceAccountName).toBe('fraud');
  });

  test('runs as the account that it is given', () => {
    const chart = chartOn();
    const serviceAccount = new ServiceAccount(chart, 'Account', { metadata: { name: 'models' } });
    new InferenceService(chart, 'iris', { predictor: Predictor.fromModel({ ...IRIS, serviceAccount }) });

    expect(find(synth(chart), 'InferenceService').spec.predictor.serviceAccountName).toBe('models');
  });

  test('has other containers beside it', () => {
    const { containers } = predictorOf(Predictor.fromModel({ ...IRIS, podSpec: { containers: [{ name: 'metrics', image: 'ghcr.io/acme/metrics:1.0.0' }] } }));

    expect(containers).toEqual([{ name: 'metrics', image: 'ghcr.io/acme/metrics:1.0.0' }]);
  });
});

test('a predictor does not change with the object that it was made of', () => {
  const options = { ...IRIS, args: ['--workers=2'] };
  const predictor = Predictor.fromModel(options);
  options.args = ['--workers=64'];

  expect(predictorOf(predictor).model.args).toEqual(['--workers=2']);
});

describe('a predictor from a container', () => {
  test('lies over the first container of its name, and keeps another one for a rule to refuse', () => {
    const containers = [{ name: 'kserve-container', workingDir: '/a' }, { name: 'kserve-container', workingDir: '/b' }];
    const chart = chartOn();
    const service = new InferenceService(chart, 'detector', { predictor: Predictor.fromContainer({ image: 'server:1', podSpec: { containers } }) });

    expect(rendered(service).spec.predictor.containers).toEqual([{ ...containers[0], image: 'server:1' }, containers[1]]);
    expect(Diagnostics.of(chart).errors().map(({ code, prop }) => `${code} ${prop}`)).toEqual(['KSV1420 predictor.podSpec.containers[1].name']);
  });

  test('is called `kserve-container` from the start, so that the webhook has nothing to change', () => {
    expect(predictorOf(Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }))).toEqual({
      containers: [{ name: 'kserve-container', image: 'ghcr.io/acme/detector:1.4.0' }],
    });
  });

  test('asks for its model by a variable', () => {
    const { containers } = predictorOf(Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0', source: ModelSource.gcs('gs://acme/detector/v1') }));

    expect(containers[0].env).toEqual([{ name: 'STORAGE_URI', value: 'gs://acme/detector/v1' }]);
  });

  test('tells KServe its protocol, and names its port for gRPC', () => {
    const v2 = predictorOf(Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0', protocol: InferenceProtocol.V2, port: 9001 })).containers[0];
    const grpc = predictorOf(Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0', protocol: InferenceProtocol.GRPC_V2 })).containers[0];

    expect([v2.env, v2.ports]).toEqual([[{ name: 'PROTOCOL', value: 'v2' }], [{ containerPort: 9001, name: 'http1', protocol: 'TCP' }]]);
    expect([grpc.env, grpc.ports]).toEqual([undefined, [{ containerPort: 8081, name: 'h2c', protocol: 'TCP' }]]);
  });

  test('has no runtime', () => {
    const { service } = serviceOf({ predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }) });

    expect(service.predictor.runtime).toBeUndefined();
    expect(service.predictor.explainRuntime()).toBe('The predictor is a container of its own: no runtime is chosen.');
  });
});

describe('a predictor of workers', () => {
  const llama = Predictor.fromWorkers({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.pvcNamed('llama', { path: '70b' }),
    workers: { pipelineParallelSize: 2, tensorParallelSize: 4 },
  });

  test('describes head and workers, and is not scaled', () => {
    const manifest = serviceOf({ predictor: llama }, { release: KServeRelease.V0_19 }).manifest();

    expect(manifest.metadata.annotations['serving.kserve.io/autoscalerClass']).toBe('none');
    expect(manifest.spec.predictor.workerSpec).toEqual({
      pipelineParallelSize: 2, tensorParallelSize: 4, containers: [{ name: 'worker-container' }],
    });
  });

  test('is served by a runtime that has workers', () => {
    const { service } = serviceOf({ predictor: llama }, { release: KServeRelease.V0_19 });

    expect(service.predictor.runtime?.name).toBe('kserve-huggingfaceserver-multinode');
  });

  itWithCrds('is accepted by the releases that run it', () => {
    for (const release of KServeRelease.all().filter(({ _data }) => _data.abilities.multiNode)) {
      expectAccepted(serviceOf({ predictor: llama }, { release }).manifest(), release.version);
    }
  });
});

test('scaling stands on the service where the components agree', () => {
  const manifest = serviceOf({
    predictor: Predictor.fromModel({
      ...IRIS,
      scaling: Scaling.cpu({ targetUtilization: 60, maxReplicas: 4 }),
    }),
  }).manifest();

  expect(manifest.metadata.annotations['serving.kserve.io/autoscalerClass']).toBe('hpa');
  expect(manifest.spec.predictor).toMatchObject({ maxReplicas: 4, scaleMetric: 'cpu', scaleTarget: 60 });
});

test('concurrency in Knative mode needs no class', () => {
  const manifest = serviceOf({
    deploymentMode: DeploymentMode.KNATIVE,
    predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.concurrency({ target: 10, minReplicas: 0, maxReplicas: 5 }) }),
  }).manifest();

  expect(manifest.metadata.annotations).toEqual({ 'serving.kserve.io/deploymentMode': 'Knative' });
  expect(manifest.spec.predictor).toMatchObject({ minReplicas: 0, maxReplicas: 5, scaleMetric: 'concurrency', scaleTarget: 10 });
});
