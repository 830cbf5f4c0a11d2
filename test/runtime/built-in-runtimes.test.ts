import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { Diagnostics } from '../../src/diagnostics';
import { KServeRelease } from '../../src/release';
import { BuiltInRuntimes, BuiltInRuntimesProps } from '../../src/runtime';
import { builtInRuntimes } from '../../src/target/built-in-runtimes';
import { describeWithCrds, expectAccepted } from '../support/crds';
import { find, synth } from '../support/manifests';
import { diagnose } from '../support/accepted';

function install(props?: BuiltInRuntimesProps, release = KServeRelease.V0_20) {
  const chart = chartOn({ release, runtimes: [] });
  return { chart, runtimes: new BuiltInRuntimes(chart, 'runtimes', props) };
}

function imagesOf(props: BuiltInRuntimesProps): string[] {
  return synth(install(props).chart).map(({ spec }) => spec.containers[0].image);
}

describe.each(KServeRelease.all())('for KServe %s', (release) => {
  test('the runtimes are those that the target assumes', () => {
    const { runtimes } = install({}, release);

    expect(runtimes.runtimes.map(({ facts }) => facts)).toEqual(builtInRuntimes(release).map((facts) => ({ ...facts, disabled: false })));
  });

  test('no rule objects to them', () => {
    expect(diagnose(install({}, release).chart)).toEqual([]);
  });
});

describeWithCrds('the CRDs', () => {
  test.each(KServeRelease.all())('of KServe %s accept its runtimes', (release) => {
    expectAccepted(synth(install({}, release).chart), release.version);
  });
});

test('a runtime is the one that the release\'s Helm chart installs', () => {
  expect(find(synth(install().chart), 'ClusterServingRuntime', 'kserve-sklearnserver')).toEqual({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name: 'kserve-sklearnserver', annotations: { 'serving.kserve.io/server-type': 'sklearnserver' } },
    spec: {
      annotations: { 'prometheus.kserve.io/port': '8080', 'prometheus.kserve.io/path': '/metrics' },
      supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }],
      protocolVersions: ['v1', 'v2'],
      containers: [{
        name: 'kserve-container',
        image: 'kserve/sklearnserver:v0.20.0',
        args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'],
        securityContext: { allowPrivilegeEscalation: false, privileged: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
        resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '1', memory: '2Gi' } },
      }],
    },
  });
});

test('a runtime for several nodes has its workers', () => {
  const { spec } = find(synth(install({}, KServeRelease.V0_19).chart), 'ClusterServingRuntime', 'kserve-huggingfaceserver-multinode');

  expect(spec.workerSpec).toMatchObject({
    pipelineParallelSize: 2,
    tensorParallelSize: 1,
    containers: [{ name: 'worker-container', image: 'kserve/huggingfaceserver:v0.19.0-gpu' }],
  });
});

test('a runtime of any protocol lists none', () => {
  expect(find(synth(install().chart), 'ClusterServingRuntime', 'kserve-vllmserver').spec).not.toHaveProperty('protocolVersions');
});

test('the release without server types gets no annotation of them', () => {
  expect(synth(install({}, KServeRelease.V0_16).chart).filter(({ metadata }) => metadata.annotations !== undefined)).toEqual([]);
});

test('only the wanted runtimes are installed, and each can be named', () => {
  const { chart, runtimes } = install({ runtimes: ['kserve-tritonserver', 'kserve-pmmlserver'] });

  expect(synth(chart).map(({ metadata }) => metadata.name)).toEqual(['kserve-pmmlserver', 'kserve-tritonserver']);
  expect(runtimes.runtime('kserve-tritonserver')).toBe(runtimes.runtimes[1]);
  expect(runtimes.runtime('kserve-sklearnserver')).toBeUndefined();
});

test('a runtime that no installation contains can be asked for', () => {
  expect(synth(install({ runtimes: ['kserve-openvino'] }).chart)).toMatchObject([{ metadata: { name: 'kserve-openvino' } }]);
});

describe('images', () => {
  const runtimes = ['kserve-sklearnserver', 'kserve-mlserver', 'kserve-tritonserver'];

  test('keep their path in another registry and lose the one they have', () => {
    expect(imagesOf({ runtimes, imageRegistry: 'registry.acme.org:5000/mirror/' })).toEqual([
      'registry.acme.org:5000/mirror/kserve/sklearnserver:v0.20.0',
      'registry.acme.org:5000/mirror/seldonio/mlserver:1.5.0',
      'registry.acme.org:5000/mirror/nvidia/tritonserver:23.05-py3',
    ]);
  });

  test('can differ for one runtime', () => {
    const overrides = { 'kserve-mlserver': { image: 'acme/mlserver@sha256:1' }, 'kserve-tritonserver': { imageRegistry: 'nvcr.acme.org' } };

    expect(imagesOf({ runtimes, imageRegistry: 'registry.acme.org', overrides })).toEqual([
      'registry.acme.org/kserve/sklearnserver:v0.20.0', 'acme/mlserver@sha256:1', 'nvcr.acme.org/nvidia/tritonserver:23.05-py3',
    ]);
  });

  test('may be known only at deployment', () => {
    const later = new Deferred('registry') as any;
    const runtime = ['kserve-sklearnserver'];

    expect(imagesOf({ runtimes: runtime, imageRegistry: later })).toEqual([`${later}/kserve/sklearnserver:v0.20.0`]);
    expect(imagesOf({ runtimes: runtime, overrides: { 'kserve-sklearnserver': { image: later } } })).toEqual([`${later}`]);
  });
});

test('one runtime can be disabled and get other resources, head and workers alike', () => {
  const resources = { cpu: { limit: Cpu.units(8) }, memory: { limit: Size.gibibytes(64) }, gpu: { count: 2 } };
  const name = 'kserve-huggingfaceserver-multinode';
  const { chart, runtimes } = install({ overrides: { [name]: { disabled: true, resources } } });
  const { spec } = find(synth(chart), 'ClusterServingRuntime', name);
  const limits = { 'cpu': '8', 'memory': '64Gi', 'nvidia.com/gpu': '2' };

  expect(spec.disabled).toBe(true);
  expect(runtimes.runtime(name)?.facts?.disabled).toBe(true);
  expect([spec.containers[0].resources.limits, spec.workerSpec.containers[0].resources.limits]).toEqual([limits, limits]);
});

test('names that the release does not have are errors', () => {
  const { chart } = install({
    runtimes: ['kserve-sklearnserver', 'kserve-alibi', new Deferred('later') as any], overrides: { 'kserve-pmmlserver': { disabled: true } },
  });

  expect(Diagnostics.of(chart).errors().map(({ code, prop, message }) => [code, prop, message.split('.')[0]])).toEqual([
    ['KSV1719', 'runtimes[1]', 'runtimes[1] = \'kserve-alibi\' is no runtime of KServe 0'],
    ['KSV1719', 'runtimes[2]', 'runtimes[2] = (known at deployment) is no runtime of KServe 0'],
    ['KSV1719', 'overrides.kserve-pmmlserver', 'overrides'],
  ]);
});
