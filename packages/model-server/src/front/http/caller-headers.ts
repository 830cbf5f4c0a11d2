import type { Headers } from '../../protocol/cloud-event';

/** Headers of the connection and of the body's form, which say nothing to user code. */
const TRANSPORT = new Set([
  'connection', 'content-encoding', 'content-length', 'host', 'keep-alive', 'sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-version', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]);

/** Headers that user code sees. */
export function callerHeaders(all: Headers): { [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && !TRANSPORT.has(name)) {
      headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
  }
  return headers;
}
