import { Deferred } from '../../../src/core/deferred';
import { KEDA_RULES } from '../../../src/inference/scaling/keda-rules';
import { judge, knative, standard } from '../judge';

const KEDA = { 'serving.kserve.io/autoscalerClass': 'keda' };
const deferred = new Deferred('n');
const at = '/spec/predictor/autoScaling/metrics/0';

const resource = (name: string, target: object) => ({ type: 'Resource', resource: { name, target } });
const external = (metric: object, target: object, rest: object = {}) => ({ type: 'External', external: { metric, target, ...rest } });
const value = { type: 'Value', value: '5' };
const keda = (metric: object) => standard({ autoScaling: { metrics: [metric] } }, KEDA);

test.each<[string, object, string[]]>([
  ['a share of cpu', resource('cpu', { type: 'Utilization', averageUtilization: 1 }), []],
  ['all of the cpu', resource('cpu', { type: 'Utilization', averageUtilization: 100 }), []],
  ['more than the cpu', resource('cpu', { type: 'Utilization', averageUtilization: 101 }), [`${at}/resource/target/averageUtilization`]],
  ['none of the cpu', resource('cpu', { type: 'Utilization', averageUtilization: 0 }), [`${at}/resource/target/averageUtilization`]],
  ['a deferred share', resource('cpu', { type: 'Utilization', averageUtilization: deferred }), []],
  ['no share', resource('cpu', { type: 'Utilization' }), [`${at}/resource/target`]],
  ['an amount of cpu', resource('cpu', { type: 'AverageValue', averageValue: '1' }), [`${at}/resource/target/type`]],
  ['an amount of memory', resource('memory', { type: 'AverageValue', averageValue: '1Mi' }), []],
  ['too little memory', resource('memory', { type: 'AverageValue', averageValue: '1023Ki' }), [`${at}/resource/target/averageValue`]],
  ['a deferred amount', resource('memory', { type: 'AverageValue', averageValue: deferred }), []],
  ['no amount', resource('memory', { type: 'AverageValue' }), [`${at}/resource/target`]],
  ['a total of memory', resource('memory', { type: 'Value', value: '1Gi' }), [`${at}/resource/target/type`]],
  ['no resource', { type: 'Resource' }, [at]],
  ['a query', external({ query: 'sum(x)' }, value), []],
  ['a deferred query', external({ query: deferred }, { type: 'Value', value: deferred }), []],
  ['an empty query', external({ query: '' }, value), [`${at}/external/metric/query`]],
  ['no query', external({}, value), [`${at}/external/metric`]],
  ['no threshold', external({ query: 'sum(x)' }, { type: 'AverageValue', averageValue: '5' }), [`${at}/external/target`]],
  ['a threshold of another kind', external({ query: 'sum(x)' }, { type: 'AverageValue', value: '5' }), [`${at}/external/target/type`]],
  ['a threshold of both kinds', external({ query: 'sum(x)' }, { type: 'AverageValue', value: '5', averageValue: '5' }), []],
  ['a threshold of 0', external({ query: 'sum(x)' }, { type: 'Value', value: '0' }), [`${at}/external/target/value`]],
  ['authentication', external({ query: 'sum(x)' }, value, { authenticationRef: { authenticationRef: { name: 'a' } } }), []],
  ['authentication without a name', external({ query: 'sum(x)' }, value, { authenticationRef: { authModes: 'bearer' } }), [`${at}/external/authenticationRef`]],
  ['a pod metric', { type: 'PodMetric', podmetric: { metric: { query: 'x' }, target: value } }, []],
  ['a pod metric without a query', { type: 'PodMetric', podmetric: { metric: {}, target: value } }, [`${at}/podmetric/metric`]],
  ['a pod metric in the wrong field', { type: 'PodMetric', podMetric: {} }, [at]],
])('KSV1517: %s', (_, metric, found) => {
  expect(judge(KEDA_RULES, keda(metric))).toEqual(found.map((pointer) => `KSV1517 ${pointer}`));
});

test('a class on the component counts as one on the service does', () => {
  const predictor = { annotations: KEDA, autoScaling: { metrics: [external({}, value)] } };

  expect(judge(KEDA_RULES, standard(predictor))).toEqual([`KSV1517 ${at}/external/metric`]);
  expect(judge(KEDA_RULES, knative(predictor))).toEqual([]);
});

test('scaleMetric is refused', () => {
  expect(judge(KEDA_RULES, standard({ scaleMetric: 'cpu', autoScaling: { metrics: [external({ query: 'x' }, value)] } }, KEDA))).toEqual(['KSV1516 /spec/predictor/scaleMetric']);
});

test.each<[object, string]>([
  [{}, '/spec/predictor'],
  [{ autoScaling: {} }, '/spec/predictor'],
  [{ autoScaling: { metrics: [] } }, '/spec/predictor/autoScaling/metrics'],
])('KEDA needs a metric: %p', (predictor, pointer) => {
  expect(judge(KEDA_RULES, standard(predictor, KEDA))).toEqual([`KSV1518 ${pointer}`]);
});

describe('a target without', () => {
  const podMetric = { type: 'PodMetric', podmetric: { metric: { query: 'x', metricNames: ['x'] }, target: value } };

  test('KEDA cannot scale by it', () => {
    expect(judge(KEDA_RULES, keda(podMetric), { target: { components: { keda: false } } })).toEqual(['KSV1519 /spec/predictor/autoScaling']);
    expect(judge(KEDA_RULES, keda(podMetric), { target: { components: { keda: true } } })).toEqual([]);
    expect(judge(KEDA_RULES, standard({}), { target: { components: { keda: false } } })).toEqual([]);
  });

  test('the OpenTelemetry operator cannot gather metrics', () => {
    expect(judge(KEDA_RULES, keda(podMetric), { target: { components: { openTelemetryOperator: false } } }))
      .toEqual([`KSV1519 ${at}/podmetric/metric/metricNames`]);
  });
});
