import { ApiObject, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, EnvValue, Secret } from 'cdk8s-plus-28';
import { PROPHET } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { causesOf, manifestOf } from '../../src/core/manifest';
import { KServeRelease } from '../../src/release';
import { ClusterServingRuntime, ClusterServingRuntimeProps, ExecutorBackend, ServerType, ServingRuntime } from '../../src/runtime';
import { InferenceProtocol, ServingTarget } from '../../src/target';
import { describeWithCrds, expectAccepted, itWithCrds, schemaPaths } from '../support/crds';
import { find, rendered, synth } from '../support/manifests';
import { diagnose } from '../support/accepted';

/** Every prop, with the values that `v` makes of a string and `n` of a number. */
function everyProp(
  secret: { name: string }, v: (text: string) => any = (text) => text, n: (name: string, value: number) => any = (_, value) => value,
) {
  const pod = (which: string) => ({
    podLabels: { team: v(`${which}-label`) },
    podAnnotations: { note: v(`${which}-annotation`) },
    nodeSelector: { pool: v(`${which}-pool`) },
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: v(`${which}-key`), operator: 'Exists' }] }] } } },
    tolerations: [{ key: v(`${which}-taint`), operator: 'Exists' }],
    volumes: [{ name: v(`${which}-volume`), emptyDir: { medium: 'Memory' } }],
    imagePullSecrets: [secret as any],
    hostIpc: true,
    schedulerName: v(`${which}-scheduler`),
  });
  const container = (which: string) => ({
    image: v(`acme/${which}:1`),
    args: ['--model_name={{.Name}}', v(`--${which}`)],
    env: { THREADS: EnvValue.fromValue(v(`${which}-threads`)) },
    resources: { cpu: { limit: Cpu.units(n(`${which}-cpu`, 1)) }, memory: { limit: Size.gibibytes(2) } },
    ports: [{ containerPort: n(`${which}-port`, 8080) }],
  });
  const props: ClusterServingRuntimeProps = {
    ...pod('head'),
    labels: { owner: v('owner') },
    annotations: { 'acme.org/note': v('note') },
    formats: [{ name: v('prophet'), version: v('1'), autoSelect: true, priority: n('priority', 1) }],
    protocolVersions: [InferenceProtocol.V1, InferenceProtocol.GRPC_V2],
    container: container('server'),
    containerName: v('kserve-container'),
    extraContainers: { metrics: container('metrics') },
    workers: {
      ...pod('worker'), container: container('worker'), pipelineParallelSize: n('pp', 2), tensorParallelSize: n('tp', 4), executorBackend: ExecutorBackend.MP,
    },
    serverType: ServerType.of(v('prophetserver')),
    prometheusPort: n('prometheus', 9090),
    prometheusPath: v('/prometheus'),
    disabled: false,
    multiModel: true,
    grpcEndpoint: v('port:8085'),
    grpcDataEndpoint: v('port:8001'),
    httpDataEndpoint: v('port:8002'),
    replicas: n('replicas', 2),
    storageHelperDisabled: true,
    builtInAdapter: {
      serverType: v('kserve-container'),
      runtimeManagementPort: n('management', 8001),
      memBuffer: Size.mebibytes(128),
      modelLoadingTimeout: Duration.seconds(90),
      env: { VERBOSE: EnvValue.fromValue(v('verbose')) },
    },
  };
  return props;
}

test('the least runtime', () => {
  const chart = chartOn();
  new ServingRuntime(chart, 'prophet-server', PROPHET);

  expect(synth(chart)).toEqual([{
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name: 'prophet-server', namespace: 'models' },
    spec: {
      supportedModelFormats: [{ name: 'prophet', version: '1', autoSelect: true }],
      containers: [{ name: 'kserve-container', image: 'ghcr.io/acme/prophet-server:0.3.0' }],
    },
  }]);
});

