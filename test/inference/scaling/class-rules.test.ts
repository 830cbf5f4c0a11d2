import { KServeRelease } from '../../../src';
import { CLASS_RULES } from '../../../src/inference/scaling/class-rules';
import { judge, knative, standard, violations } from '../judge';

const CLASS = 'serving.kserve.io/autoscalerClass';
const ON_SERVICE = '/metadata/annotations/serving.kserve.io~1autoscalerClass';
const ON_PREDICTOR = '/spec/predictor/annotations/serving.kserve.io~1autoscalerClass';

describe('classes', () => {
  test.each(['kpa', 'KEDA', ''])('%p is none', (autoscaler) => {
    expect(judge(CLASS_RULES, standard({}, { [CLASS]: autoscaler }))).toEqual([`KSV1531 ${ON_SERVICE}`]);
    expect(judge(CLASS_RULES, standard({ annotations: { [CLASS]: autoscaler } }))).toEqual([`KSV1531 ${ON_PREDICTOR}`]);
  });

  test.each(KServeRelease.all().map((release) => [release]))('KServe %s lists its own', (release) => {
    for (const autoscaler of release._data.autoscalerClasses) {
      expect(judge(CLASS_RULES, standard({}, { [CLASS]: autoscaler }), { target: { release } })).toEqual([]);
    }
  });
});

test.each<[object, string[]]>([
  [{ scaleMetric: 'qps' }, ['/scaleMetric']],
  [{ scaleMetricType: 'Percent' }, ['/scaleMetricType']],
  [{ autoScaling: { metrics: [{ type: 'Pods' }] } }, ['/autoScaling/metrics/0/type']],
  [{ autoScaling: { metrics: [{ type: 'Resource', resource: { name: 'gpu', target: { type: 'Percent' } } }] } }, ['/autoScaling/metrics/0/resource/name', '/autoScaling/metrics/0/resource/target/type']],
  [{ autoScaling: { metrics: [{ type: 'External', external: { metric: { backend: 'datadog' }, target: { type: 'x' } } }] } }, ['/autoScaling/metrics/0/external/metric/backend', '/autoScaling/metrics/0/external/target/type']],
  [{ autoScaling: { metrics: [{ type: 'PodMetric', podmetric: { metric: { backend: 'otel' }, target: { type: 'Value' } } }] } }, ['/autoScaling/metrics/0/podmetric/metric/backend']],
])('the schema does not know what stands in %p', (predictor, pointers) => {
  expect(judge(CLASS_RULES, standard(predictor)).filter((found) => found.startsWith('KSV1532'))).toEqual(pointers.map((at) => `KSV1532 /spec/predictor${at}`));
});

describe('settings that nobody reads', () => {
  const dead = (manifest: ReturnType<typeof standard>) => judge(CLASS_RULES, manifest).filter((found) => found.startsWith('KSV1533'));

  test.each(['serving.kserve.io/targetUtilizationPercentage', 'serving.kserve.io/metrics', 'autoscaling.knative.dev/min-scale', 'autoscaling.knative.dev/max-scale'])(
    'annotation %s', (key) => {
      expect(dead(knative({}, { [key]: '1' }))).toEqual([`KSV1533 /metadata/annotations/${key.replace('/', '~1')}`]);
      expect(dead(knative({ annotations: { [key]: '1' } }))).toEqual([`KSV1533 /spec/predictor/annotations/${key.replace('/', '~1')}`]);
    });

  test.each<[string, ReturnType<typeof standard>, string[]]>([
    ['the type of a metric', knative({ scaleMetricType: 'Value' }), ['scaleMetricType']],
    ['a target with KEDA', standard({ scaleTarget: 60 }, { [CLASS]: 'keda' }), ['scaleTarget']],
    ['a target beside autoScaling', standard({ scaleTarget: 60, scaleMetric: 'cpu', autoScaling: {} }), ['scaleMetric', 'scaleTarget']],
    ['a target alone', standard({ scaleTarget: 60, scaleMetric: 'cpu' }), []],
    ['limits with class none', standard({ minReplicas: 1, maxReplicas: 5 }, { [CLASS]: 'none' }), ['maxReplicas']],
    ['limits with class external', standard({ minReplicas: 1, maxReplicas: 5 }, { [CLASS]: 'external' }), []],
    ['a target with class external', standard({ scaleTarget: 5 }, { [CLASS]: 'external' }), ['scaleTarget']],
    ['a target in Knative mode', knative({ scaleTarget: 5, scaleMetric: 'rps' }), []],
  ])('%s', (_, manifest, fields) => {
    expect(dead(manifest)).toEqual(fields.map((field) => `KSV1533 /spec/predictor/${field}`));
  });
});

describe('differing classes', () => {
  const mixed = (service: string | undefined, own: string, predictor: object) =>
    judge(CLASS_RULES, standard({ ...predictor, annotations: { [CLASS]: own } }, service === undefined ? {} : { [CLASS]: service })).filter((found) => found.startsWith('KSV1534'));
  const query = { autoScaling: { metrics: [{ type: 'External', external: { metric: { query: 'x' }, target: { type: 'Value', value: '5' } } }] } };

  test('are refused where the service\'s class does not know the component\'s settings', () => {
    expect(mixed('hpa', 'keda', query)).toEqual([`KSV1534 ${ON_PREDICTOR}`]);
    expect(mixed('keda', 'hpa', { scaleMetric: 'cpu' })).toEqual([`KSV1534 ${ON_PREDICTOR}`]);
  });

  test('do no harm elsewhere', () => {
    expect(mixed(undefined, 'keda', query)).toEqual([]);
    expect(mixed('keda', 'keda', query)).toEqual([]);
    expect(mixed('keda', 'keda', { scaleMetric: 'cpu' })).toEqual([]);
    expect(mixed('hpa', 'none', {})).toEqual([]);
    expect(mixed('external', 'keda', query)).toEqual([]);
  });
});

describe('a second autoscaler', () => {
  const other = (target: string, kind = 'ScaledObject', namespace = 'models') => ({
    others: [{ apiVersion: 'v1', kind, name: 'mine', metadata: { name: 'mine', namespace }, spec: { scaleTargetRef: { name: target } } }],
  });

  test('on a component is refused, whoever made it', () => {
    expect(judge(CLASS_RULES, standard({}), other('iris-predictor'))).toEqual(['KSV1535 /spec/predictor']);
    expect(judge(CLASS_RULES, standard({}, { [CLASS]: 'keda' }), other('iris-predictor', 'HorizontalPodAutoscaler'))).toEqual([`KSV1535 ${ON_SERVICE}`]);
  });

  test('is named with its path', () => {
    expect(violations(CLASS_RULES, standard({}), other('iris-predictor'))[0].message).toContain('ScaledObject \'models/Other0\'');
  });

  test('is what class external is for', () => {
    expect(judge(CLASS_RULES, standard({}, { [CLASS]: 'external' }), other('iris-predictor'))).toEqual([]);
  });

  test('on something else is nobody\'s business', () => {
    expect(judge(CLASS_RULES, standard({}), other('iris-transformer'))).toEqual([]);
    expect(judge(CLASS_RULES, standard({}), other('iris-predictor', 'ScaledObject', 'elsewhere'))).toEqual([]);
    expect(judge(CLASS_RULES, knative({}), other('iris-predictor'))).toEqual([]);
  });
});
