import { KServeRelease } from '../../src/release';
import { builtInRuntimes } from '../../src/target/built-in-runtimes';

test.each([
  ['0.16.0', 11],
  ['0.17.0', 12],
  ['0.18.0', 12],
  ['0.19.0', 12],
  ['0.20.0', 14],
])('KServe %s installs %d', (version, count) => {
  const names = builtInRuntimes(KServeRelease.of(version)).map(({ name }) => name);

  expect(new Set(names).size).toBe(count);
});

test('a runtime that is shipped but not installed is not among them', () => {
  const { _data } = KServeRelease.V0_20;

  expect(_data.runtimes['kserve-openvino'].installed).toBe(false);
  expect(builtInRuntimes(KServeRelease.V0_20).map(({ name }) => name)).not.toContain('kserve-openvino');
});

test('a runtime with workers serves models that span nodes', () => {
  const multiNode = builtInRuntimes(KServeRelease.V0_20).filter((runtime) => runtime.multiNode).map(({ name }) => name);

  expect(multiNode).toEqual(['kserve-huggingfaceserver-multinode']);
});

test('changing what is given does not change the release', () => {
  const [first] = builtInRuntimes(KServeRelease.V0_20);
  const formats = first.formats.length;

  first.formats.pop();
  first.protocolVersions?.pop();

  const [again] = builtInRuntimes(KServeRelease.V0_20);
  expect(again.formats).toHaveLength(formats);
  expect(again.protocolVersions).not.toEqual(first.protocolVersions);
});
