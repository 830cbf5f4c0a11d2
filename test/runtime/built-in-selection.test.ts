import { KServeRelease } from '../../src/release';
import { Candidate, selectRuntime } from '../../src/runtime/selection';
import { builtInRuntimes } from '../../src/target/built-in-runtimes';

function candidatesOf(release: KServeRelease): Candidate[] {
  return builtInRuntimes(release).map((facts) => ({
    facts, namespaced: false, serverType: release._data.runtimes[facts.name].serverType,
  }));
}

/** The chosen runtime without its prefix and the protocol that results, such as `sklearnserver v1`; `-` for none. */
function chosen(release: KServeRelease, format: string, version: string | undefined, protocol: string | undefined, multiNode = false): string {
  const selection = selectRuntime({ format, version, protocol, multiNode }, candidatesOf(release), release._data.protocols);
  expect(selection.tied).toEqual([]);
  return selection.chosen === undefined ? '-' : `${selection.chosen.facts.name.replace('kserve-', '')} ${selection.protocol ?? 'any'}`;
}

const PROTOCOLS = [undefined, 'v1', 'v2', 'grpc-v1', 'grpc-v2'];
const RELEASES: { [name: string]: KServeRelease[] } = {
  'all': KServeRelease.all(),
  '16': [KServeRelease.V0_16],
  '17-20': KServeRelease.all().slice(1),
  '16-19': KServeRelease.all().slice(0, 4),
  '20': [KServeRelease.V0_20],
};

