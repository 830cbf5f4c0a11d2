import { ELEMENT, writeOnnx } from '../../src/engine/onnx/onnx-model';

/** Gives each input back as it is, for every element type. */
export function identityModel(type: number, shape: readonly (number | string)[] = ['N', 2]): Uint8Array {
  return writeOnnx({
    inputs: [{ name: 'x', type, shape }],
    outputs: [{ name: 'y', type, shape }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

/** What a row differs from the mean of all: no row stands alone. */
export function meanModel(type: number): Uint8Array {
  return writeOnnx({
    inputs: [{ name: 'x', type, shape: ['N', 2] }],
    outputs: [{ name: 'y', type: ELEMENT.FLOAT, shape: ['N', 2] }],
    nodes: [
      { op: 'Cast', inputs: ['x'], outputs: ['f'], attributes: { to: 1n } },
      { op: 'ReduceMean', inputs: ['f'], outputs: ['mean'], attributes: { axes: [0n], keepdims: 1n } },
      { op: 'Sub', inputs: ['f', 'mean'], outputs: ['y'] },
    ],
  });
}

/** Adds two inputs: sum = a + b, difference = a - b. */
export function twoByTwo(): Uint8Array {
  const value = (name: string) => ({ name, type: ELEMENT.FLOAT, shape: ['N', 2] });
  return writeOnnx({
    inputs: [value('a'), value('b')],
    outputs: [value('sum'), value('difference')],
    nodes: [{ op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] }, { op: 'Sub', inputs: ['a', 'b'], outputs: ['difference'] }],
  });
}

/** Looks rows up in a table; an index beyond it fails in the engine, and with it all of its batch. */
export function tableModel(rows: number): Uint8Array {
  return writeOnnx({
    inputs: [{ name: 'x', type: ELEMENT.INT64, shape: ['N'] }],
    outputs: [{ name: 'y', type: ELEMENT.FLOAT, shape: ['N', 2] }],
    weights: [{ name: 'table', shape: [rows, 2], data: Float32Array.from({ length: rows * 2 }, (_, i) => (i % 2) * 100 + Math.floor(i / 2)) }],
    nodes: [{ op: 'Gather', inputs: ['table', 'x'], outputs: ['y'] }],
  });
}

/** A classifier as scikit-learn's converter writes it by default: probabilities behind a ZipMap. */
export function zipMapModel(): Uint8Array {
  const model = writeOnnx({
    inputs: [{ name: 'X', type: ELEMENT.FLOAT, shape: ['N', 2] }],
    outputs: [
      { name: 'output_label', type: ELEMENT.INT64, shape: ['N'] },
      { name: 'output_probability', type: ELEMENT.FLOAT, shape: ['N', 2] },
    ],
    nodes: [
      {
        op: 'LinearClassifier',
        domain: 'ai.onnx.ml',
        inputs: ['X'],
        outputs: ['output_label', 'probabilities'],
        attributes: { coefficients: [1, 0, 0, 1], intercepts: [0, 0], classlabels_ints: [7n, 9n], post_transform: 'SOFTMAX', multi_class: 1n },
      },
      { op: 'ZipMap', domain: 'ai.onnx.ml', inputs: ['probabilities'], outputs: ['output_probability'], attributes: { classlabels_int64s: [7n, 9n] } },
    ],
  });
  return model;
}

/** A multi-layer perceptron of random weights. */
export function mlpModel(width: number, hidden: number, outputs: number): Uint8Array {
  let state = 7;
  const random = (length: number): Float32Array => Float32Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (state / 2147483648 - 0.5) / Math.sqrt(width);
  });
  return writeOnnx({
    inputs: [{ name: 'x', type: ELEMENT.FLOAT, shape: ['N', width] }],
    outputs: [{ name: 'y', type: ELEMENT.FLOAT, shape: ['N', outputs] }],
    weights: [
      { name: 'w1', shape: [width, hidden], data: random(width * hidden) },
      { name: 'w2', shape: [hidden, hidden], data: random(hidden * hidden) },
      { name: 'w3', shape: [hidden, outputs], data: random(hidden * outputs) },
    ],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w1'], outputs: ['a'] },
      { op: 'Relu', inputs: ['a'], outputs: ['b'] },
      { op: 'MatMul', inputs: ['b', 'w2'], outputs: ['c'] },
      { op: 'Relu', inputs: ['c'], outputs: ['d'] },
      { op: 'MatMul', inputs: ['d', 'w3'], outputs: ['y'] },
    ],
  });
}

/** A small convolutional net on 3x64x64 images, about 0.3 ms a run. */
export function cnnModel(): Uint8Array {
  let state = 11;
  const random = (length: number): Float32Array => Float32Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (state / 2147483648 - 0.5) / 8;
  });
  const conv = (input: string, weight: string, output: string, stride = 2n) =>
    ({ op: 'Conv', inputs: [input, weight], outputs: [output], attributes: { kernel_shape: [3n, 3n], strides: [stride, stride], pads: [1n, 1n, 1n, 1n] } });
  return writeOnnx({
    inputs: [{ name: 'x', type: ELEMENT.FLOAT, shape: ['N', 3, 64, 64] }],
    outputs: [{ name: 'y', type: ELEMENT.FLOAT, shape: ['N', 10] }],
    weights: [
      { name: 'k1', shape: [16, 3, 3, 3], data: random(16 * 27) },
      { name: 'k2', shape: [32, 16, 3, 3], data: random(32 * 144) },
      { name: 'k3', shape: [64, 32, 3, 3], data: random(64 * 288) },
      { name: 'k4', shape: [128, 64, 3, 3], data: random(128 * 576) },
      { name: 'w', shape: [128, 10], data: random(1280) },
      { name: 'flat', shape: [2], data: BigInt64Array.from([0n, -1n]) },
    ],
    nodes: [
      conv('x', 'k1', 'a', 1n), { op: 'Relu', inputs: ['a'], outputs: ['b'] },
      conv('b', 'k2', 'c'), { op: 'Relu', inputs: ['c'], outputs: ['d'] },
      conv('d', 'k3', 'e'), { op: 'Relu', inputs: ['e'], outputs: ['f'] },
      conv('f', 'k4', 'g'), { op: 'Relu', inputs: ['g'], outputs: ['h'] },
      { op: 'GlobalAveragePool', inputs: ['h'], outputs: ['i'] },
      { op: 'Reshape', inputs: ['i', 'flat'], outputs: ['j'] },
      { op: 'MatMul', inputs: ['j', 'w'], outputs: ['y'] },
    ],
  });
}
