import { readPlainHead } from '../../../src/front/http/plain-head';

const HOST = 'Host: a';
const head = (...lines: string[]): string => lines.join('\r\n');

test('a plain head gives method, path, headers in lower case and the length of the body', () => {
  const text = head('POST /v2/models/a/infer?x=1 HTTP/1.1', HOST, 'Content-Length: 12', 'X-Request-ID:\t a b ', 'Connection: Keep-Alive');

  expect(readPlainHead(text)).toEqual({
    text,
    method: 'POST',
    url: '/v2/models/a/infer?x=1',
    headers: { 'host': 'a', 'content-length': '12', 'x-request-id': 'a b', 'connection': 'Keep-Alive' },
    length: 12,
  });
});

test('GET needs no length', () => {
  expect(readPlainHead(head('GET / HTTP/1.1', HOST))).toMatchObject({ method: 'GET', length: 0 });
});

test.each([
  ['another method', head('PUT / HTTP/1.1', HOST, 'Content-Length: 0')],
  ['an absolute address', head('GET http://a/ HTTP/1.1', HOST)],
  ['HTTP/1.0', head('GET / HTTP/1.0', HOST)],
  ['a space in the path', head('GET /a b HTTP/1.1', HOST)],
  ['a path beyond ASCII', head('GET /\xe4 HTTP/1.1', HOST)],
  ['no host', head('GET / HTTP/1.1')],
  ['a body without a length', head('POST / HTTP/1.1', HOST)],
  ['a length that is no number', head('POST / HTTP/1.1', HOST, 'Content-Length: +1')],
  ['two lengths', head('POST / HTTP/1.1', HOST, 'Content-Length: 1', 'Content-Length: 1')],
  ['a list of lengths', head('POST / HTTP/1.1', HOST, 'Content-Length: 1, 1')],
  ['chunks', head('POST / HTTP/1.1', HOST, 'Content-Length: 1', 'Transfer-Encoding: chunked')],
  ['a compressed body', head('POST / HTTP/1.1', HOST, 'Content-Length: 1', 'Content-Encoding: gzip')],
  ['Expect', head('POST / HTTP/1.1', HOST, 'Content-Length: 1', 'Expect: 100-continue')],
  ['an upgrade', head('GET / HTTP/1.1', HOST, 'Upgrade: websocket', 'Connection: Upgrade')],
  ['a connection that is to end', head('GET / HTTP/1.1', HOST, 'Connection: close')],
  ['a wish for a stream', head('GET / HTTP/1.1', HOST, 'Accept: text/event-stream')],
  ['a space before the colon', head('GET / HTTP/1.1', 'Host : a')],
  ['a folded line', head('GET / HTTP/1.1', HOST, 'A: b', ' c')],
  ['a bare line feed', head('GET / HTTP/1.1', HOST, 'A: b\nTransfer-Encoding: chunked')],
  ['a bare carriage return', head('GET / HTTP/1.1', HOST, 'A: b\rc')],
  ['NUL', head('GET / HTTP/1.1', HOST, 'A: b\0')],
  ['a value beyond ASCII', head('GET / HTTP/1.1', HOST, 'A: \xe4')],
  ['an empty value', head('GET / HTTP/1.1', HOST, 'A:')],
  ['a name every object has', head('GET / HTTP/1.1', HOST, 'constructor: a')],
  ['the name __proto__', head('GET / HTTP/1.1', HOST, '__proto__: a')],
])('%s is not plain', (_, text) => {
  expect(readPlainHead(text)).toBeUndefined();
});
