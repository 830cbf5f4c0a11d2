import { Chart } from 'cdk8s';
import { codesOf, global, judge, local, service } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';
import { BuiltInRuntimes } from '../../src/runtime';
import { InferenceProtocol } from '../../src/target';

const LATER = new Deferred('later') as any;

/** A cluster with the release's runtimes and no others. */
function complete(release = KServeRelease.V0_20): Chart {
  const chart = chartOn({ release, runtimes: [] });
  new BuiltInRuntimes(chart, 'runtimes');
  return chart;
}

function model(name: string, more: object = {}, version?: string): object {
  return { modelFormat: { name, version }, storageUri: 'gs://acme/model/v1', ...more };
}

describe('a model that no runtime serves', () => {
  test('is an error where the list of runtimes is complete, with the table of those that come near', () => {
    expect(judge(complete(), service(model('onnx')))).toEqual([{
      code: 'KSV1721',
      at: '/spec/predictor/model/modelFormat',
      value: 'onnx',
      message: 'is served by no runtime by protocol v1 on KServe 0.20.0. Runtimes:\n'
        + '        kserve-tritonserver  cluster  speaks v2, grpc-v2\n'
        + '        13 others do not serve onnx at all',
      fix: 'set protocol: InferenceProtocol.V2 (kserve-tritonserver); or set protocol: InferenceProtocol.GRPC_V2 (kserve-tritonserver).',
    }]);
  });

  test('is a warning where it is not', () => {
    expect(codesOf(chartOn(), service(model('onnx')))).toEqual(['KSV1722']);
  });

  test.each<[string, object, KServeRelease, string]>([
    ['mlflow without a protocol', model('mlflow'), KServeRelease.V0_16, 'set protocol: InferenceProtocol.V2 (kserve-mlserver).'],
    ['xgboost 1', model('xgboost', {}, '1'), KServeRelease.V0_17,
      'set protocol: InferenceProtocol.V2 (kserve-mlserver); or leave the version out (kserve-xgbserver); or use version \'2\' (kserve-xgbserver).'],
    ['vllm in lower case', model('vllm'), KServeRelease.V0_20, 'spell the format \'vLLM\' (kserve-vllmserver).'],
    ['ONNX in upper case', model('ONNX'), KServeRelease.V0_20,
      'spell the format \'onnx\' and set protocol: InferenceProtocol.V2 (kserve-tritonserver); or '
      + 'spell the format \'onnx\' and set protocol: InferenceProtocol.GRPC_V2 (kserve-tritonserver).'],
    ['a format of a newer release', model('vLLM'), KServeRelease.V0_19, 'use KServe 0.20.0, which serves vLLM, or make a runtime that does.'],
    ['pytorch by grpc-v1', model('pytorch', { protocolVersion: 'grpc-v1' }), KServeRelease.V0_20,
      'set protocol: InferenceProtocol.V1 (kserve-torchserve); or set protocol: InferenceProtocol.V2 (kserve-torchserve); or '
      + 'set protocol: InferenceProtocol.GRPC_V2 (kserve-torchserve).'],
    ['a format of nobody', model('prophet'), KServeRelease.V0_20,
      'make a ClusterServingRuntime or ServingRuntime that serves prophet, or say it in the target\'s `runtimes` if the cluster has one.'],
  ])('gets the fix for %s', (_, wrong, release, fix) => {
    expect(judge(complete(release), service(wrong)).map((found) => [found.code, found.fix])).toEqual([['KSV1721', fix]]);
  });

  test('gets the name of a runtime that serves it only if named', () => {
    const chart = chartOn({ runtimes: [] });
    local(chart, 'prophet-server', { formats: [{ name: 'prophet' }] });

    expect(judge(chart, service(model('prophet')))).toMatchObject([{ code: 'KSV1721', fix: 'name the runtime \'prophet-server\' (prophet-server).' }]);
  });

  test('is nothing of the kind where the release, or an older field of the service, gives it the protocol', () => {
    expect(codesOf(complete(), service(model('triton')))).toEqual([]);
    expect(codesOf(complete(), service(model('vLLM')))).toEqual([]);
    expect(codesOf(complete(), { ...service({}), spec: { predictor: { onnx: { storageUri: 'gs://acme/model/v1' } } } })).toEqual([]);
    expect(codesOf(complete(), { ...service({}), spec: { predictor: { sklearn: { protocolVersion: 'grpc-v1' } } } })).toEqual(['KSV1721']);
  });

  test('with workers is told that workers are needed', () => {
    expect(judge(complete(KServeRelease.V0_19), service(model('sklearn'), { workerSpec: { containers: [] } }))).toMatchObject([
      { code: 'KSV1721', message: expect.stringContaining('is served by no runtime with workers by protocol v1') },
    ]);
    expect(codesOf(complete(KServeRelease.V0_19), service(model('huggingface'), { workerSpec: { containers: [] } }))).toEqual([]);
  });

  test('is not judged in ModelMesh mode, nor a predictor without a model', () => {
    const modelMesh = { annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' } };

    expect(codesOf(complete(), service(model('nothing'), {}, modelMesh))).toEqual([]);
    expect(codesOf(complete(), { ...service({}), spec: { predictor: { containers: [{ name: 'kserve-container' }] } } })).toEqual([]);
  });
});

describe('a service that names a runtime', () => {
  test('that is nowhere is an error where the list is complete', () => {
    expect(judge(complete(), service(model('sklearn', { runtime: 'acme' })))).toMatchObject([
      { code: 'KSV1723', at: '/spec/predictor/model/runtime', value: 'acme', allowed: expect.stringContaining('kserve-sklearnserver, ') },
    ]);
  });

  test('that is not known is nothing to say where the list is not complete, unless it is named like one of the release', () => {
    expect(codesOf(chartOn(), service(model('sklearn', { runtime: 'acme' })))).toEqual([]);
    expect(judge(chartOn({ release: KServeRelease.V0_19 }), service(model('vLLM', { runtime: 'kserve-vllmserver' })))).toMatchObject([
      { code: 'KSV1724', message: 'is not among the runtimes of KServe 0.19.0, but among those of 0.20.0' },
    ]);
    expect(judge(chartOn(), service(model('sklearn', { runtime: 'kserve-sklearn' })))).toMatchObject([
      { code: 'KSV1724', message: 'is not among the runtimes of KServe 0.20.0' },
    ]);
  });

  test('of another namespace is an error whose fix names both ways out', () => {
    const chart = chartOn();
    local(chart, 'prophet', { namespace: 'ml-platform' });

    expect(judge(chart, service(model('prophet', { runtime: 'prophet' })))).toEqual([{
      code: 'KSV1728',
      at: '/spec/predictor/model/runtime',
      value: 'prophet',
      message: 'is a ServingRuntime of namespace \'ml-platform\', which services of namespace \'models\' cannot use',
      allowed: 'a ServingRuntime of namespace \'models\', or a ClusterServingRuntime',
      fix: 'make it a ClusterServingRuntime, or make a ServingRuntime \'prophet\' in namespace \'models\'.',
    }]);
  });

  test('of another namespace is fine where its own namespace or the cluster has one of that name', () => {
    const chart = chartOn();
    local(chart, 'elsewhere', { name: 'prophet', namespace: 'ml-platform' });
    global(chart, 'prophet');

    expect(codesOf(chart, service(model('prophet', { runtime: 'prophet' })))).toEqual([]);
  });

  test('of its own namespace that cannot serve it is told so, whatever other namespaces have', () => {
    const chart = chartOn();
    local(chart, 'elsewhere', { name: 'prophet', namespace: 'ml-platform' });
    local(chart, 'prophet', { disabled: true });

    expect(codesOf(chart, service(model('prophet', { runtime: 'prophet' })))).toEqual(['KSV1725']);
  });

  test.each<[string, object, object, object]>([
    ['KSV1725', {}, { disabled: true }, { message: 'is disabled' }],
    ['KSV1726', { protocolVersion: 'v1' }, { protocolVersions: [InferenceProtocol.V2] }, { at: '/spec/predictor/model/protocolVersion', value: 'v1', allowed: 'v2' }],
    ['KSV1727', {}, { formats: [{ name: 'arima', version: '1' }] }, { at: '/spec/predictor/model/modelFormat', value: 'prophet', allowed: 'arima 1' }],
    ['KSV1727', {}, { formats: [{ name: 'Prophet' }] }, { fix: 'spell the format \'Prophet\' (named).' }],
    ['KSV1727', { modelFormat: { name: 'prophet', version: '2' } }, {}, { value: 'prophet 2', fix: 'leave the version out (named); or use version \'1\' (named).' }],
  ])('gets %s where that runtime cannot serve it', (code, wrong, props, expected) => {
    const chart = chartOn({ runtimes: [] });
    global(chart, 'named', props);

    expect(judge(chart, service({ ...model('prophet'), runtime: 'named', ...wrong }))).toMatchObject([{ code, ...expected }]);
  });

  test('is told about the protocol that the webhook gives its format', () => {
    const chart = chartOn({ runtimes: [] });
    global(chart, 'named', { formats: [{ name: 'triton' }], protocolVersions: [InferenceProtocol.V1] });

    expect(judge(chart, service(model('triton', { runtime: 'named' })))).toMatchObject([
      { code: 'KSV1726', at: '/spec/predictor/model/modelFormat', value: 'v2', message: 'is the protocol that KServe gives to triton, and named does not speak it' },
    ]);
  });

  test('without workers for a service with some, or the other way round', () => {
    const workers = { workerSpec: { containers: [] } };
    const chart = complete(KServeRelease.V0_19);

    expect(codesOf(chart, service(model('huggingface', { runtime: 'kserve-huggingfaceserver' }), workers))).toEqual(['KSV1730']);
    expect(codesOf(chart, service(model('huggingface', { runtime: 'kserve-huggingfaceserver-multinode' })))).toEqual(['KSV1731']);
    expect(codesOf(chart, service(model('huggingface', { runtime: 'kserve-huggingfaceserver-multinode' }), workers))).toEqual([]);
  });
});

describe('a tie', () => {
  test('is a warning that names the runtimes, unless the service names one or they differ', () => {
    const chart = chartOn();
    local(chart, 'b');
    local(chart, 'a');

    expect(judge(chart, service(model('prophet')))).toMatchObject([
      { code: 'KSV1729', value: 'prophet', message: 'is served equally well by a and b, of which KServe takes the youngest' },
    ]);
    expect(codesOf(chart, service(model('prophet', { runtime: 'b' })))).toEqual([]);
    local(chart, 'c', { formats: [{ name: 'prophet', autoSelect: true, priority: 1 }] });
    expect(codesOf(chart, service(model('prophet')))).toEqual([]);
  });
});

describe('nothing is said', () => {
  test.each<[string, object]>([
    ['format', { modelFormat: { name: LATER } }],
    ['version', { modelFormat: { name: 'nothing', version: LATER } }],
    ['protocol', { modelFormat: { name: 'nothing' }, protocolVersion: LATER }],
    ['runtime', { modelFormat: { name: 'nothing' }, runtime: `${LATER}-server` }],
  ])('of a service with a deferred %s', (_, deferred) => {
    expect(codesOf(complete(), service(deferred))).toEqual([]);
  });

  test('where a runtime of the program might serve the model, which is known only at deployment', () => {
    const chart = complete();
    global(chart, 'later', { formats: [{ name: LATER, autoSelect: true }] });

    expect(codesOf(chart, service(model('nothing')))).toEqual([]);
  });
});

test('a program that installs some runtimes of the release has no others of them', () => {
  const chart = chartOn();
  new BuiltInRuntimes(chart, 'runtimes', { runtimes: ['kserve-sklearnserver'] });

  expect(codesOf(chart, service(model('sklearn')))).toEqual([]);
  expect(codesOf(chart, service(model('pmml')))).toEqual(['KSV1722']);
});

test('a complete list of the target stays what it is beside runtimes that the program installs', () => {
  const chart = chartOn({ runtimesComplete: true });
  new BuiltInRuntimes(chart, 'runtimes', { runtimes: ['kserve-sklearnserver'] });

  expect(codesOf(chart, service(model('pmml')))).toEqual([]);
});

test('a runtime of the program replaces one of the target that has its name', () => {
  const chart = chartOn();
  global(chart, 'kserve-sklearnserver', { disabled: true });

  expect(codesOf(chart, service(model('sklearn', { runtime: 'kserve-sklearnserver' })))).toEqual(['KSV1725']);
});
