import { KServeRelease } from '../../src/release';
import type { ReleaseData } from '../../src/release/data';

type Fact = (data: ReleaseData) => unknown;

/** The versions of a format for which a runtime is chosen by itself. */
const chosenFor = (runtime: string): Fact => ({ runtimes }) => runtimes[runtime]?.formats.map(({ name, version }) => `${name} ${version}`).join();

describe('what differs between releases', () => {
  const F = false;
  const T = true;
  const facts: [string, Fact, unknown[]][] = [
    // fact, how it is read, 0.16 … 0.20
    ['old mode names break updates', ({ modes }) => modes.aliasBreaksUpdates, [T, F, F, F, F]],
    ['old mode names are rewritten', ({ abilities }) => abilities.legacyModeNamesRewritten, [F, T, T, T, T]],
    ['modes are normalised before they are compared', ({ abilities }) => abilities.deploymentModeNormalised, [F, F, F, T, T]],
    ['multi-node works', ({ abilities }) => abilities.multiNode, [T, T, T, T, F]],
    ['canary predictors', ({ abilities }) => abilities.canaryPredictors, [F, F, F, F, T]],
    ['traffic for canary predictors', ({ abilities }) => abilities.canaryTrafficSplit, [F, F, F, F, F]],
    ['PYTHONPATH is refused', ({ forbiddenEnv }) => forbiddenEnv.includes('PYTHONPATH'), [F, F, T, T, T]],
    ['git sources', ({ abilities }) => abilities.gitSource, [F, T, T, T, T]],
    ['oci+native is a scheme', ({ storage }) => storage.prefixes.includes('oci+native://'), [F, F, F, F, T]],
    ['oci among several sources', ({ abilities }) => abilities.ociInStorageUris, [F, F, F, T, T]],
    ['oci beside other sources', ({ abilities }) => abilities.ociBesideOthers, [F, F, F, F, T]],
    ['a splitter misses requests', ({ bugs }) => 'splitter-misses' in bugs, [T, T, T, F, F]],
    ['Helm CRD drops mapPredictionsToInstances', ({ bugs }) => 'graph-map-predictions-pruned' in bugs, [T, F, F, F, F]],
    ['xgbserver', chosenFor('kserve-xgbserver'), ['xgboost 1', ...Array(4).fill('xgboost 2')]],
    ['lgbserver', chosenFor('kserve-lgbserver'), ['lightgbm 3', ...Array(4).fill('lightgbm 4')]],
    ['vllmserver', chosenFor('kserve-vllmserver'), [undefined, undefined, undefined, undefined, 'vLLM 1']],
    ['predictiveserver', ({ runtimes }) => 'kserve-predictiveserver' in runtimes, [F, T, T, T, T]],
    ['MLServer of the chart', ({ runtimes }) => runtimes['kserve-mlserver'].image.tag, Array(5).fill('1.5.0')],
    ['MLServer of the manifests', ({ runtimes }) => runtimes['kserve-mlserver'].image.manifestTag, ['1.5.0', '1.5.0', '1.7.1', '1.7.1', '1.7.1']],
    ['sklearnserver image', ({ runtimes }) => runtimes['kserve-sklearnserver'].image.tag, ['v0.16.0', 'v0.17.0', 'v0.18.0', 'v0.19.0', 'v0.20.0']],
    ['controller chart', ({ charts }) => charts.controller, ['kserve', ...Array(4).fill('kserve-resources')]],
    ['runtimes chart', ({ charts }) => charts.runtimes, ['kserve', ...Array(4).fill('kserve-runtime-configs')]],
    ['runtimes are switched on by', ({ charts }) => charts.values.runtimesEnabled, [undefined, ...Array(4).fill('kserve.servingruntime.enabled')]],
    ['LLM CRD chart', ({ charts }) => charts.llmCrd, ['llmisvc-crd', ...Array(4).fill('kserve-llmisvc-crd')]],
    ['local model chart', ({ charts }) => charts.localModelController, ['kserve', ...Array(4).fill('kserve-localmodel-resources')]],
    ['LLM version', ({ kinds }) => kinds.LLMInferenceService.version, ['v1alpha1', ...Array(4).fill('v1alpha2')]],
    ['protocol of vLLM', ({ protocols }) => protocols.ofFormat.vLLM, [undefined, undefined, undefined, undefined, 'v2']],
    ['credentials annotation, Helm', ({ config }) => config.byInstall.helm.storageSecretNameAnnotation, Array(5).fill('serving.kserve.io/secretName')],
    ['credentials annotation, manifests', ({ config }) => config.byInstall.manifests.storageSecretNameAnnotation, Array(5).fill('serving.kserve.io/storageSecretName')],
    ['Knative Serving', ({ pins }) => pins.knativeServing, ['1.15.2', '1.21.1', '1.21.1', '1.21.1', '1.21.1']],
    ['KEDA', ({ pins }) => pins.keda, ['2.16.1', '2.17.3', '2.17.3', '2.18.0', '2.18.0']],
    ['Envoy Gateway', ({ pins }) => pins.envoyGateway, ['v1.2.2', 'v1.6.3', 'v1.6.3', 'v1.7.0', 'v1.8.1']],
    ['LeaderWorkerSet', ({ pins }) => pins.leaderWorkerSet, ['v0.6.2', 'v0.7.0', 'v0.8.0', 'v0.8.0', 'v0.8.0']],
  ];

  test.each(facts)('%s', (_fact, read, expected) => {
    expect(KServeRelease.all().map((release) => read(release._data))).toEqual(expected);
  });
});

describe.each(KServeRelease.all().map((release) => [release.version, release._data] as const))('%s', (_version, data) => {
  test('names a chart key for every runtime that it installs, and for no other', () => {
    const installed = Object.values(data.runtimes).filter((runtime) => runtime.installed).map(({ name }) => name);

    expect(Object.keys(data.charts.runtimeKeys).sort()).toEqual(installed.sort());
  });

  test('files each runtime under its own name', () => {
    expect(Object.entries(data.runtimes).filter(([name, runtime]) => runtime.name !== name)).toEqual([]);
  });

  test('has runtimes that speak protocols it knows', () => {
    const spoken = Object.values(data.runtimes).flatMap(({ protocols }) => protocols);

    expect(spoken.filter((protocol) => !data.protocols.order.includes(protocol))).toEqual([]);
  });
});