// releases, format, version, then for each protocol: none named, v1, v2, grpc-v1, grpc-v2
type Row = [string, string, string | undefined, string, string, string, string, string];
const ROWS: Row[] = [
  ['all', 'sklearn', undefined, 'sklearnserver v1', 'sklearnserver v1', 'mlserver v2', '-', '-'],
  ['all', 'sklearn', '0', '-', '-', 'mlserver v2', '-', '-'],
  ['all', 'sklearn', '1', 'sklearnserver v1', 'sklearnserver v1', 'mlserver v2', '-', '-'],
  ['all', 'sklearn', '1.0', '-', '-', '-', '-', '-'],
  ['all', 'xgboost', undefined, 'xgbserver v1', 'xgbserver v1', 'mlserver v2', '-', '-'],
  ['16', 'xgboost', '1', 'xgbserver v1', 'xgbserver v1', 'mlserver v2', '-', '-'],
  ['16', 'xgboost', '2', '-', '-', 'mlserver v2', '-', '-'],
  ['17-20', 'xgboost', '1', '-', '-', 'mlserver v2', '-', '-'],
  ['17-20', 'xgboost', '2', 'xgbserver v1', 'xgbserver v1', 'mlserver v2', '-', '-'],
  ['all', 'lightgbm', undefined, 'lgbserver v1', 'lgbserver v1', 'mlserver v2', '-', '-'],
  ['16', 'lightgbm', '3', 'lgbserver v1', 'lgbserver v1', 'mlserver v2', '-', '-'],
  ['16', 'lightgbm', '4', '-', '-', 'mlserver v2', '-', '-'],
  ['17-20', 'lightgbm', '3', '-', '-', 'mlserver v2', '-', '-'],
  ['17-20', 'lightgbm', '4', 'lgbserver v1', 'lgbserver v1', 'mlserver v2', '-', '-'],
  ['all', 'pmml', undefined, 'pmmlserver v1', 'pmmlserver v1', 'pmmlserver v2', '-', '-'],
  ['all', 'pmml', '3', 'pmmlserver v1', 'pmmlserver v1', 'pmmlserver v2', '-', '-'],
  ['all', 'pmml', '4', 'pmmlserver v1', 'pmmlserver v1', 'pmmlserver v2', '-', '-'],
  ['all', 'paddle', undefined, 'paddleserver v1', 'paddleserver v1', 'paddleserver v2', '-', '-'],
  ['all', 'paddle', '2', 'paddleserver v1', 'paddleserver v1', 'paddleserver v2', '-', '-'],
  ['all', 'mlflow', undefined, '-', '-', 'mlserver v2', '-', '-'],
  ['all', 'mlflow', '1', '-', '-', 'mlserver v2', '-', '-'],
  ['all', 'mlflow', '2', '-', '-', 'mlserver v2', '-', '-'],
  // triton (priority 1) serves tensorflow as well, but not by v1, and by v2 it is alone
  ['all', 'tensorflow', undefined, 'tensorflow-serving v1', 'tensorflow-serving v1', 'tritonserver v2', 'tensorflow-serving grpc-v1', 'tritonserver grpc-v2'],
  ['all', 'tensorflow', '1', 'tensorflow-serving v1', 'tensorflow-serving v1', 'tritonserver v2', 'tensorflow-serving grpc-v1', 'tritonserver grpc-v2'],
  ['all', 'tensorflow', '2', 'tensorflow-serving v1', 'tensorflow-serving v1', 'tritonserver v2', 'tensorflow-serving grpc-v1', 'tritonserver grpc-v2'],
  ['all', 'pytorch', undefined, 'torchserve v1', 'torchserve v1', 'torchserve v2', '-', 'torchserve grpc-v2'],
  ['all', 'pytorch', '1', 'torchserve v1', 'torchserve v1', 'torchserve v2', '-', 'torchserve grpc-v2'],
  ['all', 'tensorrt', undefined, '-', '-', 'tritonserver v2', '-', 'tritonserver grpc-v2'],
  ['all', 'tensorrt', '8', '-', '-', 'tritonserver v2', '-', 'tritonserver grpc-v2'],
  ['all', 'onnx', undefined, '-', '-', 'tritonserver v2', '-', 'tritonserver grpc-v2'],
  ['all', 'onnx', '1', '-', '-', 'tritonserver v2', '-', 'tritonserver grpc-v2'],
  ['all', 'triton', undefined, 'tritonserver v2', '-', 'tritonserver v2', '-', 'tritonserver grpc-v2'],
  ['all', 'triton', '2', 'tritonserver v2', '-', 'tritonserver v2', '-', 'tritonserver grpc-v2'],
  ['all', 'huggingface', undefined, 'huggingfaceserver v1', 'huggingfaceserver v1', 'huggingfaceserver v2', '-', '-'],
  ['all', 'huggingface', '1', 'huggingfaceserver v1', 'huggingfaceserver v1', 'huggingfaceserver v2', '-', '-'],
  ['16-19', 'vLLM', undefined, '-', '-', '-', '-', '-'],
  ['20', 'vLLM', undefined, 'vllmserver v2', 'vllmserver v1', 'vllmserver v2', 'vllmserver grpc-v1', 'vllmserver grpc-v2'],
  ['20', 'vLLM', '1', 'vllmserver v2', 'vllmserver v1', 'vllmserver v2', 'vllmserver grpc-v1', 'vllmserver grpc-v2'],
  ['all', 'vllm', undefined, '-', '-', '-', '-', '-'],
  ['16-19', 'autogluon', undefined, '-', '-', '-', '-', '-'],
  ['20', 'autogluon', undefined, 'autogluonserver v1', 'autogluonserver v1', 'autogluonserver v2', '-', '-'],
  ['20', 'autogluon', '1', 'autogluonserver v1', 'autogluonserver v1', 'autogluonserver v2', '-', '-'],
  ['all', 'openvino', undefined, '-', '-', '-', '-', '-'],
];

test.each(ROWS)('in KServe %s, format %s %s is served as the reference says', (releases, format, version, ...expected) => {
  for (const release of RELEASES[releases]) {
    expect([release.version, ...PROTOCOLS.map((protocol) => chosen(release, format, version, protocol))])
      .toEqual([release.version, ...expected]);
  }
});

test.each(KServeRelease.all().map((release) => [release]))('the table has every format and version of KServe %s', (release) => {
  const rows = new Set(ROWS.filter(([releases]) => RELEASES[releases].includes(release)).map(([, format, version]) => `${format} ${version}`));
  const built = builtInRuntimes(release).flatMap(({ formats }) => formats.flatMap(({ name, version }) => [`${name} undefined`, `${name} ${version}`]));

  expect(built.filter((entry) => !rows.has(entry))).toEqual([]);
});

test.each(KServeRelease.all().map((release) => [release]))('only the multi-node runtime of KServe %s serves a service with workers', (release) => {
  expect(chosen(release, 'huggingface', undefined, undefined, true)).toBe('huggingfaceserver-multinode v1');
  expect(chosen(release, 'sklearn', undefined, undefined, true)).toBe('-');
});
