import { checkAccepts, convert, WIDENINGS } from '../../src/tensor/convert';
import { infoOf } from '../../src/tensor/datatypes';
import { Datatype, NumericData } from '../../src/tensor/tensor';

const of = (datatype: Datatype, ...data: (number | bigint)[]) => ({ name: 'x', datatype, shape: [data.length], data: (infoOf(datatype).array as unknown as Float64ArrayConstructor).from(data as number[]) as NumericData });

test.each(Object.entries(WIDENINGS).flatMap(([to, froms]) => froms.map((from) => [from, to as Datatype] as const)))('%s becomes %s without loss at both ends of its range', (from, to) => {
  const info = infoOf(from);
  const ends = info.kind === 'float' ? [-3.4028234663852886e38, 0.10000000149011612] : [info.min, info.max];

  const { datatype, data } = convert(of(from, ...ends), to);

  expect(datatype).toBe(to);
  expect(Array.from(data as Float64Array, Number)).toEqual(ends);
});

test.each<[Datatype, bigint | number, Datatype, RegExp]>([
  ['INT64', 2n ** 53n, 'FP64', /'x' holds 9007199254740992, which FP64 cannot hold exactly/],
  ['FP64', 1e39, 'FP32', /'x': the number at position 0 exceeds the range of FP32/],
])('%s %s is refused for %s', (from, value, to, message) => {
  expect(() => convert(of(from, value), to)).toThrow(message);
});

test('infinities and NaN stay what they are', () => {
  expect(Array.from(convert(of('FP64', Infinity, -Infinity, NaN), 'FP32').data as Float32Array)).toEqual([Infinity, -Infinity, NaN]);
});

test('only what is held exactly may be declared', () => {
  expect(() => checkAccepts('FP64', ['FP32', 'INT32'], 'here')).not.toThrow();
  expect(() => checkAccepts('FP32', ['INT8', 'FP64'], 'model.json: /inputs/0/accepts')).toThrow('model.json: /inputs/0/accepts has FP64, which FP32 cannot hold exactly; it may have INT8, UINT8, INT16, UINT16');
});
