import { Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import { DeploymentMode, KedaMetric, KedaTrigger, MetricAggregation, MetricTargetType, Predictor, Scaling, Transformer } from '../../../src';
import { Deferred } from '../../../src/core/deferred';
import { expectAccepted, itWithCrds } from '../../support/crds';
import { IRIS, serviceOf } from '../support';

const { STANDARD, KNATIVE } = DeploymentMode;

/** What a scaling writes in one mode. */
function written(scaling: Scaling, mode: DeploymentMode) {
  return { class: scaling._autoscalerClass(mode), fields: scaling._fields(mode), annotations: scaling._annotations(mode) };
}

describe('concurrency and rps', () => {
  test('are KServe\'s own fields, and Knative\'s annotations for the rest', () => {
    expect(written(Scaling.concurrency({
      target: 10,
      minReplicas: 0,
      maxReplicas: 5,
      targetUtilizationPercentage: 80,
      initialScale: 2,
      activationScale: 3,
      window: Duration.minutes(2),
      scaleDownDelay: Duration.minutes(15),
      podRetention: Duration.hours(1),
      panicWindowPercentage: 20,
      panicThresholdPercentage: 300,
      targetBurstCapacity: -1,
      metricAggregation: MetricAggregation.WEIGHTED_EXPONENTIAL,
    }), KNATIVE)).toEqual({
      class: undefined,
      fields: { minReplicas: 0, maxReplicas: 5, scaleMetric: 'concurrency', scaleTarget: 10 },
      annotations: {
        'autoscaling.knative.dev/target-utilization-percentage': '80',
        'autoscaling.knative.dev/initial-scale': '2',
        'autoscaling.knative.dev/activation-scale': '3',
        'autoscaling.knative.dev/window': '120s',
        'autoscaling.knative.dev/scale-down-delay': '900s',
        'autoscaling.knative.dev/scale-to-zero-pod-retention-period': '3600s',
        'autoscaling.knative.dev/panic-window-percentage': '20',
        'autoscaling.knative.dev/panic-threshold-percentage': '300',
        'autoscaling.knative.dev/target-burst-capacity': '-1',
        'autoscaling.knative.dev/metric-aggregation-algorithm': 'weighted-exponential',
      },
    });
  });

  test('write nothing that was not asked for', () => {
    expect(written(Scaling.rps(), KNATIVE)).toEqual({ class: undefined, fields: { scaleMetric: 'rps' }, annotations: {} });
  });

  test('are rendered in Standard mode as well, so that a rule refuses them', () => {
    expect(written(Scaling.rps({ target: 50 }), STANDARD)).toEqual({ class: 'hpa', fields: { scaleMetric: 'rps', scaleTarget: 50 }, annotations: {} });
  });

  test('a window that is no whole number of seconds is rendered, so that a rule refuses it', () => {
    expect(Scaling.rps({ window: Duration.millis(1500) })._annotations(KNATIVE)).toEqual({ 'autoscaling.knative.dev/window': '1.5s' });
  });
});

describe('cpu', () => {
  test('is KServe\'s HorizontalPodAutoscaler in Standard mode', () => {
    expect(written(Scaling.cpu({ targetUtilization: 60, minReplicas: 2, maxReplicas: 5 }), STANDARD)).toEqual({
      class: 'hpa',
      fields: { minReplicas: 2, maxReplicas: 5, scaleMetric: 'cpu', scaleTarget: 60 },
      annotations: {},
    });
  });

  test('is Knative\'s HorizontalPodAutoscaler in Knative mode, by annotations of the component', () => {
    expect(written(Scaling.cpu({ targetUtilization: 60, minReplicas: 2, maxReplicas: 5 }), KNATIVE)).toEqual({
      class: undefined,
      fields: { minReplicas: 2, maxReplicas: 5 },
      annotations: {
        'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev',
        'autoscaling.knative.dev/metric': 'cpu',
        'autoscaling.knative.dev/target': '60',
      },
    });
  });
});

describe('memory', () => {
  test('as a share is KServe\'s field, in both modes', () => {
    const scaling = Scaling.memory({ targetUtilization: 75, maxReplicas: 5 });

    expect(written(scaling, STANDARD)).toEqual({ class: 'hpa', fields: { maxReplicas: 5, scaleMetric: 'memory', scaleTarget: 75 }, annotations: {} });
    expect(written(scaling, KNATIVE)).toEqual({ class: undefined, fields: { maxReplicas: 5, scaleMetric: 'memory', scaleTarget: 75 }, annotations: {} });
  });

  test('as an amount is a metric in Standard mode', () => {
    expect(Scaling.memory({ targetAverage: Size.gibibytes(3), maxReplicas: 5 })._fields(STANDARD)).toEqual({
      maxReplicas: 5,
      autoScaling: { metrics: [{ type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '3Gi' } } }] },
    });
  });

  test('as an amount is MiB in Knative mode', () => {
    expect(written(Scaling.memory({ targetAverage: Size.gibibytes(3) }), KNATIVE)).toEqual({
      class: undefined,
      fields: {},
      annotations: {
        'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev',
        'autoscaling.knative.dev/metric': 'memory',
        'autoscaling.knative.dev/target': '3072',
      },
    });
  });

  test('as both has two metrics in Standard mode', () => {
    const { autoScaling } = Scaling.memory({ targetAverage: Size.gibibytes(3), targetUtilization: 75 })._fields(STANDARD);

    expect(autoScaling.metrics.map(({ resource }: any) => resource.target.type)).toEqual(['AverageValue', 'Utilization']);
  });
});

