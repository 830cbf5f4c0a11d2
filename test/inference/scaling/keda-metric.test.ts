import { Size } from 'cdk8s';
import * as fc from 'fast-check';
import { KedaMetric, MetricAuthMode, OperationOverTime, Predictor, Scaling } from '../../../src';
import { expectAccepted, itWithCrds } from '../../support/crds';
import { IRIS, serviceOf } from '../support';

test('cpu is a share of the request, 80 % unless given', () => {
  expect(KedaMetric.cpu()._render()).toEqual({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } });
  expect(KedaMetric.cpu({ targetUtilization: 60 })._render()).toMatchObject({ resource: { target: { averageUtilization: 60 } } });
});

test('memory is a share or an amount', () => {
  expect(KedaMetric.memory({ targetUtilization: 60 })._render())
    .toEqual({ type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 60 } } });
  expect(KedaMetric.memory({ targetAverage: Size.gibibytes(2), targetUtilization: 60 })._render())
    .toEqual({ type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '2Gi' } } });
});

test('prometheus is a query with a value, since KServe reads no other target', () => {
  expect(KedaMetric.prometheus({
    serverAddress: 'http://prometheus:9090',
    query: 'sum(x)',
    threshold: 0.5,
    namespace: 'models',
    authentication: { name: 'prometheus', modes: [MetricAuthMode.BEARER, MetricAuthMode.TLS] },
  })._render()).toEqual({
    type: 'External',
    external: {
      metric: { backend: 'prometheus', serverAddress: 'http://prometheus:9090', query: 'sum(x)', namespace: 'models' },
      authenticationRef: { authenticationRef: { name: 'prometheus' }, authModes: 'bearer,tls' },
      target: { type: 'Value', value: '0.5' },
    },
  });
});

test('graphite is a query as well', () => {
  expect(KedaMetric.graphite({ serverAddress: 'http://graphite', query: 'sumSeries(x)', threshold: 5 })._render()).toEqual({
    type: 'External',
    external: { metric: { backend: 'graphite', serverAddress: 'http://graphite', query: 'sumSeries(x)' }, target: { type: 'Value', value: '5' } },
  });
});

test('a pod metric comes from OpenTelemetry', () => {
  expect(KedaMetric.podMetric({
    query: 'requests',
    threshold: 4,
    metricNames: ['requests'],
    serverAddress: 'http://scaler:4318',
    operationOverTime: OperationOverTime.AVG,
  })._render()).toEqual({
    type: 'PodMetric',
    podmetric: {
      metric: { backend: 'opentelemetry', serverAddress: 'http://scaler:4318', metricNames: ['requests'], query: 'requests', operationOverTime: 'avg' },
      target: { type: 'Value', value: '4' },
    },
  });
});

describe('a service with every metric', () => {
  const { manifest, codes } = serviceOf({
    predictor: Predictor.fromModel({
      ...IRIS,
      scaling: Scaling.keda({
        minReplicas: 0,
        maxReplicas: 5,
        metrics: [
          KedaMetric.cpu(),
          KedaMetric.memory({ targetAverage: Size.gibibytes(2) }),
          KedaMetric.prometheus({ serverAddress: 'http://prometheus:9090', query: 'sum(x)', threshold: 0.5, authentication: { name: 'prometheus' } }),
          KedaMetric.graphite({ serverAddress: 'http://graphite', query: 'sumSeries(x)', threshold: 5 }),
          KedaMetric.podMetric({ query: 'requests', threshold: 4, metricNames: ['requests'] }),
        ],
      }),
    }),
  });

  test('has no findings', () => {
    expect(codes()).toEqual([]);
  });

  itWithCrds('is accepted by every release', () => {
    for (const release of ['0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.20.0']) {
      expectAccepted([manifest()], release);
    }
  });
});

test('every threshold is a quantity that stands for the same number', () => {
  const QUANTITY = /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;

  fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e24, noNaN: true }), (threshold) => {
    const { value } = (KedaMetric.graphite({ serverAddress: 'http://graphite', query: 'x', threshold })._render() as any).external.target;
    expect(value).toMatch(QUANTITY);
    expect(Number(value)).toBe(threshold);
  }));
});
