/** The head of a request that asks for nothing unusual. */
export interface PlainHead {
  readonly text: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** By names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** Length of the body. */
  readonly length: number;
}

const FIRST = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([!-~](?:[\t -~]*[!-~])?)[ \t]*$/;
const LENGTH = /^\d{1,9}$/;
/** Headers that change how the message is to be read or answered. */
const UNUSUAL = new Set(['transfer-encoding', 'content-encoding', 'expect', 'upgrade', 'te', 'trailer', 'proxy-connection', 'http2-settings', '__proto__']);

/**
 * Reads a head without its empty line. Gives undefined for whatever is not plainly
 * right, also for what HTTP allows but few send: Node's parser then decides.
 */
export function readPlainHead(text: string): PlainHead | undefined {
  const lines = text.split('\r\n');
  const first = FIRST.exec(lines[0]!);
  if (first === null) {
    return undefined;
  }
  const headers: { [name: string]: string } = {};
  for (let i = 1; i < lines.length; i++) {
    const field = FIELD.exec(lines[i]!);
    if (field === null) {
      return undefined;
    }
    const name = field[1]!.toLowerCase();
    if (headers[name] !== undefined || UNUSUAL.has(name)) {
      return undefined;
    }
    headers[name] = field[2]!;
  }
  const { host, connection, accept, 'content-length': length } = headers;
  if (host === undefined || (connection !== undefined && connection.toLowerCase() !== 'keep-alive') || accept?.includes('text/event-stream') === true) {
    return undefined;
  }
  const method = first[1] as 'GET' | 'POST';
  if (length === undefined ? method === 'POST' : !LENGTH.test(length)) {
    return undefined;
  }
  return { text, method, url: first[2]!, headers, length: Number(length ?? 0) };
}
