import { decodeV2, decodeV2Reply } from '../../src/protocol/v2';

const text = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const GOOD = { name: 'x', datatype: 'FP32', shape: [1], data: [1] };

test('a request and a reply may be without tensors', () => {
  expect(decodeV2(text({ inputs: [] }), undefined).inputs).toEqual([]);
  expect(decodeV2Reply(text({ outputs: [] }), undefined).outputs).toEqual([]);
});

test('what is null is as if it were not there', () => {
  const { id, parameters, outputs } = decodeV2(text({ id: null, parameters: null, inputs: [{ ...GOOD, parameters: null }], outputs: null }), undefined);

  expect({ id, parameters, outputs }).toEqual({ id: undefined, parameters: undefined, outputs: undefined });
});

test.each([[[1]], [[[]]], [{}], [null]])('%j is no list of tensors', (list) => {
  expect(() => decodeV2(text({ inputs: list }), undefined)).toThrow(/^('inputs' must be an array of tensors|inputs\[0\] must be an object)/);
  expect(() => decodeV2Reply(text({ outputs: list }), undefined)).toThrow(/^(the reply must be an object with 'outputs'|outputs\[0\] must be an object)/);
});

test.each<[object, string]>([
  [{ datatype: 'FP32' }, " must have a 'name' that is a string and not empty"],
  [[], ' must be an object with name, shape, datatype and data'],
])('%j is told of by its place, among the inputs of a request or the outputs of a reply', (tensor, message) => {
  expect(() => decodeV2(text({ inputs: [GOOD, tensor] }), undefined)).toThrow(`inputs[1]${message}`);
  expect(() => decodeV2Reply(text({ outputs: [GOOD, tensor] }), undefined)).toThrow(`outputs[1]${message}`);
});

test.each([
  [[0, 4294967296], 'size 4294967296 at position 1 exceeds 2147483647, the most that a tensor can hold'],
  [[2147483648, 0], 'size 2147483648 at position 0 exceeds 2147483647, the most that a tensor can hold'],
  [[0, 1e300], 'size 1e+300 at position 1 exceeds 2147483647, the most that a tensor can hold'],
  [[0, -1], 'size -1 at position 1 is no integer of 0 or more'],
  [[0, 1.5], 'size 1.5 at position 1 is no integer of 0 or more'],
])('the shape %j is refused though it has no elements', (shape, message) => {
  expect(() => decodeV2(text({ inputs: [{ ...GOOD, shape, data: [] }] }), undefined)).toThrow(`input 'x': the shape's ${message}`);
});

test('the largest size beside a 0 is admitted', () => {
  expect(decodeV2(text({ inputs: [{ ...GOOD, shape: [0, 2147483647], data: [] }] }), undefined).inputs[0]!.shape).toEqual([0, 2147483647]);
});

test('bytes behind the last output of a reply are refused', () => {
  const json = text({ outputs: [] });

  expect(() => decodeV2Reply(Buffer.concat([json, Buffer.alloc(1)]), String(json.length))).toThrow('the binary part of the reply has another length than its outputs say');
});
