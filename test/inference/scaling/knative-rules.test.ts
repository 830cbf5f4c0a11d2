import * as fc from 'fast-check';
import { Deferred } from '../../../src/core/deferred';
import { KNATIVE_RULES } from '../../../src/inference/scaling/knative-rules';
import { judge, knative, standard } from '../judge';

const PREFIX = 'autoscaling.knative.dev';
const pointer = (name: string) => `/metadata/annotations/${PREFIX}~1${name}`;

test.each<[object, string[]]>([
  [{ scaleMetric: 'rps', scaleTarget: 0 }, ['KSV1521 /spec/predictor/scaleTarget']],
  [{ scaleTarget: 0 }, ['KSV1521 /spec/predictor/scaleTarget']],
  [{ scaleTarget: 1 }, []],
  [{ scaleTarget: new Deferred('n') }, []],
])('targets of %p: %p', (predictor, found) => {
  expect(judge(KNATIVE_RULES, knative(predictor))).toEqual(found);
  expect(judge(KNATIVE_RULES, standard(predictor))).toEqual([]);
});

describe('autoscalers that Knative mode does not have', () => {
  const CLASS = 'serving.kserve.io/autoscalerClass';

  test.each(['keda', 'external', 'none', 'hpa'])('%s has no effect', (autoscaler) => {
    expect(judge(KNATIVE_RULES, knative({}, { [CLASS]: autoscaler }))).toEqual(['KSV1522 /metadata/annotations/serving.kserve.io~1autoscalerClass']);
    expect(judge(KNATIVE_RULES, knative({ annotations: { [CLASS]: autoscaler } }))).toEqual(['KSV1522 /spec/predictor/annotations/serving.kserve.io~1autoscalerClass']);
    expect(judge(KNATIVE_RULES, standard({}, { [CLASS]: autoscaler }))).toEqual([]);
  });

  test('hpa does no harm where Knative scales by one', () => {
    expect(judge(KNATIVE_RULES, knative({}, { [CLASS]: 'hpa', [`${PREFIX}/class`]: 'hpa.autoscaling.knative.dev' }))).toEqual([]);
  });

  test('autoScaling has no effect, and is said once', () => {
    expect(judge(KNATIVE_RULES, knative({ autoScaling: {} }))).toEqual(['KSV1522 /spec/predictor/autoScaling']);
    expect(judge(KNATIVE_RULES, knative({ autoScaling: {}, annotations: { [CLASS]: 'keda' } }))).toHaveLength(1);
  });
});

test('an initial scale of zero needs Knative to allow it', () => {
  const manifest = knative({}, { [`${PREFIX}/initial-scale`]: '0' });

  expect(judge(KNATIVE_RULES, manifest)).toEqual([`KSV1523 ${pointer('initial-scale')}`]);
  expect(judge(KNATIVE_RULES, manifest, { target: { allowZeroInitialScale: true } })).toEqual([]);
  expect(judge(KNATIVE_RULES, knative({}, { [`${PREFIX}/initial-scale`]: '1' }))).toEqual([]);
});

describe('ranges', () => {
  test.each<[string, string[], string[]]>([
    ['class', ['kpa.autoscaling.knative.dev', 'hpa.autoscaling.knative.dev', 'keda.autoscaling.acme.org'], ['hpa', 'keda.autoscaling.knative.dev', '']],
    ['metric', ['concurrency', 'rps'], ['cpu', 'qps']],
    ['target', ['0.01', '1', '200.5'], ['0', '0.001', 'ten', '']],
    ['target-utilization-percentage', ['1', '70', '100'], ['0', '101']],
    ['target-burst-capacity', ['-1', '0', '211'], ['-2', 'none']],
    ['initial-scale', ['1', '10'], ['-1', '1.5', '']],
    ['activation-scale', ['2', '10'], ['1', '2.5']],
    ['window', ['6s', '1m30s', '1h', '90s', '6000ms'], ['5s', '1h1s', '6.5s', '60', 'soon', '']],
    ['scale-down-delay', ['0s', '0', '15m', '1h'], ['61m', '500ms', '-1s']],
    ['scale-to-zero-pod-retention-period', ['0s', '10m', '1.5s'], ['2h', 'long']],
    ['panic-window-percentage', ['1', '10.5', '100'], ['0', '101']],
    ['panic-threshold-percentage', ['110', '1000'], ['109', '1001']],
    ['metric-aggregation-algorithm', ['linear', 'weighted-exponential', 'weightedExponential'], ['exponential']],
  ])('%s takes %p and not %p', (name, good, bad) => {
    const found = (value: string) => judge(KNATIVE_RULES, knative({}, { [`${PREFIX}/${name}`]: value }));

    expect(good.flatMap(found)).toEqual([]);
    expect(bad.flatMap(found)).toEqual(bad.map(() => `KSV1524 ${pointer(name)}`));
  });

  test('a window of whole seconds from 6 to 3600 is accepted, and no other', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4000 }), (seconds) => {
      const found = judge(KNATIVE_RULES, knative({}, { [`${PREFIX}/window`]: `${seconds}s` }));
      expect(found.length === 0).toBe(seconds >= 6 && seconds <= 3600);
    }));
  });

  test('a metric of a HorizontalPodAutoscaler needs one, and a scaleMetric takes its place', () => {
    const annotations = { [`${PREFIX}/metric`]: 'cpu' };

    expect(judge(KNATIVE_RULES, knative({}, { ...annotations, [`${PREFIX}/class`]: 'hpa.autoscaling.knative.dev' }))).toEqual([]);
    expect(judge(KNATIVE_RULES, knative({ scaleMetric: 'rps' }, annotations))).toEqual([]);
    expect(judge(KNATIVE_RULES, knative({ annotations }))).toEqual([`KSV1524 /spec/predictor/annotations/${PREFIX}~1metric`]);
  });

  test.each<[object, string, number]>([
    [{ minReplicas: 1, maxReplicas: 3 }, '3', 0],
    [{ minReplicas: 1, maxReplicas: 3 }, '4', 1],
    [{ minReplicas: 4 }, '3', 1],
    [{ minReplicas: 0, maxReplicas: 0 }, '3', 0],
    [{ maxReplicas: new Deferred('max') }, '4', 0],
  ])('an activation scale beside %p may be %s: %i', (predictor, value, count) => {
    const annotations = { [`${PREFIX}/activation-scale`]: value };

    expect(judge(KNATIVE_RULES, knative(predictor, annotations))).toHaveLength(count);
    expect(judge(KNATIVE_RULES, knative({ ...predictor, annotations }))).toHaveLength(count);
  });

  test('values known at deployment are not judged', () => {
    expect(judge(KNATIVE_RULES, knative({}, { [`${PREFIX}/window`]: `${new Deferred('window')}` }))).toEqual([]);
  });
});

test('Knative\'s settings are read by nobody in Standard mode', () => {
  const annotations = { [`${PREFIX}/window`]: '5s' };

  expect(judge(KNATIVE_RULES, standard({}, annotations))).toEqual([`KSV1525 ${pointer('window')}`]);
  expect(judge(KNATIVE_RULES, standard({ annotations }))).toEqual([`KSV1525 /spec/predictor/annotations/${PREFIX}~1window`]);
  expect(judge(KNATIVE_RULES, standard({ scaleMetric: 'rps' }, annotations))).toEqual([]);
});