describe('keda', () => {
  const scaling = Scaling.keda({
    minReplicas: 0,
    maxReplicas: 5,
    metrics: [KedaMetric.cpu()],
    behavior: { scaleDown: { stabilizationWindow: Duration.minutes(10) } },
  });

  test('is autoScaling with class keda', () => {
    expect(written(scaling, STANDARD)).toEqual({
      class: 'keda',
      fields: {
        minReplicas: 0,
        maxReplicas: 5,
        autoScaling: {
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
          behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
        },
      },
      annotations: {},
    });
  });

  test('asks for its class in Knative mode as well, so that a rule refuses it', () => {
    expect(scaling._autoscalerClass(KNATIVE)).toBeUndefined();
    expect(scaling._annotations(KNATIVE)).toEqual({ 'serving.kserve.io/autoscalerClass': 'keda' });
  });
});

describe('fixed', () => {
  test('keeps the number of pods in both modes', () => {
    expect(written(Scaling.fixed(3), STANDARD)).toEqual({ class: 'none', fields: { minReplicas: 3 }, annotations: {} });
    expect(written(Scaling.fixed(3), KNATIVE)).toEqual({ class: undefined, fields: { minReplicas: 3, maxReplicas: 3 }, annotations: {} });
  });

  test('below one is a problem of the value', () => {
    expect(Scaling.fixed(0)._problems().map(({ rule, argument }) => [rule.code, argument])).toEqual([['KSV1526', 'replicas']]);
    expect(Scaling.fixed(1)._problems()).toEqual([]);
  });

  test('is not judged where the number is known at deployment', () => {
    expect(Scaling.fixed(new Deferred('pods') as unknown as number)._problems()).toEqual([]);
  });
});

test('external leaves the component to others', () => {
  expect(written(Scaling.external({ minReplicas: 2 }), STANDARD)).toEqual({ class: 'external', fields: { minReplicas: 2 }, annotations: {} });
  expect(Scaling.external()._annotations(KNATIVE)).toEqual({ 'serving.kserve.io/autoscalerClass': 'external' });
});

test('kedaTriggers leaves the component to a ScaledObject', () => {
  const scaling = Scaling.kedaTriggers({ triggers: [KedaTrigger.cron({ timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: 3 })] });

  expect(written(scaling, STANDARD)).toEqual({ class: 'external', fields: {}, annotations: {} });
  expect(scaling._scaledObject).toBeDefined();
});

test('arrays given to a factory are copied', () => {
  const metrics = [KedaMetric.cpu()];
  const scaling = Scaling.keda({ metrics, maxReplicas: 5 });
  metrics.push(KedaMetric.memory({ targetUtilization: 50 }));

  expect(scaling._fields(STANDARD).autoScaling.metrics).toHaveLength(1);
});

