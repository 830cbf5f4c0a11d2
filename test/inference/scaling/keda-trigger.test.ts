import { KafkaOffsetReset, KedaTrigger, MetricTargetType } from '../../../src';
import { Deferred } from '../../../src/core/deferred';

test('kafka has KEDA\'s options as strings', () => {
  expect(KedaTrigger.kafka({
    bootstrapServers: ['kafka-0:9092', 'kafka-1:9092'],
    consumerGroup: 'iris',
    topic: 'flowers',
    lagThreshold: 10,
    activationLagThreshold: 0,
    offsetResetPolicy: KafkaOffsetReset.EARLIEST,
    allowIdleConsumers: false,
    name: 'flowers',
    metricType: MetricTargetType.VALUE,
    useCachedMetrics: true,
    authentication: { name: 'kafka' },
  })._render()).toEqual({
    type: 'kafka',
    name: 'flowers',
    metadata: {
      bootstrapServers: 'kafka-0:9092,kafka-1:9092',
      consumerGroup: 'iris',
      topic: 'flowers',
      lagThreshold: '10',
      activationLagThreshold: '0',
      offsetResetPolicy: 'earliest',
      allowIdleConsumers: 'false',
    },
    metricType: 'Value',
    useCachedMetrics: true,
    authenticationRef: { name: 'kafka' },
  });
});

test('options that are not given are left out', () => {
  expect(KedaTrigger.kafka({ bootstrapServers: ['kafka:9092'], consumerGroup: 'iris' })._render())
    .toEqual({ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'iris' } });
});

test('redisList is the length of a list', () => {
  expect(KedaTrigger.redisList({ listName: 'jobs', addressFromEnv: 'REDIS', listLength: 3, activationListLength: 1, databaseIndex: 0, enableTls: true })._render()).toEqual({
    type: 'redis',
    metadata: { addressFromEnv: 'REDIS', listName: 'jobs', listLength: '3', activationListLength: '1', databaseIndex: '0', enableTls: 'true' },
  });
  expect(KedaTrigger.redisList({ listName: 'jobs', address: 'redis:6379' })._render()).toEqual({ type: 'redis', metadata: { address: 'redis:6379', listName: 'jobs' } });
});

test('cron keeps pods between two times', () => {
  expect(KedaTrigger.cron({ timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 18 * * 1-5', desiredReplicas: 3 })._render())
    .toEqual({ type: 'cron', metadata: { timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 18 * * 1-5', desiredReplicas: '3' } });
});

test('any other trigger is written as it is', () => {
  const metadata = { queueName: 'flowers', mode: 'QueueLength', value: '5' };
  const trigger = KedaTrigger.of('rabbitmq', { metadata, authentication: { name: 'rabbit', clusterScoped: true } });
  metadata.value = '7';

  expect(trigger._render()).toEqual({
    type: 'rabbitmq',
    metadata: { queueName: 'flowers', mode: 'QueueLength', value: '5' },
    authenticationRef: { name: 'rabbit', kind: 'ClusterTriggerAuthentication' },
  });
});

test('deferred options stay whole', () => {
  const topic = `flowers-${new Deferred('stage')}`;
  const lagThreshold = new Deferred('lag') as unknown as number;

  expect(KedaTrigger.kafka({ bootstrapServers: [`${new Deferred('broker')}`], consumerGroup: 'iris', topic, lagThreshold })._render()).toEqual({
    type: 'kafka',
    metadata: { bootstrapServers: `${new Deferred('broker')}`, consumerGroup: 'iris', topic, lagThreshold: `${new Deferred('lag')}` },
  });
});
