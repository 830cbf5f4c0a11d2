import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { BodyLimits, bytesIn, Exchange, LargeBody, ReplyBody, StreamingExchange } from './exchange';
import { ServerError } from '../../errors';
import type { Headers } from '../../protocol/cloud-event';
import { HEADER_LENGTH, jsonLengthOf } from '../../protocol/v2';
import { BodyInBlocks, freeChunk, placeFor, takeBody } from '../bodies';

/** An exchange served by Node's HTTP server. */
export class HttpExchange extends Exchange implements StreamingExchange {
  public constructor(
    private readonly req: IncomingMessage,
    public readonly res: ServerResponse,
    params: readonly string[],
    limits: BodyLimits,
    onClose: () => void,
  ) {
    super(params, req.url!, limits);
    res.on('close', () => {
      onClose();
      this.gone();
    });
  }

  public get headers(): Headers {
    return this.req.headers;
  }

  public readBody(then: (body: Buffer) => void, large?: LargeBody): void {
    const { req } = this;
    const announced = Number(req.headers['content-length'] ?? 0);
    const refusal = this.refusalOf(announced, large);
    if (refusal !== undefined) {
      this.refuse(refusal);
      return;
    }
    const encoding = req.headers['content-encoding']?.toLowerCase();
    const inflater = encoding === undefined || encoding === 'identity' ? undefined : inflaterOf(encoding);
    if (encoding !== undefined && encoding !== 'identity' && inflater === undefined) {
      this.refuse(new ServerError('unsupported-media', 'Content-Encoding must be gzip, deflate, br or identity'));
      return;
    }
    const source = inflater === undefined ? req : req.pipe(inflater);
    const jsonLength = jsonLengthOf(req.headers[HEADER_LENGTH]);
    // a body in chunks has no length
    const place = inflater === undefined && announced > 0 && req.headers['transfer-encoding'] === undefined ? placeFor(announced, jsonLength) : undefined;
    const blocks = large !== undefined && inflater === undefined && announced > large.beyond ? new BodyInBlocks() : undefined;
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
      if (place !== undefined) {
        place.set(chunk, length);
        length += chunk.length;
        freeChunk(chunk);
        return;
      }
      if (failed) {
        return;
      }
      length += chunk.length;
      const excess = this.refusalOf(length, large);
      if (excess !== undefined) {
        fail(excess);
        return;
      }
      if (blocks !== undefined) {
        blocks.add(chunk);
        freeChunk(chunk);
      } else {
        chunks.push(chunk);
      }
    });
    source.on('error', () => fail(new ServerError('invalid', `the body is not valid ${encoding ?? 'HTTP'} data`)));
    source.on('end', () => {
      if (failed || this.sent) {
        return;
      }
      try {
        if (large !== undefined && length > large.beyond) {
          large.then(blocks?.end() ?? chunks);
        } else {
          then(place ?? join(chunks, length, jsonLength));
        }
      } catch (error) {
        this.fail(error);
      }
    });
  }

  public takeOver(): void {
    this.sent = true;
  }

  protected write(status: number, type: string, headers: readonly string[], body: ReplyBody): void {
    const { res } = this;
    res.writeHead(status, ['Content-Type', type, 'Content-Length', String(bytesIn(body)), ...headers]);
    if (typeof body === 'string') {
      res.end(body);
      return;
    }
    res.cork();
    for (const chunk of body) {
      res.write(chunk);
    }
    res.end();
    res.uncork();
  }

  protected drop(): void {
    this.res.destroy();
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
