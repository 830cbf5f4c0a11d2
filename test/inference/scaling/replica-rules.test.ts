import { Deferred } from '../../../src/core/deferred';
import { REPLICA_RULES } from '../../../src/inference/scaling/replica-rules';
import { judge, knative, standard, violations } from '../judge';

const KEDA = { 'serving.kserve.io/autoscalerClass': 'keda' };
const KNATIVE_HPA = { 'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev' };
const metrics = (...types: string[]) => ({ autoScaling: { metrics: types.map((type) => ({ type })) } });
const deferred = new Deferred('n');

test.each<[object, string[]]>([
  [{ minReplicas: 1, maxReplicas: 1 }, []],
  [{ minReplicas: 2, maxReplicas: 0 }, []],
  [{ maxReplicas: 1 }, []],
  [{ minReplicas: 2, maxReplicas: 1 }, ['KSV1501 /spec/predictor/minReplicas']],
  [{ minReplicas: -1 }, ['KSV1501 /spec/predictor/minReplicas']],
  [{ maxReplicas: -1 }, ['KSV1501 /spec/predictor/maxReplicas']],
  [{ minReplicas: deferred, maxReplicas: 1 }, []],
  [{ minReplicas: 5, maxReplicas: deferred }, []],
  [{ minReplicas: 1.5 }, ['KSV1502 /spec/predictor/minReplicas']],
  [{ scaleTarget: 0.5 }, ['KSV1502 /spec/predictor/scaleTarget']],
  [{ containerConcurrency: 0 }, []],
  [{ containerConcurrency: -1 }, ['KSV1503 /spec/predictor/containerConcurrency']],
  [{ containerConcurrency: deferred }, []],
])('numbers of %p: %p', (predictor, found) => {
  expect(judge(REPLICA_RULES, knative(predictor))).toEqual(found);
});

test('a share of a resource is a whole number too', () => {
  const predictor = { maxReplicas: 5, autoScaling: { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 62.5 } } }] } };

  expect(judge(REPLICA_RULES, standard(predictor, KEDA))).toEqual(['KSV1502 /spec/predictor/autoScaling/metrics/0/resource/target/averageUtilization']);
});

test('canaries are judged as well', () => {
  const manifest = { ...standard({}), spec: { predictor: {}, canary: [{ predictor: { minReplicas: -1, containerConcurrency: -1 } }] } };

  expect(judge(REPLICA_RULES, manifest)).toEqual(['KSV1501 /spec/canary/0/predictor/minReplicas', 'KSV1503 /spec/canary/0/predictor/containerConcurrency']);
});

test('the concurrency limit of a Standard predictor has no effect, that of a transformer becomes its workers', () => {
  expect(judge(REPLICA_RULES, standard({ containerConcurrency: 4 }))).toEqual(['KSV1504 /spec/predictor/containerConcurrency']);
  expect(judge(REPLICA_RULES, { ...standard({}), spec: { predictor: {}, transformer: { containerConcurrency: 4 } } })).toEqual([]);
  expect(judge(REPLICA_RULES, knative({ containerConcurrency: 4 }))).toEqual([]);
  expect(judge(REPLICA_RULES, standard({ containerConcurrency: 0 }))).toEqual([]);
});

describe('zero pods', () => {
  const zero = { minReplicas: 0, maxReplicas: 5 };

  test.each<[string, ReturnType<typeof standard>, string[]]>([
    ['Knative', knative(zero), []],
    ['Knative\'s HPA', knative(zero, KNATIVE_HPA), ['KSV1505 /spec/predictor/minReplicas']],
    ['Knative\'s HPA on the component', knative({ ...zero, annotations: KNATIVE_HPA }), ['KSV1505 /spec/predictor/minReplicas']],
    ['Standard without a class', standard(zero), ['KSV1505 /spec/predictor/minReplicas']],
    ['Standard with class hpa', standard(zero, { 'serving.kserve.io/autoscalerClass': 'hpa' }), ['KSV1505 /spec/predictor/minReplicas']],
    ['Standard with class external', standard(zero, { 'serving.kserve.io/autoscalerClass': 'external' }), []],
    ['KEDA on CPU', standard({ ...zero, ...metrics('Resource') }, KEDA), ['KSV1505 /spec/predictor/minReplicas']],
    ['KEDA on a query', standard({ ...zero, ...metrics('External') }, KEDA), []],
    ['KEDA on CPU and a query', standard({ ...zero, ...metrics('Resource', 'External') }, KEDA), []],
    ['KEDA on a pod metric', standard({ ...zero, ...metrics('PodMetric') }, KEDA), ['KSV1506 /spec/predictor/minReplicas']],
    ['KEDA on CPU and a pod metric', standard({ ...zero, ...metrics('Resource', 'PodMetric') }, KEDA), ['KSV1506 /spec/predictor/minReplicas']],
    ['KEDA on a query and a pod metric', standard({ ...zero, ...metrics('External', 'PodMetric') }, KEDA), []],
  ])('with %s', (_, manifest, found) => {
    expect(judge(REPLICA_RULES, manifest)).toEqual(found);
  });

  test('the fix names both ways out', () => {
    const [{ fix }] = violations(REPLICA_RULES, standard(zero));

    expect(fix).toMatch(/DeploymentMode\.KNATIVE.*Scaling\.keda/);
  });
});

describe('no maximum', () => {
  test.each<[ReturnType<typeof standard>, string[]]>([
    [standard({ scaleMetric: 'cpu', scaleTarget: 60 }), ['KSV1507 /spec/predictor/scaleMetric']],
    [standard({ scaleTarget: 60, maxReplicas: 0 }), ['KSV1507 /spec/predictor/maxReplicas']],
    [standard(metrics('Resource')), ['KSV1507 /spec/predictor/autoScaling']],
    [standard(metrics('External'), KEDA), ['KSV1507 /spec/predictor/autoScaling']],
    [standard({ scaleTarget: 60, maxReplicas: 5 }), []],
    [standard({ scaleTarget: 60, maxReplicas: deferred }), []],
    [standard({ minReplicas: 3 }), []],
    [standard({}), []],
    [standard({ scaleMetric: 'concurrency' }), []],
    [standard({ scaleTarget: 60 }, { 'serving.kserve.io/autoscalerClass': 'none' }), []],
    [knative({ scaleTarget: 60 }), []],
    [standard({ scaleTarget: 60, workerSpec: {} }), []],
  ])('in %p: %p', (manifest, found) => {
    expect(judge(REPLICA_RULES, manifest)).toEqual(found);
  });

  test('the message says how many pods there are', () => {
    expect(violations(REPLICA_RULES, standard({ scaleTarget: 60, minReplicas: 3 }))[0].message).toContain('stays at 3');
    expect(violations(REPLICA_RULES, standard({ scaleTarget: 60 }))[0].message).toContain('stays at 1');
    expect(violations(REPLICA_RULES, standard({ scaleTarget: 60, minReplicas: deferred }))[0].message).toContain('stays at minReplicas');
  });
});
