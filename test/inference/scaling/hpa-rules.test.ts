import * as fc from 'fast-check';
import { Deferred } from '../../../src/core/deferred';
import { HPA_RULES } from '../../../src/inference/scaling/hpa-rules';
import { judge, knative, standard, violations } from '../judge';

const HPA = { 'serving.kserve.io/autoscalerClass': 'hpa' };
const KEDA = { 'serving.kserve.io/autoscalerClass': 'keda' };
const KNATIVE_HPA = { 'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev' };
const deferred = new Deferred('n');
const METRIC = ['KSV1511 /spec/predictor/scaleMetric'];
const TARGET = ['KSV1512 /spec/predictor/scaleTarget'];

describe('metrics of a mode', () => {
  test.each<[string, ReturnType<typeof standard>, string[]]>([
    ['concurrency in Standard', standard({ scaleMetric: 'concurrency' }), METRIC],
    ['rps in Standard with class hpa', standard({ scaleMetric: 'rps' }, HPA), METRIC],
    ['cpu in Standard', standard({ scaleMetric: 'cpu' }), []],
    ['concurrency in Knative', knative({ scaleMetric: 'concurrency' }), []],
    ['concurrency in Knative with class hpa', knative({ scaleMetric: 'concurrency' }, KNATIVE_HPA), METRIC],
    ['concurrency in Knative with class hpa on the component', knative({ scaleMetric: 'concurrency', annotations: KNATIVE_HPA }), METRIC],
    ['cpu in Knative', knative({ scaleMetric: 'cpu' }), METRIC],
    ['cpu in Knative with class hpa', knative({ scaleMetric: 'cpu' }, KNATIVE_HPA), []],
    ['cpu in Knative with class hpa on the component, where the webhook does not look', knative({ scaleMetric: 'cpu', annotations: KNATIVE_HPA }), METRIC],
    ['a deferred metric', standard({ scaleMetric: deferred }), []],
  ])('%s', (_, manifest, found) => {
    expect(judge(HPA_RULES, manifest)).toEqual(found);
  });

  test('the fix names the mode that can', () => {
    expect(violations(HPA_RULES, standard({ scaleMetric: 'rps' }))[0].fix).toContain('DeploymentMode.KNATIVE');
    expect(violations(HPA_RULES, knative({ scaleMetric: 'memory', scaleTarget: 60 }))[0].fix).toContain('DeploymentMode.STANDARD');
  });
});

describe('targets', () => {
  test.each<[string, ReturnType<typeof standard>, string[]]>([
    ['cpu 0', standard({ scaleMetric: 'cpu', scaleTarget: 0 }), TARGET],
    ['cpu 101', standard({ scaleMetric: 'cpu', scaleTarget: 101 }), TARGET],
    ['no metric 101, which is cpu', standard({ scaleTarget: 101 }), TARGET],
    ['memory 101', standard({ scaleMetric: 'memory', scaleTarget: 101 }), TARGET],
    ['memory 0', standard({ scaleMetric: 'memory', scaleTarget: 0 }), TARGET],
    ['deferred', standard({ scaleMetric: 'cpu', scaleTarget: deferred }), []],
    ['Knative 101', knative({ scaleTarget: 101 }), []],
    ['Knative with class hpa 101', knative({ scaleMetric: 'cpu', scaleTarget: 101 }, KNATIVE_HPA), TARGET],
    ['class none 101', standard({ scaleTarget: 101 }, { 'serving.kserve.io/autoscalerClass': 'none' }), []],
  ])('%s', (_, manifest, found) => {
    expect(judge(HPA_RULES, manifest)).toEqual(found);
  });

  test('exactly 1 to 100 are accepted', () => {
    fc.assert(fc.property(fc.integer({ min: -50, max: 250 }), fc.constantFrom('cpu', 'memory'), (scaleTarget, scaleMetric) => {
      expect(judge(HPA_RULES, standard({ scaleMetric, scaleTarget }, HPA)).length === 0).toBe(scaleTarget >= 1 && scaleTarget <= 100);
    }));
  });
});

describe('autoScaling.metrics of a HorizontalPodAutoscaler', () => {
  const resource = (name: string, target: object) => ({ type: 'Resource', resource: { name, target } });
  const at = '/spec/predictor/autoScaling/metrics/0';

  test.each<[string, object, string[]]>([
    ['a share of cpu', resource('cpu', { type: 'Utilization', averageUtilization: 150 }), []],
    ['cpu without its share, which is 80 %', resource('cpu', { type: 'Utilization' }), []],
    ['an amount of cpu', resource('cpu', { type: 'AverageValue', averageValue: '2' }), [`KSV1513 ${at}/resource/target/type`]],
    ['no share', resource('cpu', { type: 'Utilization', averageUtilization: 0 }), [`KSV1513 ${at}/resource/target/averageUtilization`]],
    ['a share of memory', resource('memory', { type: 'Utilization', averageUtilization: 60 }), []],
    ['memory without its share', resource('memory', { type: 'Utilization' }), [`KSV1513 ${at}/resource/target`]],
    ['an amount of memory', resource('memory', { type: 'AverageValue', averageValue: '2Gi' }), []],
    ['memory without its amount', resource('memory', { type: 'AverageValue' }), [`KSV1513 ${at}/resource/target`]],
    ['a total of memory', resource('memory', { type: 'Value', value: '2Gi' }), [`KSV1513 ${at}/resource/target`]],
    ['a query', { type: 'External', external: {} }, [`KSV1513 ${at}/type`]],
    ['a resource that is not said', { type: 'Resource' }, [`KSV1513 ${at}`]],
  ])('%s', (_, metric, found) => {
    expect(judge(HPA_RULES, standard({ autoScaling: { metrics: [metric] } }))).toEqual(found);
    expect(judge(HPA_RULES, standard({ autoScaling: { metrics: [metric] } }, KEDA))).toEqual([]);
  });
});

test.each<[object, string[]]>([
  [{ scaleMetric: 'memory' }, ['KSV1514 /spec/predictor/scaleMetric']],
  [{ scaleMetric: 'memory', scaleTarget: 60 }, []],
  [{ autoScaling: {} }, ['KSV1514 /spec/predictor/autoScaling']],
  [{ autoScaling: { metrics: [] } }, ['KSV1514 /spec/predictor/autoScaling']],
  [{ scaleMetric: 'cpu' }, []],
])('scaling on CPU instead of %p: %p', (predictor, found) => {
  expect(judge(HPA_RULES, standard(predictor))).toEqual(found);
});

describe('behavior', () => {
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };
  const behavior = { scaleUp: { stabilizationWindowSeconds: 10 }, scaleDown: { stabilizationWindowSeconds: 60, policies: [], selectPolicy: 'Min' } };
  const predictor = { autoScaling: { metrics: [cpu], behavior } };

  test('is not handed on to a HorizontalPodAutoscaler', () => {
    expect(judge(HPA_RULES, standard(predictor))).toEqual(['KSV1515 /spec/predictor/autoScaling/behavior']);
  });

  test('is handed on to KEDA in part', () => {
    expect(judge(HPA_RULES, standard(predictor, KEDA))).toEqual([
      'KSV1515 /spec/predictor/autoScaling/behavior/scaleDown/policies', 'KSV1515 /spec/predictor/autoScaling/behavior/scaleDown/selectPolicy',
    ]);
  });
});
