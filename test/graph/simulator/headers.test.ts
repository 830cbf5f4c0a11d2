import { canonicalHeader, compilePatterns, headersForStep, sniffedType } from '../../../src/graph/simulator/headers';

test('patterns are matched against canonical names', () => {
  const patterns = compilePatterns(['^X-', '*invalid*', '(?i)authorization']);

  expect(headersForStep({ 'x-request-id': '7', 'AUTHORIZATION': 'Bearer t', 'cookie': 'c' }, patterns))
    .toEqual({ 'X-Request-Id': '7', 'Authorization': 'Bearer t', 'Content-Type': 'application/json' });
  expect(headersForStep({ 'x-request-id': '7' }, compilePatterns(['x-request-id']))).toEqual({ 'Content-Type': 'application/json' });
  expect(canonicalHeader('not a name')).toBe('not a name');
});

test('an empty pattern passes everything but the host', () => {
  expect(headersForStep({ 'host': 'h', 'content-type': 'text/csv' }, compilePatterns(['']))).toEqual({ 'Content-Type': 'text/csv' });
});

test.each([
  ['', undefined], ['no', 'text/plain; charset=utf-8'], [' <p>x', 'text/html; charset=utf-8'], ['<pre>', 'text/plain; charset=utf-8'],
  ['<?xml?>', 'text/xml; charset=utf-8'], ['a\u0000', 'application/octet-stream'], ['GIF89a', 'image/gif'],
])('the type of %j is guessed as %s', (body, type) => {
  expect(sniffedType(body)).toBe(type);
});
