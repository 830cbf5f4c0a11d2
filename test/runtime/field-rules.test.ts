import { codesOf, judge, runtime } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';

const LATER = new Deferred('later') as any;
const worker = (fields: object) => ({ workerSpec: { containers: [{ name: 'worker-container' }], ...fields } });

test('a runtime without formats is a warning', () => {
  expect(codesOf(chartOn(), runtime({ supportedModelFormats: [] }))).toEqual(['KSV1713']);
  expect(codesOf(chartOn(), runtime({ supportedModelFormats: undefined }))).toEqual(['KSV1713']);
});

test('schedulerName is an error in the release whose runtimes have none', () => {
  const manifest = runtime({ schedulerName: 'volcano', ...worker({ schedulerName: LATER }) });

  expect(judge(chartOn({ release: KServeRelease.V0_16 }), manifest)).toMatchObject([
    { code: 'KSV1714', at: '/spec/schedulerName', allowed: 'KServe 0.17.0 and newer' }, { code: 'KSV1714', at: '/spec/workerSpec/schedulerName' },
  ]);
  expect(codesOf(chartOn({ release: KServeRelease.V0_17 }), manifest)).toEqual([]);
});

describe('an annotation that the release does not read is a warning:', () => {
  test('the server type', () => {
    const manifest = runtime({}, 'ServingRuntime', { annotations: { 'serving.kserve.io/server-type': 'mlserver' } });

    expect(judge(chartOn({ release: KServeRelease.V0_16 }), manifest)).toMatchObject([
      { code: 'KSV1715', at: '/metadata/annotations/serving.kserve.io~1server-type', allowed: 'KServe 0.17.0 and newer' },
    ]);
    expect(codesOf(chartOn({ release: KServeRelease.V0_17 }), manifest)).toEqual([]);
  });

  test('the executor backend, unless it is Ray or there are no workers', () => {
    const chart = chartOn({ release: KServeRelease.V0_17 });
    const backend = (value: string) => ({ annotations: { 'multinode/executor-backend': value } });

    expect(judge(chart, runtime({ ...worker({}), ...backend('mp') }))).toMatchObject([
      { code: 'KSV1715', at: '/spec/annotations/multinode~1executor-backend', value: 'mp', allowed: 'KServe 0.18.0 and newer' },
    ]);
    expect(codesOf(chart, runtime({ ...worker({}), ...backend('ray') }))).toEqual([]);
    expect(codesOf(chart, runtime({ ...worker({}), ...backend(LATER) }))).toEqual([]);
    expect(codesOf(chart, runtime(backend('mp')))).toEqual([]);
    expect(codesOf(chartOn({ release: KServeRelease.V0_18 }), runtime({ ...worker({}), ...backend('mp') }))).toEqual([]);
  });
});

test('hostIPC is a warning except where ModelMesh may read it', () => {
  expect(judge(chartOn(), runtime({ hostIPC: true, ...worker({ hostIPC: true }) })).map(({ code, at }) => [code, at])).toEqual([
    ['KSV1716', '/spec/hostIPC'], ['KSV1716', '/spec/workerSpec/hostIPC'],
  ]);
  expect(codesOf(chartOn(), runtime({ hostIPC: false }))).toEqual([]);
  expect(codesOf(chartOn(), runtime({ hostIPC: true, multiModel: true }))).toEqual([]);
});

test.each([[-1], [65536], [1.5]])('%p are no replicas', (replicas) => {
  expect(judge(chartOn(), runtime({ replicas }))).toMatchObject([{ code: 'KSV1717', at: '/spec/replicas', value: replicas }]);
});

test.each([[0], [65535], [LATER]])('%p may be replicas', (replicas) => {
  expect(codesOf(chartOn(), runtime({ replicas }))).toEqual([]);
});

test('pod fields that the release does not know are errors, each where it stands', () => {
  const container = {
    name: 'kserve-container',
    restartPolicyRules: [{ action: 'Restart' }],
    env: [{ name: 'A', value: 'b' }, { name: 'C', valueFrom: { fileKeyRef: { key: 'a' } } }],
  };
  const volumes = [{ name: 'a' }, { name: 'b', projected: { sources: [{ podCertificate: {} }] } }];
  const manifest = runtime({ containers: [container], volumes, ...worker({ volumes }) });

  expect(judge(chartOn({ release: KServeRelease.V0_16 }), manifest).map(({ code, at }) => [code, at])).toEqual([
    ['KSV1718', '/spec/containers/0/env/1/valueFrom/fileKeyRef'],
    ['KSV1718', '/spec/containers/0/restartPolicyRules'],
    ['KSV1718', '/spec/volumes/1/projected/sources/0/podCertificate'],
    ['KSV1718', '/spec/workerSpec/volumes/1/projected/sources/0/podCertificate'],
  ]);
  expect(codesOf(chartOn({ release: KServeRelease.V0_17 }), manifest)).toEqual([]);
});
