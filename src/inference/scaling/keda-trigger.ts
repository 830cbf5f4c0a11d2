import type { MetricTargetType } from './options';
import { caused } from '../../core/cause';
import { defined } from '../../core/fields';

/** A TriggerAuthentication of KEDA. */
export interface TriggerAuthenticationRef {
  /** Its name. */
  readonly name: string;
  /**
   * Whether it is a ClusterTriggerAuthentication; otherwise it stands in the service's namespace.
   *
   * @default false
   */
  readonly clusterScoped?: boolean;
}

/** What all triggers of KEDA have in common. */
export interface KedaTriggerOptions {
  /**
   * Name of the trigger, different from those of the others.
   *
   * @default - none
   */
  readonly name?: string;

  /**
   * How KEDA proves who it is.
   *
   * @default - it does not
   */
  readonly authentication?: TriggerAuthenticationRef;

  /**
   * What the trigger's target means.
   *
   * @default - KEDA's: MetricTargetType.AVERAGE_VALUE
   */
  readonly metricType?: MetricTargetType;

  /**
   * Whether the last answer is used again between two looks at the trigger.
   *
   * @default false
   */
  readonly useCachedMetrics?: boolean;
}

/** Options of `KedaTrigger.of`. */
export interface CustomTriggerOptions extends KedaTriggerOptions {
  /** The trigger's options as KEDA names them. All values are strings. */
  readonly metadata: { [key: string]: string };
}

/** Where a consumer without an offset begins to read a topic. */
export enum KafkaOffsetReset {
  /** With the next message. */
  LATEST = 'latest',
  /** With the oldest message. */
  EARLIEST = 'earliest',
}

/**
 * Options of `KedaTrigger.kafka`.
 *
 * @see https://keda.sh/docs/latest/scalers/apache-kafka/
 */
export interface KafkaTriggerOptions extends KedaTriggerOptions {
  /** Addresses of brokers, as `host:port`. */
  readonly bootstrapServers: string[];

  /** The consumer group whose lag counts. */
  readonly consumerGroup: string;

  /**
   * The topic.
   *
   * @default - all topics of the consumer group
   */
  readonly topic?: string;

  /**
   * How many waiting messages one pod should get.
   *
   * @default - KEDA's: 5
   */
  readonly lagThreshold?: number;

  /**
   * How many messages must wait before a component wakes from zero.
   *
   * @default - KEDA's: 0, so that one message does
   */
  readonly activationLagThreshold?: number;

  /**
   * Where a consumer without an offset begins to read.
   *
   * @default KafkaOffsetReset.LATEST
   */
  readonly offsetResetPolicy?: KafkaOffsetReset;

  /**
   * Whether there may be more pods than partitions.
   *
   * @default false
   */
  readonly allowIdleConsumers?: boolean;
}

/**
 * Options of `KedaTrigger.redisList`. One of the addresses is needed.
 *
 * @see https://keda.sh/docs/latest/scalers/redis-lists/
 */
export interface RedisListTriggerOptions extends KedaTriggerOptions {
  /** The list. */
  readonly listName: string;

  /**
   * Address of the Redis server, as `host:port`.
   *
   * @default - `addressFromEnv`
   */
  readonly address?: string;

  /**
   * Name of the environment variable of the component's container that holds the address.
   *
   * @default - `address`
   */
  readonly addressFromEnv?: string;

  /**
   * How many waiting entries one pod should get.
   *
   * @default - KEDA's: 5
   */
  readonly listLength?: number;

  /**
   * How many entries must wait before a component wakes from zero.
   *
   * @default - KEDA's: 0, so that one entry does
   */
  readonly activationListLength?: number;

  /**
   * Number of the database.
   *
   * @default - KEDA's: 0
   */
  readonly databaseIndex?: number;

  /**
   * Whether the connection is encrypted.
   *
   * @default false
   */
  readonly enableTls?: boolean;
}

/**
 * Options of `KedaTrigger.cron`.
 *
 * @see https://keda.sh/docs/latest/scalers/cron/
 */
export interface CronTriggerOptions {
  /** Name of a time zone, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** Cron expression of the time from which the pods run, such as `0 8 * * 1-5`. */
  readonly start: string;
  /** Cron expression of the time until which they run. */
  readonly end: string;
  /** How many pods run between. */
  readonly desiredReplicas: number;
}

/**
 * An event source by which KEDA scales a component beside KServe.
 *
 * @see https://keda.sh/docs/latest/scalers/
 */
export class KedaTrigger {
  /** Messages that wait in a Kafka topic. */
  static kafka(options: KafkaTriggerOptions): KedaTrigger {
    return new KedaTrigger('kafka', options, () => ({
      bootstrapServers: caused('bootstrapServers', options.bootstrapServers.join(',')),
      ...text(options, ['consumerGroup', 'topic', 'lagThreshold', 'activationLagThreshold', 'offsetResetPolicy', 'allowIdleConsumers']),
    }));
  }

  /** Entries that wait in a list of Redis. */
  static redisList(options: RedisListTriggerOptions): KedaTrigger {
    return new KedaTrigger('redis', options, () => (
      text(options, ['address', 'addressFromEnv', 'listName', 'listLength', 'activationListLength', 'databaseIndex', 'enableTls'])
    ));
  }

  /** Times of day: pods that run before the first request comes. */
  static cron(options: CronTriggerOptions): KedaTrigger {
    return new KedaTrigger('cron', {}, () => text(options, ['timezone', 'start', 'end', 'desiredReplicas']));
  }

  /**
   * Any other trigger.
   *
   * @param type KEDA's name of the trigger, such as `rabbitmq`
   * @param options its own options, and those of all triggers
   */
  static of(type: string, options: CustomTriggerOptions): KedaTrigger {
    const metadata = { ...options.metadata };
    return new KedaTrigger(type, options, () => caused('metadata', { ...metadata }));
  }

  private constructor(
    /** KEDA's name of the trigger. */
    readonly type: string,
    private readonly options: KedaTriggerOptions,
    private readonly metadata: () => { [key: string]: unknown },
  ) {}

  /** @internal */
  _render(): object {
    const { name, authentication, metricType, useCachedMetrics } = this.options;
    return defined({
      type: this.type,
      name: caused('name', name),
      metadata: this.metadata(),
      metricType: caused('metricType', metricType),
      useCachedMetrics: caused('useCachedMetrics', useCachedMetrics),
      authenticationRef: authentication && caused('authentication', {
        name: authentication.name,
        ...authentication.clusterScoped && { kind: 'ClusterTriggerAuthentication' },
      }),
    });
  }
}

/** KEDA takes strings only. */
function text<Props>(props: Props, keys: (keyof Props & string)[]): { [key: string]: unknown } {
  return Object.fromEntries(keys.filter((key) => props[key] !== undefined).map((key) => [key, caused(key, `${props[key]}`)]));
}
