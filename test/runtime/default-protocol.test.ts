import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';
import { defaultProtocol } from '../../src/runtime/default-protocol';
import { selectRuntime } from '../../src/runtime/selection';
import { builtInRuntimes } from '../../src/target/built-in-runtimes';

test.each<[string, string | undefined, KServeRelease]>([
  ['sklearn', undefined, KServeRelease.V0_20],
  ['xgboost', undefined, KServeRelease.V0_16],
  ['huggingface', undefined, KServeRelease.V0_20],
  ['tensorflow', undefined, KServeRelease.V0_20],
  ['pytorch', undefined, KServeRelease.V0_20],
  ['onnx', 'v2', KServeRelease.V0_16],
  ['mlflow', 'v2', KServeRelease.V0_20],
  ['tensorrt', 'v2', KServeRelease.V0_20],
  ['triton', 'v2', KServeRelease.V0_16],
  ['vLLM', 'v2', KServeRelease.V0_20],
  ['vLLM', undefined, KServeRelease.V0_19],
  ['autogluon', undefined, KServeRelease.V0_20],
  ['openvino', undefined, KServeRelease.V0_20],
  ['prophet', undefined, KServeRelease.V0_20],
])('%s is given %s', (format, protocol, release) => {
  expect(defaultProtocol(format, release)).toBe(protocol);
});

test('a deferred format is given none', () => {
  expect(defaultProtocol(new Deferred('later') as any, KServeRelease.V0_20)).toBeUndefined();
});

test.each(KServeRelease.all())('with it, KServe %s finds a runtime for every format that it can choose one for', (release) => {
  const candidates = builtInRuntimes(release).map((facts) => ({ facts, namespaced: false }));
  const formats = new Set(candidates.flatMap(({ facts }) => facts.formats.filter(({ autoSelect }) => autoSelect).map(({ name }) => name)));

  for (const format of formats) {
    const selection = selectRuntime({ format, protocol: defaultProtocol(format, release) }, candidates, release._data.protocols);
    expect([format, selection.state]).toEqual([format, 'chosen']);
  }
});
