import { isJson, readJson } from '../../../src/graph/simulator/json';

const error = (text: string, deepest?: number) => {
  const reading = readJson(text, deepest);
  return 'error' in reading ? reading.error : undefined;
};

test.each([
  '{}', '[]', '0', '-0.5e+10', '""', 'null', ' { "a" : [ 1 , {} ] } ', '"\\u12aF\\/"', '{"a":1,"a":2}',
])('%j is JSON', (text) => {
  expect(isJson(text)).toBe(true);
});

test.each([
  ['', 'unexpected end of JSON input'],
  ['{"a":1', 'unexpected end of JSON input'],
  ['"abc', 'unexpected end of JSON input'],
  ['nul', "invalid character ' ' in literal null (expecting 'l')"],
  ['-', "invalid character ' ' in numeric literal"],
  ['1.', "invalid character ' ' after decimal point in numeric literal"],
  ['1e+', "invalid character ' ' in exponent of numeric literal"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 2}', "invalid character '2' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ["'", "invalid character '\\'' looking for beginning of value"],
  ['é', "invalid character 'Ã' looking for beginning of value"],
  ['01', "invalid character '1' after top-level value"],
])('%j is refused in the words of Go: %s', (text, message) => {
  expect(error(text)).toBe(message);
});

test('no nesting overflows the stack', () => {
  const depth = 200_000;

  expect(isJson('['.repeat(depth) + ']'.repeat(depth))).toBe(true);
  expect(error('['.repeat(depth))).toBe('unexpected end of JSON input');
});

test('nesting can be limited', () => {
  expect(error('[[]]', 2)).toBeUndefined();
  expect(error('[[[]]]', 2)).toBe("invalid character '[' exceeded max depth");
});
