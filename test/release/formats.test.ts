import { KServeRelease } from '../../src/release';
import { formatFacts, formatNames, installedRuntimes } from '../../src/release/formats';

const BUILT_IN = ['huggingface', 'lightgbm', 'mlflow', 'onnx', 'paddle', 'pmml', 'pytorch', 'sklearn', 'tensorflow', 'tensorrt', 'triton', 'xgboost'];

describe('the formats of a release', () => {
  test.each([
    [KServeRelease.V0_16, BUILT_IN],
    [KServeRelease.V0_17, BUILT_IN],
    [KServeRelease.V0_18, BUILT_IN],
    [KServeRelease.V0_19, BUILT_IN],
    [KServeRelease.V0_20, ['autogluon', ...BUILT_IN, 'vLLM'].sort()],
  ])('%s serves what its runtimes serve, in their spelling', (release, names) => {
    expect(formatNames(release._data)).toEqual(names);
  });

  test.each([
    ['sklearn', { versions: ['0', '1'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['xgboost', { versions: ['1', '2'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['lightgbm', { versions: ['3', '4'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['pmml', { versions: ['3', '4'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['paddle', { versions: ['2'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['mlflow', { versions: ['1', '2'], protocols: ['v2'], defaultProtocol: 'v1', protocolToName: 'v2' }],
    ['onnx', { versions: ['1'], protocols: ['v2', 'grpc-v2'], defaultProtocol: 'v1', protocolToName: 'v2' }],
    ['tensorrt', { versions: ['8'], protocols: ['v2', 'grpc-v2'], defaultProtocol: 'v1', protocolToName: 'v2' }],
    ['triton', { versions: ['2'], protocols: ['v2', 'grpc-v2'], defaultProtocol: 'v2' }],
    ['tensorflow', { versions: ['1', '2'], protocols: ['v1', 'v2', 'grpc-v1', 'grpc-v2'], defaultProtocol: 'v1' }],
    ['pytorch', { versions: ['1'], protocols: ['v1', 'v2', 'grpc-v2'], defaultProtocol: 'v1' }],
    ['huggingface', { versions: ['1'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['autogluon', { versions: ['1'], protocols: ['v1', 'v2'], defaultProtocol: 'v1' }],
    ['vLLM', { versions: ['1'], protocols: ['v1', 'v2', 'grpc-v1', 'grpc-v2'], defaultProtocol: 'v2' }],
  ])('0.20.0: %s follows from the runtimes', (name, facts) => {
    expect(formatFacts(KServeRelease.V0_20._data, name)).toEqual({ name, ...facts });
  });

  test('a format of another case or none is unknown', () => {
    expect(formatFacts(KServeRelease.V0_20._data, 'vllm')).toBeUndefined();
    expect(formatFacts(KServeRelease.V0_19._data, 'vLLM')).toBeUndefined();
    expect(formatFacts(KServeRelease.V0_20._data, 'openvino')).toBeUndefined();
  });
});

test('a runtime whose file nothing installs is known but not installed', () => {
  const data = KServeRelease.V0_20._data;

  expect(Object.keys(data.runtimes)).toContain('kserve-openvino');
  expect(installedRuntimes(data).map(({ name }) => name)).not.toContain('kserve-openvino');
});
