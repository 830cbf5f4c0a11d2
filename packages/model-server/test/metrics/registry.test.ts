import { Metrics } from '../../src/metrics/registry';

test('a model that is loaded again has one sample of each series: the old, then the new', () => {
  const metrics = new Metrics();
  const samples = (): string[] => metrics.render().split('\n').filter((line) => line.startsWith('model_server_cache_hits_total{'));
  const old = metrics.openModel('m', '1');
  old.value('cacheHits').add(7);
  const fresh = metrics.openModel('m', '1');
  metrics.openModel('m', '2');
  const sample = (version: number, value: number): string => `model_server_cache_hits_total{model_name="m",model_version="${version}"} ${value}`;
  const during = samples();
  metrics.closeModel(old);
  fresh.value('cacheHits').add();

  expect(during).toEqual([sample(1, 7), sample(2, 0)]);
  expect(samples()).toEqual([sample(1, 1), sample(2, 0)]);
});
