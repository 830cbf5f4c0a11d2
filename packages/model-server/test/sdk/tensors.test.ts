import { InferTensor } from '../../src/sdk/tensors';

test.each([[[4 / 3, 3], `${4 / 3}`], [[-2, -2], '-2'], [[NaN], 'NaN']])('a tensor of the shape %j is refused', (shape, size) => {
  expect(() => new InferTensor('x', 'FP32', shape, Float32Array.of(1, 2, 3, 4))).toThrow(`'x': the shape [${shape.join(',')}] has the size ${size}, which is no integer of 0 or more`);
});

test('a scalar and an empty tensor are tensors', () => {
  expect([new InferTensor('x', 'FP32', [], [1]).nested(), new InferTensor('x', 'FP32', [0, 3], []).nested()]).toEqual([1, []]);
});
