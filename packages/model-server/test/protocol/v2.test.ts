import { decodeV2, decodeV2Reply } from '../../src/protocol/v2';

const text = (value: object): Buffer => Buffer.from(JSON.stringify(value));

test('a request and a reply may be without tensors', () => {
  expect(decodeV2(text({ inputs: [] }), undefined).inputs).toEqual([]);
  expect(decodeV2Reply(text({ outputs: [] }), undefined).outputs).toEqual([]);
});

test.each([[[1]], [[[]]], [{}], [null]])('%j is no list of tensors', (list) => {
  expect(() => decodeV2(text({ inputs: list }), undefined)).toThrow(/^('inputs' must be an array of tensors|inputs\[0\] must be an object)/);
  expect(() => decodeV2Reply(text({ outputs: list }), undefined)).toThrow(/^(the reply must be an object with 'outputs'|inputs\[0\] must be an object)/);
});

test('bytes behind the last output of a reply are refused', () => {
  const json = text({ outputs: [] });

  expect(() => decodeV2Reply(Buffer.concat([json, Buffer.alloc(1)]), String(json.length))).toThrow('the binary part of the reply has another length than its outputs say');
});