test('deferred numbers stay whole', () => {
  const deferred = new Deferred('n') as unknown as number;

  expect(written(Scaling.concurrency({ target: deferred, initialScale: deferred }), KNATIVE)).toEqual({
    class: undefined,
    fields: { scaleMetric: 'concurrency', scaleTarget: deferred },
    annotations: { 'autoscaling.knative.dev/initial-scale': `${new Deferred('n')}` },
  });
  expect(Scaling.cpu({ targetUtilization: deferred })._annotations(KNATIVE)['autoscaling.knative.dev/target']).toBe(`${new Deferred('n')}`);
});

test('amounts of memory keep their value, whatever the unit', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 4096 }), (mebibytes) => {
    const target = Scaling.memory({ targetAverage: Size.mebibytes(mebibytes) });
    expect(target._annotations(KNATIVE)['autoscaling.knative.dev/target']).toBe(`${mebibytes}`);
    expect(Scaling.memory({ targetAverage: Size.gibibytes(mebibytes) })._annotations(KNATIVE)['autoscaling.knative.dev/target']).toBe(`${mebibytes * 1024}`);
    expect(target._fields(STANDARD).autoScaling.metrics[0].resource.target.averageValue).toBe(`${mebibytes}Mi`);
  }));
});

const ALL: [string, DeploymentMode, Scaling][] = [
  ['concurrency', KNATIVE, Scaling.concurrency({ target: 10, maxReplicas: 5, window: Duration.minutes(1), scaleMetricType: MetricTargetType.VALUE })],
  ['rps', KNATIVE, Scaling.rps({ target: 10, minReplicas: 0 })],
  ['cpu', STANDARD, Scaling.cpu({ targetUtilization: 60, maxReplicas: 5 })],
  ['cpu in Knative mode', KNATIVE, Scaling.cpu({ targetUtilization: 60, maxReplicas: 5 })],
  ['memory', STANDARD, Scaling.memory({ targetAverage: Size.gibibytes(1), targetUtilization: 60, maxReplicas: 5 })],
  ['memory in Knative mode', KNATIVE, Scaling.memory({ targetAverage: Size.gibibytes(1) })],
  ['fixed', STANDARD, Scaling.fixed(3)],
  ['external', STANDARD, Scaling.external()],
];

describe.each(ALL)('a service scaled by %s', (_, deploymentMode, scaling) => {
  const { manifest, codes } = serviceOf({ deploymentMode, predictor: Predictor.fromModel({ ...IRIS, scaling }) });

  itWithCrds('is accepted by every release', () => {
    for (const release of ['0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.20.0']) {
      expectAccepted([manifest()], release);
    }
  });

  test('has no findings but for the field that nobody reads', () => {
    expect(codes().filter((code) => code !== 'KSV1533')).toEqual([]);
  });
});

const AUTOSCALER_CLASS = 'serving.kserve.io/autoscalerClass';

test('an autoscaler that all components share stands on the service', () => {
  const manifest = serviceOf({
    predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.cpu({ maxReplicas: 5 }) }),
    transformer: Transformer.fromContainer({ image: 'acme/features:1', scaling: Scaling.memory({ targetUtilization: 60, maxReplicas: 2 }) }),
  }).manifest();

  expect(manifest.metadata.annotations[AUTOSCALER_CLASS]).toBe('hpa');
  expect([manifest.spec.predictor.annotations, manifest.spec.transformer.annotations]).toEqual([undefined, undefined]);
});

test('differing autoscalers stand on their components, and none on the service', () => {
  const { manifest, codes } = serviceOf({
    predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.keda({ metrics: [KedaMetric.cpu()], maxReplicas: 5 }) }),
    transformer: Transformer.fromContainer({ image: 'acme/features:1', scaling: Scaling.cpu({ maxReplicas: 5 }) }),
  });

  expect(manifest().metadata.annotations[AUTOSCALER_CLASS]).toBeUndefined();
  expect(manifest().spec.predictor.annotations[AUTOSCALER_CLASS]).toBe('keda');
  expect(manifest().spec.transformer.annotations[AUTOSCALER_CLASS]).toBe('hpa');
  expect(codes().filter((code) => code.startsWith('KSV15'))).toEqual([]);
});
