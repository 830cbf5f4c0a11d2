import { ModelFormat } from '../../src/model';
import { KServeRelease } from '../../src/release';

const statics = Object.values(ModelFormat).filter((value): value is ModelFormat => value instanceof ModelFormat);

test('every format of a built-in runtime of any release has a member, in the exact case', () => {
  const built = KServeRelease.all().flatMap(({ _data }) => Object.values(_data.runtimes)).flatMap(({ formats }) => formats.map(({ name }) => name));

  expect([...new Set(built)].sort()).toEqual(statics.map(({ name }) => name).sort());
});

test('the members have no version', () => {
  expect(statics.filter(({ version }) => version !== undefined)).toEqual([]);
});

test('a version makes another value and leaves the member alone', () => {
  const { name, version } = ModelFormat.XGBOOST.withVersion('2');

  expect([name, version]).toEqual(['xgboost', '2']);
  expect(ModelFormat.XGBOOST.version).toBeUndefined();
});

test('a format of a runtime of one\'s own keeps its spelling', () => {
  const { name, version } = ModelFormat.of('CatBoost', '1.2');

  expect([name, version]).toEqual(['CatBoost', '1.2']);
});
