import { parseUbjson } from '../../src/trees/ubjson';

/** Bytes of text parts and numbers. */
const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part])));

test('reads objects, whose keys have a length of any integer type', () => {
  const document = bytes('{', 'i', 1, 'a', 'T', 'L', 0, 0, 0, 0, 0, 0, 0, 2, 'bc', 'Z', 'U', 1, 'd', 'S', 'i', 2, 'ok', '}');

  expect(parseUbjson(document)).toEqual({ a: true, bc: null, d: 'ok' });
});

test('reads integers big-endian and with their sign', () => {
  const document = bytes('[', 'i', 0xff, 'U', 0xff, 'I', 0xff, 0xfe, 'l', 0, 1, 0, 0, 'L', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd, ']');

  expect(parseUbjson(document)).toEqual([-1, 255, -2, 65536, -3]);
});

test('reads arrays of one type as typed arrays', () => {
  expect(parseUbjson(bytes('[$d#i', 2, 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0))).toEqual(Float32Array.of(1, -2));
  expect(parseUbjson(bytes('[$l#U', 1, 0xff, 0xff, 0xff, 0xff))).toEqual(Int32Array.of(-1));
});

test('reads arrays that tell their count only', () => {
  expect(parseUbjson(bytes('[#i', 2, 'T', 'D', 0x40, 0x04, 0, 0, 0, 0, 0, 0))).toEqual([true, 2.5]);
});

test('a key named __proto__ is a key like others', () => {
  const document = parseUbjson(bytes('{', 'i', 9, '__proto__', '{}', '}')) as object;

  expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
  expect(Object.keys(document)).toEqual(['__proto__']);
});

test.each([
  ['a file that ends within a value', bytes('{', 'i', 1, 'a', 'L', 0), 'the file ends too early'],
  ['a length beyond the file', bytes('S', 'L', 0, 0, 0, 9, 0, 0, 0, 0), 'the file ends too early'],
  ['a negative length', bytes('S', 'i', 0xff), 'the file ends too early'],
  ['a count beyond the file', bytes('[$d#L', 0x7f, 0, 0, 0, 0, 0, 0, 0), 'a count of'],
  ['an unknown type', bytes('?'), "'?' is no number"],
  ['bytes behind the document', bytes('T', 'T'), '1 bytes follow'],
  ['a type without a count', bytes('[$d', ']'), 'must have a count'],
  ['endless nesting', bytes('['.repeat(100)), 'nested deeper than 64'],
])('refuses %s', (_, document, message) => {
  expect(() => parseUbjson(document)).toThrow(message);
});