test('every prop', () => {
  const chart = chartOn();
  const runtime = new ServingRuntime(chart, 'all', everyProp(Secret.fromSecretName(chart, 'Registry', 'registry')));
  const pod = (which: string) => ({
    labels: { team: `${which}-label` },
    nodeSelector: { pool: `${which}-pool` },
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: `${which}-key`, operator: 'Exists' }] }] } } },
    tolerations: [{ key: `${which}-taint`, operator: 'Exists' }],
    volumes: [{ name: `${which}-volume`, emptyDir: { medium: 'Memory' } }],
    imagePullSecrets: [{ name: 'registry' }],
    hostIPC: true,
    schedulerName: `${which}-scheduler`,
  });
  const container = (name: string, which: string) => ({
    name,
    image: `acme/${which}:1`,
    args: ['--model_name={{.Name}}', `--${which}`],
    env: [{ name: 'THREADS', value: `${which}-threads` }],
    resources: { limits: { cpu: '1', memory: '2Gi' } },
    ports: [{ containerPort: 8080 }],
  });

  expect(rendered(runtime)).toEqual({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: {
      name: 'all',
      namespace: 'models',
      labels: { owner: 'owner' },
      annotations: { 'serving.kserve.io/server-type': 'prophetserver', 'acme.org/note': 'note' },
    },
    spec: {
      ...pod('head'),
      annotations: {
        'prometheus.kserve.io/port': '9090', 'prometheus.kserve.io/path': '/prometheus', 'multinode/executor-backend': 'mp', 'note': 'head-annotation',
      },
      supportedModelFormats: [{ name: 'prophet', version: '1', autoSelect: true, priority: 1 }],
      protocolVersions: ['v1', 'grpc-v2'],
      containers: [container('kserve-container', 'server'), container('metrics', 'metrics')],
      workerSpec: {
        ...pod('worker'),
        annotations: { note: 'worker-annotation' },
        pipelineParallelSize: 2,
        tensorParallelSize: 4,
        containers: [container('worker-container', 'worker')],
      },
      disabled: false,
      multiModel: true,
      grpcEndpoint: 'port:8085',
      grpcDataEndpoint: 'port:8001',
      httpDataEndpoint: 'port:8002',
      replicas: 2,
      storageHelper: { disabled: true },
      builtInAdapter: {
        serverType: 'kserve-container',
        runtimeManagementPort: 8001,
        memBufferBytes: 134217728,
        modelLoadingTimeoutMillis: 90000,
        env: [{ name: 'VERBOSE', value: 'verbose' }],
      },
    },
  });
});

describe('a ServingRuntime', () => {
  test('is in the namespace of its prop, else of its chart, else of its target', () => {
    const chart = chartOn({ namespace: 'fallback' });

    expect(new ServingRuntime(chart, 'a', { ...PROPHET, namespace: 'own' }).namespace).toBe('own');
    expect(new ServingRuntime(chart, 'b', PROPHET).namespace).toBe('models');
  });

  test('is named by its prop, else by its id', () => {
    const chart = chartOn();
    const named = new ServingRuntime(chart, 'a', { ...PROPHET, name: 'prophet' });

    expect([named.name, named.name]).toEqual(['prophet', 'prophet']);
    expect(new ServingRuntime(chart, 'b', PROPHET).name).toBe('b');
  });

  test('is its API object', () => {
    const runtime = new ServingRuntime(chartOn(), 'a', PROPHET);

    expect(ApiObject.of(runtime)).toBe(runtime);
  });

  test('tells what KServe looks at', () => {
    const runtime = new ServingRuntime(chartOn(), 'a', { ...PROPHET, protocolVersions: [InferenceProtocol.V2], workers: { container: PROPHET.container } });

    expect(runtime.facts).toEqual({
      name: 'a', namespace: 'models', formats: PROPHET.formats, protocolVersions: ['v2'], disabled: false, multiModel: false, multiNode: true,
    });
  });

  test('keeps what a JSON patch writes', () => {
    const chart = chartOn();
    new ServingRuntime(chart, 'a', PROPHET).addJsonPatch(JsonPatch.add('/spec/someday', { soon: true }));

    expect(find(synth(chart, { refusedBecause: 'no release has this field yet' }), 'ServingRuntime').spec.someday).toEqual({ soon: true });
  });

  test('gives metrics the usual path, and is silent where no port is given', () => {
    const runtime = new ServingRuntime(chartOn(), 'a', { ...PROPHET, prometheusPort: 8082 });

    expect(rendered(runtime).spec.annotations).toEqual({ 'prometheus.kserve.io/port': '8082', 'prometheus.kserve.io/path': '/metrics' });
  });

  test('calls its container as the adapter needs it', () => {
    const runtime = new ServingRuntime(chartOn(), 'a', { ...PROPHET, multiModel: true, builtInAdapter: { serverType: 'triton' } });

    expect(rendered(runtime).spec.containers[0].name).toBe('triton');
  });
});

describe('a ClusterServingRuntime', () => {
  test('has no namespace', () => {
    const chart = chartOn({ namespace: 'fallback' });
    const runtime = new ClusterServingRuntime(chart, 'prophet', PROPHET);

    expect(synth(chart)).toMatchObject([{ kind: 'ClusterServingRuntime', metadata: { name: 'prophet' } }]);
    expect(synth(chart)[0].metadata).not.toHaveProperty('namespace');
    expect([runtime.namespace, runtime.facts?.namespace]).toEqual([undefined, undefined]);
  });
});

describe('a runtime that others made', () => {
  test('is known by its name, in the namespace of the scope or in none', () => {
    const chart = chartOn();

    expect(ServingRuntime.fromServingRuntimeName(chart, 'A', 'acme')).toMatchObject({ name: 'acme', namespace: 'models', facts: undefined });
    expect(ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'B', 'acme')).toMatchObject({ name: 'acme', namespace: undefined, facts: undefined });
    expect(synth(chart)).toEqual([]);
  });

  test('has the facts that the target knows', () => {
    const facts = { name: 'acme', namespace: 'models', formats: [{ name: 'acme' }] };
    const chart = chartOn({ runtimes: [facts] });

    expect(ServingRuntime.fromServingRuntimeName(chart, 'A', 'acme').facts).toBe(facts);
    expect(ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'B', 'acme').facts).toBeUndefined();
    expect(ClusterServingRuntime.fromClusterServingRuntimeName(chartOn(), 'C', 'kserve-tritonserver').facts?.protocolVersions).toEqual(['v2', 'grpc-v2']);
  });
});

