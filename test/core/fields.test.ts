import { defined, nonEmpty } from '../../src/core/fields';

test('fields that are undefined are dropped, all others stay', () => {
  expect(defined({ a: undefined, b: null, c: 0, d: '', e: false })).toStrictEqual({ b: null, c: 0, d: '', e: false });
});

test('an object without fields is not written', () => {
  expect(nonEmpty({})).toBeUndefined();
  expect(nonEmpty({ a: undefined })).toStrictEqual({ a: undefined });
});
