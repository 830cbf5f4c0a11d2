import { KedaCpuOptions, KedaMemoryOptions, KedaPodMetricOptions, KedaPrometheusOptions, KedaQueryOptions } from './keda-metric-options';
import { caused } from '../../core/cause';
import { defined } from '../../core/fields';

/**
 * A metric by which KServe lets KEDA scale.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/autoscaling/keda-autoscaler
 */
export class KedaMetric {
  /** CPU use of the pods. A component without pods uses none, so it cannot wake one from zero. */
  static cpu(options: KedaCpuOptions = {}): KedaMetric {
    return new KedaMetric(() => resource('cpu', {
      type: 'Utilization',
      averageUtilization: caused('targetUtilization', options.targetUtilization) ?? 80,
    }));
  }

  /** Memory use of the pods. A component without pods uses none, so it cannot wake one from zero. */
  static memory(options: KedaMemoryOptions): KedaMetric {
    const { targetAverage, targetUtilization } = options;
    return new KedaMetric(() => resource('memory', targetAverage === undefined
      ? { type: 'Utilization', averageUtilization: caused('targetUtilization', targetUtilization) }
      : { type: 'AverageValue', averageValue: caused('targetAverage', targetAverage.asString()) }));
  }

  /**
   * A query to Prometheus. To wake a component from zero, ask for a metric of the
   * gateway: the pods' own metrics end with the pods.
   */
  static prometheus(options: KedaPrometheusOptions): KedaMetric {
    return new KedaMetric(() => external('prometheus', options, { namespace: caused('namespace', options.namespace) }));
  }

  /** A query to Graphite. */
  static graphite(options: KedaQueryOptions): KedaMetric {
    return new KedaMetric(() => external('graphite', options, {}));
  }

  /**
   * A metric that the pods give out, gathered by OpenTelemetry and KEDA's OpenTelemetry add-on.
   * It ends with the last pod, so it cannot wake a component from zero.
   */
  static podMetric(options: KedaPodMetricOptions): KedaMetric {
    return new KedaMetric(() => ({
      type: 'PodMetric',
      podmetric: {
        metric: defined({
          backend: 'opentelemetry',
          serverAddress: caused('serverAddress', options.serverAddress),
          metricNames: caused('metricNames', options.metricNames && [...options.metricNames]),
          query: caused('query', options.query),
          operationOverTime: caused('operationOverTime', options.operationOverTime),
        }),
        target: threshold(options.threshold),
      },
    }));
  }

  private constructor(private readonly render: () => object) {}

  /** @internal */
  _render(): object {
    return this.render();
  }
}

function resource(name: string, target: object): object {
  return { type: 'Resource', resource: { name, target } };
}

function external(backend: string, props: KedaQueryOptions, more: { [field: string]: unknown }): object {
  const { authentication } = props;
  return {
    type: 'External',
    external: defined({
      metric: defined({
        backend,
        serverAddress: caused('serverAddress', props.serverAddress),
        query: caused('query', props.query),
        ...more,
      }),
      authenticationRef: authentication && caused('authentication', defined({
        authenticationRef: { name: caused('name', authentication.name) },
        authModes: caused('modes', authentication.modes?.join(',')),
      })),
      target: threshold(props.threshold),
    }),
  };
}

/** `Value`, since KServe reads no other. As a string of plain digits: KEDA gets it as it is written. */
function threshold(value: number): object {
  return { type: 'Value', value: caused('threshold', `${value}`) };
}