test('synthesis changes nothing that was passed in and gives the same twice', () => {
  const freeze = (value: any): any => {
    if (typeof value === 'object' && value !== null && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))) {
      Object.values(value).forEach(freeze);
      Object.freeze(value);
    }
    return value;
  };
  const chart = chartOn();
  new ServingRuntime(chart, 'a', freeze(everyProp(Secret.fromSecretName(chart, 'Registry', 'registry'))));

  expect(synth(chart)).toEqual(synth(chart));
});

describe('values known later', () => {
  const made: Deferred[] = [];
  const later = (name: string) => {
    const value = new Deferred(name);
    made.push(value);
    return value;
  };

  test.each([ServingRuntime, ClusterServingRuntime])('are whole in the output of a %p, and no rule looks into them', (Kind) => {
    made.length = 0;
    const chart = chartOn();
    const secret = { name: later('secret') as any };
    const runtime = new Kind(chart, 'later', { ...everyProp(secret, later, later), name: later('name') as any });

    const text = JSON.stringify(rendered(runtime));

    expect(made.filter((value) => !text.includes(JSON.stringify(String(value)).slice(1, -1))).map(String)).toEqual([]);
    expect(text).not.toContain('NaN');
    expect(diagnose(chart)).toEqual([]);
  });
});

describeWithCrds('the CRDs', () => {
  test.each(KServeRelease.all())('of KServe %s accept what the release knows', (release) => {
    const chart = chartOn({ release });
    const { schedulerName, workers, ...rest } = everyProp(Secret.fromSecretName(chart, 'Registry', 'registry'));
    const props = release._data.abilities.runtimeSchedulerName
      ? { ...rest, schedulerName, workers }
      : { ...rest, workers: { ...workers!, schedulerName: undefined } };
    new ServingRuntime(chart, 'local', props);
    new ClusterServingRuntime(chart, 'global', props);

    expectAccepted(synth(chart), release.version);
  });

  test.each(['ServingRuntime', 'ClusterServingRuntime'])('have no field of a %s of its own without a prop', (kind) => {
    const chart = chartOn();
    const Kind = kind === 'ServingRuntime' ? ServingRuntime : ClusterServingRuntime;
    const runtime = new Kind(chart, 'all', everyProp(Secret.fromSecretName(chart, 'Registry', 'registry')));
    const spec = manifestOf(runtime).spec;
    const written = (value: any, path: string[]): boolean => value !== undefined
      && (path.length === 0 || (path[0].endsWith('[]') ? written(value[path[0].slice(0, -2)]?.[0], path.slice(1)) : written(value[path[0]], path.slice(1))));

    const missing = schemaPaths(kind, '0.20.0', { stopAtPod: true }).filter((path) => !/\.env\[\]\./.test(path) && !written(spec, path.split('.')));

    expect(missing.filter((path) => !/(^|\.)containers\[\]\./.test(path))).toEqual([]);
  });
});

test('every part of the manifest knows the prop that wrote it', () => {
  const chart = chartOn();
  const runtime = new ServingRuntime(chart, 'all', everyProp(Secret.fromSecretName(chart, 'Registry', 'registry')));
  const causes = causesOf(runtime);

  expect([
    '/spec/supportedModelFormats/0/priority', '/spec/containers/0/env/0', '/spec/containers/0/name', '/spec/containers/1/image',
    '/spec/workerSpec/containers/0/args', '/spec/workerSpec/nodeSelector', '/spec/annotations/prometheus.kserve.io~1port',
    '/spec/annotations/multinode~1executor-backend', '/spec/builtInAdapter/memBufferBytes', '/metadata/annotations/serving.kserve.io~1server-type',
  ].map((pointer) => causes.get(pointer))).toEqual([
    'formats[0].priority', 'container.env.THREADS', 'containerName', 'extraContainers.metrics.image',
    'workers.container.args', 'workers.nodeSelector', 'prometheusPort',
    'workers.executorBackend', 'builtInAdapter.memBuffer', 'serverType',
  ]);
});

itWithCrds('the documented example is accepted', () => {
  const chart = chartOn();
  ServingTarget.of(chart);
  new ServingRuntime(chart, 'skops-server', {
    formats: [{ name: 'skops', version: '1', autoSelect: true }],
    protocolVersions: [InferenceProtocol.V1, InferenceProtocol.V2],
    container: { image: 'ghcr.io/acme/skops-server:1.4.0', args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'] },
  });

  expectAccepted(synth(chart), '0.20.0');
});
