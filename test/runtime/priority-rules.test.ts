import { codesOf, global, judge, local, runtime } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { InferenceProtocol, RuntimeFormat } from '../../src/target';

const LATER = new Deferred('later') as any;
const V1 = [InferenceProtocol.V1];

function serving(formats: RuntimeFormat[], more: object = {}, kind = 'ServingRuntime') {
  return runtime({ supportedModelFormats: formats, protocolVersions: V1, ...more }, kind);
}

function prophet(more: Partial<RuntimeFormat> = {}): RuntimeFormat {
  return { name: 'prophet', version: '1', autoSelect: true, priority: 1, ...more };
}

describe('a priority', () => {
  test.each([0, -3, 1.5, 2 ** 31])('is not %p', (priority) => {
    expect(judge(chartOn(), serving([prophet(), prophet({ name: 'arima', priority })]))).toMatchObject([
      { code: 'KSV1707', at: '/spec/supportedModelFormats/1/priority', value: priority },
    ]);
  });

  test.each([1, 2 ** 31 - 1, undefined, LATER])('may be %p', (priority) => {
    expect(codesOf(chartOn(), serving([prophet({ priority })]))).toEqual([]);
  });
});

describe('the versions of a format', () => {
  test('have one priority', () => {
    expect(judge(chartOn(), serving([prophet(), prophet({ version: '2', priority: 2 })]))).toMatchObject([
      { code: 'KSV1708', at: '/spec/supportedModelFormats/1/priority', value: 2, allowed: '1' },
    ]);
  });

  test.each<[string, Partial<RuntimeFormat>]>([
    ['it is not chosen for', { priority: 2, autoSelect: false }],
    ['of another format', { priority: 2, name: 'arima' }],
    ['of another spelling', { priority: 2, name: 'Prophet' }],
    ['without one', { priority: undefined }],
    ['of a deferred format', { priority: 2, name: LATER }],
    ['with a deferred one', { priority: LATER }],
  ])('leave alone one %s', (_, other) => {
    expect(codesOf(chartOn(), serving([prophet(), prophet({ version: '2', ...other })]))).toEqual([]);
  });

  test('may have several in a disabled runtime', () => {
    expect(codesOf(chartOn(), serving([prophet(), prophet({ version: '2', priority: 2 })], { disabled: true }))).toEqual([]);
  });
});

describe('the priority of another runtime', () => {
  test('is refused in the same namespace, where names are compared without case', () => {
    const chart = chartOn();
    local(chart, 'first', { formats: [prophet({ name: 'Prophet' })], protocolVersions: [InferenceProtocol.V2, InferenceProtocol.V1] });

    expect(judge(chart, serving([prophet()]))).toEqual([{
      code: 'KSV1709',
      at: '/spec/supportedModelFormats/0/priority',
      value: 1,
      message: 'is the priority of first (\'models/first\') for prophet 1 as well',
      fix: 'set another priority: a higher one to be preferred to first.',
    }]);
  });

  test('is refused in the cluster', () => {
    const chart = chartOn();
    global(chart, 'first', { formats: [prophet()], protocolVersions: V1 });

    expect(codesOf(chart, serving([prophet()], {}, 'ClusterServingRuntime'))).toEqual(['KSV1709']);
    expect(codesOf(chart, serving([prophet()]))).toEqual([]);
  });

  test.each<[string, object]>([
    ['of another namespace', { namespace: 'elsewhere' }],
    ['that is disabled', { disabled: true }],
    ['for many models', { multiModel: true, containerName: 'server' }],
    ['of other protocols', { protocolVersions: [InferenceProtocol.V2] }],
    ['of no protocols', { protocolVersions: [] }],
    ['for another version', { formats: [prophet({ version: '2' })] }],
    ['for no version', { formats: [prophet({ version: undefined })] }],
    ['that is not chosen by itself', { formats: [prophet({ autoSelect: false })] }],
    ['without a priority', { formats: [prophet({ priority: undefined })] }],
    ['with another priority', { formats: [prophet({ priority: 2 })] }],
    ['with a deferred priority', { formats: [prophet({ priority: LATER })] }],
    ['of the same name, which is the same runtime', { name: 'runtime' }],
    ['with a deferred name', { name: LATER }],
  ])('is allowed for one %s', (_, props) => {
    const chart = chartOn();
    local(chart, 'first', { formats: [prophet()], protocolVersions: V1, ...props });

    expect(codesOf(chart, serving([prophet()]))).toEqual([]);
  });

  test('is a warning where the release\'s runtimes are merely assumed, and an error where they are known', () => {
    const sklearn = serving([prophet({ name: 'sklearn' })], {}, 'ClusterServingRuntime');

    expect(judge(chartOn(), sklearn)).toMatchObject([{ code: 'KSV1710', message: 'is the priority of kserve-sklearnserver for sklearn 1 as well' }]);
    expect(codesOf(chartOn({ runtimesComplete: true }), sklearn)).toEqual(['KSV1709']);
    expect(codesOf(chartOn({ runtimes: [] }), sklearn)).toEqual([]);
  });
});
