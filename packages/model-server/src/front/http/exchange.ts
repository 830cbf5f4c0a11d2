import { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ServerError, STATUSES, toServerError } from '../../errors';
import { takeBody } from '../bodies';
import type { Observation } from '../observation';

const JSON_TYPE = 'application/json';

/** One HTTP request and its reply. */
export class Exchange {
  public readonly startedAt = performance.now();
  /** Told when the client goes away before the reply. */
  public onGone: (() => void) | undefined;
  /** Told the status of whatever was sent. */
  public onSent: ((status: number) => void) | undefined;
  /** Errors are written in this form where a protocol has one of its own. */
  public errorBody: ((error: ServerError, status: number) => string) | undefined;
  /** Puts a good reply into an envelope. */
  public envelope: ((body: string | Buffer) => { readonly body: string | Buffer; readonly type: string; readonly headers: readonly string[] }) | undefined;
  /** What traces and logs are told. */
  public observation: Observation | undefined;
  /** What was answered instead of a result. */
  public error: ServerError | undefined;
  private sent = false;

  public constructor(
    public readonly req: IncomingMessage,
    public readonly res: ServerResponse,
    /** Parts of the path that the route names. */
    public readonly params: readonly string[],
    private readonly maxBody: number,
    public readonly query: string,
  ) {
    res.on('close', () => {
      if (!this.sent) {
        this.sent = true;
        this.onGone?.();
        this.onSent?.(STATUSES.cancelled.http);
      }
    });
  }

  public get over(): boolean {
    return this.sent;
  }

  public header(name: string): string | undefined {
    const value = this.req.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Reads the body within the limit, decompressed; errors are answered here. A large one may be taken in the chunks that came: to join 60 MB takes 20 ms. */
  public readBody(then: (body: Buffer) => void, large?: { readonly beyond: number; readonly then: (chunks: readonly Buffer[]) => void }): void {
    const { req } = this;
    const announced = Number(req.headers['content-length'] ?? 0);
    if (announced > this.maxBody) {
      this.refuse(this.tooLarge());
      return;
    }
    const encoding = req.headers['content-encoding'];
    const inflater = encoding === undefined || encoding === 'identity' ? undefined : inflaterOf(encoding);
    if (encoding !== undefined && encoding !== 'identity' && inflater === undefined) {
      this.refuse(new ServerError('unsupported-media', 'Content-Encoding must be gzip, deflate, br or identity'));
      return;
    }
    const source = inflater === undefined ? req : req.pipe(inflater);
    let chunks: Buffer[] = [];
    let length = 0;
    let failed = false;
    const fail = (error: ServerError): void => {
      if (!failed) {
        failed = true;
        chunks = [];
        req.unpipe();
        inflater?.destroy();
        this.refuse(error);
      }
    };
    source.on('data', (chunk: Buffer) => {
      if (failed) {
        return;
      }
      length += chunk.length;
      if (length > this.maxBody) {
        fail(this.tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    source.on('error', () => fail(new ServerError('invalid', `the body is not valid ${encoding ?? 'HTTP'} data`)));
    source.on('end', () => {
      if (failed || this.sent) {
        return;
      }
      try {
        if (large !== undefined && length > large.beyond) {
          large.then(chunks);
        } else {
          then(join(chunks, length, Number(req.headers['inference-header-content-length'] ?? NaN)));
        }
      } catch (error) {
        this.fail(error);
      }
    });
  }

  public json(status: number, body: unknown): void {
    this.text(status, JSON.stringify(body));
  }

  public text(status: number, body: string, type = JSON_TYPE, headers: readonly string[] = []): void {
    if (this.sent) {
      return;
    }
    if (status === 200 && this.envelope !== undefined) {
      const wrapped = this.envelope(body);
      this.envelope = undefined;
      this.bytes(status, [Buffer.from(wrapped.body)], wrapped.type, [...headers, ...wrapped.headers]);
      return;
    }
    this.sent = true;
    const { res } = this;
    res.writeHead(status, ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body)), ...headers]);
    res.end(body);
    this.observation?.reply({ bytes: Buffer.from(body), type });
    this.onSent?.(status);
  }

  public bytes(status: number, chunks: readonly Uint8Array[], type: string, headers: readonly string[] = []): void {
    if (this.sent) {
      return;
    }
    if (status === 200 && this.envelope !== undefined) {
      this.text(status, Buffer.concat(chunks).toString(), type, headers);
      return;
    }
    this.sent = true;
    if (this.observation !== undefined) {
      const at = headers.indexOf('Inference-Header-Content-Length');
      this.observation.reply({ bytes: Buffer.concat(chunks), type, jsonLength: at === -1 ? undefined : headers[at + 1] });
    }
    const { res } = this;
    let length = 0;
    for (const chunk of chunks) {
      length += chunk.length;
    }
    res.writeHead(status, ['Content-Type', type, 'Content-Length', String(length), ...headers]);
    res.cork();
    for (const chunk of chunks) {
      res.write(chunk);
    }
    res.end();
    res.uncork();
    this.onSent?.(status);
  }

  /** Takes the reply over, for streams. */
  public takeOver(): void {
    this.sent = true;
  }

  public fail(thrown: unknown): void {
    const error = toServerError(thrown);
    this.error = error;
    const status = STATUSES[error.code].http;
    const headers = error.retryAfterSeconds === undefined ? [] : ['Retry-After', String(error.retryAfterSeconds)];
    this.text(status, this.errorBody?.(error, status) ?? JSON.stringify({ error: error.message }), JSON_TYPE, headers);
  }

  /** Answers before the body is read: the connection cannot be used again. */
  private refuse(error: ServerError): void {
    this.res.setHeader('Connection', 'close');
    const { req } = this;
    req.removeAllListeners('data');
    // a client that is still sending must be able to see the answer
    req.resume();
    this.res.shouldKeepAlive = false;
    this.fail(error);
  }

  private tooLarge(): ServerError {
    return new ServerError('too-large', `the request is larger than the ${this.maxBody} bytes that --max_body_bytes admits`);
  }
}

/** The chunks as one; what follows a JSON part begins at an address where numbers can be viewed without a copy. */
function join(chunks: readonly Buffer[], length: number, jsonLength: number): Buffer {
  if (!(jsonLength <= length)) {
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
  }
  const body = takeBody(length, jsonLength);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function inflaterOf(encoding: string): Transform | undefined {
  switch (encoding) {
    case 'gzip': case 'x-gzip': return createGunzip();
    case 'deflate': return createInflate();
    case 'br': return createBrotliDecompress();
    default: return undefined;
  }
}
