import { KServeRelease } from '../../src/release';

const ALL: [string, KServeRelease][] = KServeRelease.all().map((release) => [release.version, release]);

describe('a release', () => {
  test.each([
    ['0.16.0', KServeRelease.V0_16],
    ['0.17.0', KServeRelease.V0_17],
    ['0.18.0', KServeRelease.V0_18],
    ['0.19.0', KServeRelease.V0_19],
    ['0.20.0', KServeRelease.V0_20],
  ])('%s is found by its version, with and without v and patch number', (version, release) => {
    expect(KServeRelease.of(version)).toBe(release);
    expect(KServeRelease.of(`v${version}`)).toBe(release);
    expect(KServeRelease.of(version.slice(0, 4))).toBe(release);
    expect(KServeRelease.of(`v${version.slice(0, 4)}`)).toBe(release);
    expect(release.version).toEqual(version);
    expect(`${release}`).toEqual(version);
  });

  test('is one of all, oldest first', () => {
    expect(KServeRelease.all().map(String)).toEqual(['0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.20.0']);
  });

  test('is the latest when it is the last', () => {
    expect(KServeRelease.LATEST).toBe(KServeRelease.all().at(-1));
    expect(KServeRelease.LATEST).toBe(KServeRelease.V0_20);
  });

  test.each(['0.15.0', '0.2', '0.20.1', '1', '', 'latest', 'v', 'vv0.20.0', '0.20.0 '])('named %p is refused with the known ones', (version) => {
    let error: any;
    try {
      KServeRelease.of(version);
    } catch (e) {
      error = e;
    }

    expect(error).toBeInstanceOf(Error);
    expect(error.code).toEqual('KSV1001');
    expect(error.message).toEqual([
      `KSV1001: KServeRelease.of('${version}') names no KServe release that this library knows.`
        + ' Known are 0.16.0, 0.17.0, 0.18.0, 0.19.0, 0.20.0.',
      '      Fix: use one of them, such as KServeRelease.LATEST, or upgrade cdk8s-kserve for a newer release.',
    ].join('\n'));
  });

  test('says which software it was tested with', () => {
    expect(KServeRelease.V0_16.pins).toEqual({
      certManager: 'v1.17.0',
      istio: '1.27.1',
      knativeOperator: 'v1.16.0',
      knativeServing: '1.15.2',
      gatewayApi: 'v1.2.1',
      gatewayApiInferenceExtension: 'v0.3.0',
      envoyGateway: 'v1.2.2',
      envoyAiGateway: 'v0.3.0',
      keda: '2.16.1',
      kedaOtelAddOn: 'v0.0.6',
      openTelemetryOperator: '0.113.0',
      leaderWorkerSet: 'v0.6.2',
    });
    expect(KServeRelease.V0_20.pins).toEqual({
      certManager: 'v1.17.0',
      istio: '1.27.1',
      knativeOperator: 'v1.21.1',
      knativeServing: '1.21.1',
      gatewayApi: 'v1.5.1',
      gatewayApiInferenceExtension: 'v1.5.0',
      llmDRouter: 'v0.9.0',
      envoyGateway: 'v1.8.1',
      envoyAiGateway: 'v1.0.0',
      keda: '2.18.0',
      kedaOtelAddOn: 'v0.0.6',
      openTelemetryOperator: '0.74.3',
      leaderWorkerSet: 'v0.8.0',
      workloadVariantAutoscaler: 'v0.7.0',
      kubePrometheusStack: '83.4.0',
      prometheusAdapter: '5.3.0',
      jaeger: '4.7.0',
    });
  });

  test('says what is wrong with it', () => {
    expect(KServeRelease.V0_20.knownBugs).toContainEqual({
      id: 'multi-node-cleanup',
      summary: 'The cleanup of canaries deletes the workers and the headless Services of a multi-node predictor at every reconcile.',
      affects: 'predictor.workerSpec',
      reference: 'https://github.com/kserve/kserve/issues/6113',
    });
  });

  test.each(ALL)('%s has complete bug reports that point to its own source', (version, release) => {
    expect(release.knownBugs.length).toBeGreaterThan(0);
    for (const { id, summary, affects, reference } of release.knownBugs) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(summary).toMatch(/^\S.*\.$/);
      expect(affects).toMatch(/^\S.+[^.]$/);
      expect(reference).toMatch(new RegExp(`^https://github.com/kserve/kserve/((issues|pull)/\\d+|(blob|tree)/v${version}/.+)$`));
    }
  });

  test.each(ALL)('%s cannot be changed by anyone who reads it', (_version, release) => {
    const loose: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) loose.push(path);
      Object.entries(value).forEach(([key, child]) => visit(child, `${path}.${key}`));
    };

    visit(release._data, 'data');

    expect(loose).toEqual([]);
    expect(() => { (release.pins as any).keda = 'changed'; }).toThrow(TypeError);
    expect(release._data).toBe(release._data);
  });

  test('hands out a list of bugs of the caller\'s own', () => {
    KServeRelease.V0_20.knownBugs.length = 0;

    expect(KServeRelease.V0_20.knownBugs.length).toBeGreaterThan(0);
  });
});
