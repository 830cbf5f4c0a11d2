import { Duration } from 'cdk8s';
import { Batcher, Predictor } from '../../src';
import { expectAccepted, itWithCrds } from '../support/crds';
import { IRIS, serviceOf } from './support';
import { diagnose } from '../support/accepted';

test('every option has its field, times in milliseconds', () => {
  expect(Batcher.of({ maxBatchSize: 16, maxLatency: Duration.seconds(2), timeout: 60 })._render())
    .toEqual({ maxBatchSize: 16, maxLatency: 2000, timeout: 60 });
});

test('the least use leaves all to KServe', () => {
  expect(Batcher.of()._render()).toEqual({});
  expect(serviceOf({ predictor: Predictor.fromModel({ ...IRIS, batcher: Batcher.of() }) }).codes()).toEqual([]);
});

itWithCrds('is accepted by every release', () => {
  for (const release of ['0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.20.0']) {
    const batcher = Batcher.of({ maxBatchSize: 16, maxLatency: Duration.seconds(2) });
    expectAccepted([serviceOf({ predictor: Predictor.fromModel({ ...IRIS, batcher }) }).manifest()], release);
  }
});

test('findings name the option', () => {
  const { chart } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, batcher: Batcher.of({ maxLatency: Duration.millis(0) }) }) });

  expect(diagnose(chart).map(({ code, prop }) => [code, prop])).toEqual([['KSV1606', 'predictor.batcher.maxLatency']]);
});
