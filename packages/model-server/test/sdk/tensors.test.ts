import { InferTensor } from '../../src/sdk/tensors';

test.each([[[4 / 3, 3], `${4 / 3}`], [[-2, -2], '-2'], [[NaN], 'NaN'], [[0, 2 ** 32], '4294967296']])('a tensor of the shape %j is refused', (shape, size) => {
  expect(() => new InferTensor('x', 'FP32', shape, Float32Array.of(1, 2, 3, 4))).toThrow(`'x': the shape [${shape.join(',')}] has the size ${size}, which is no integer from 0 to 2147483647`);
});

test('a scalar and an empty tensor are tensors', () => {
  expect([new InferTensor('x', 'FP32', [], [1]).nested(), new InferTensor('x', 'FP32', [0, 3], []).nested()]).toEqual([1, []]);
});

test.each([
  ['UINT64', -1n], ['UINT64', -1], ['UINT64', 2n ** 64n], ['INT64', 2n ** 63n], ['INT64', -(2n ** 63n) - 1n],
] as const)('%s does not take %s', (datatype, value) => {
  expect(() => InferTensor.of('x', datatype, [value])).toThrow(`'x' is ${datatype}, but holds the ${typeof value} ${value}`);
});

test('a BOOL tensor holds 0 and 1 alone', () => {
  expect(() => new InferTensor('x', 'BOOL', [2], Uint8Array.of(1, 2))).toThrow("'x' is BOOL, but holds the number 2");
  expect(new InferTensor('x', 'BOOL', [2], Uint8Array.of(1, 0)).nested()).toEqual([true, false]);
});

test('the largest and smallest 64-bit integers are kept', () => {
  expect(InferTensor.of('x', 'UINT64', [0, 2n ** 64n - 1n]).nested()).toEqual([0n, 2n ** 64n - 1n]);
  expect(InferTensor.of('x', 'INT64', [-(2n ** 63n), 2n ** 63n - 1n]).nested()).toEqual([-(2n ** 63n), 2n ** 63n - 1n]);
});
