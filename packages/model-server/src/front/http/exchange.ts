import type { ServerResponse } from 'node:http';
import { ServerError, STATUSES, toServerError } from '../../errors';
import { REPLY_HEADER_LENGTH } from '../../protocol/v2';
import type { Headers, Observation } from '../observation';

export const JSON_TYPE = 'application/json';

/** The body of a reply, whole or in pieces. */
export type ReplyBody = string | readonly Uint8Array[];

export function bytesIn(body: ReplyBody): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.reduce((sum, { length }) => sum + length, 0);
}

/** One request and its reply, however its connection is served. */
export abstract class Exchange {
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
  protected sent = false;

  public constructor(
    /** Parts of the path that the route names. */
    public readonly params: readonly string[],
    public readonly url: string,
  ) {}

  public abstract get headers(): Headers;

  /** Reads the body within the limit, decompressed; errors are answered here. A large one may be taken in the chunks that came: to join 60 MB takes 20 ms. */
  public abstract readBody(then: (body: Buffer) => void, large?: { readonly beyond: number; readonly then: (chunks: readonly Buffer[]) => void }): void;

  /** Writes a whole reply. */
  protected abstract write(status: number, type: string, headers: readonly string[], body: ReplyBody): void;

  /** Ends the connection, whatever has been written. */
  protected abstract drop(): void;

  public get over(): boolean {
    return this.sent;
  }

  public header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value as string | undefined;
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
    this.observation?.reply({ bytes: Buffer.from(body), type });
    this.deliver(status, type, headers, body);
  }

  public bytes(status: number, chunks: readonly Uint8Array[], type: string, headers: readonly string[] = []): void {
    if (this.sent) {
      return;
    }
    if (status === 200 && this.envelope !== undefined) {
      this.text(status, Buffer.concat(chunks).toString(), type, headers);
      return;
    }
    if (this.observation !== undefined) {
      const at = headers.indexOf(REPLY_HEADER_LENGTH);
      this.observation.reply({ bytes: Buffer.concat(chunks), type, jsonLength: at === -1 ? undefined : headers[at + 1] });
    }
    this.deliver(status, type, headers, chunks);
  }

  public fail(thrown: unknown): void {
    const error = toServerError(thrown);
    this.error = error;
    const status = STATUSES[error.code].http;
    const headers = error.retryAfterSeconds === undefined ? [] : ['Retry-After', String(error.retryAfterSeconds)];
    this.text(status, this.errorBody?.(error, status) ?? JSON.stringify({ error: error.message }), JSON_TYPE, headers);
  }

  /** Writes and tells of it. Nobody may wait for a reply that cannot be written. */
  private deliver(status: number, type: string, headers: readonly string[], body: ReplyBody): void {
    this.sent = true;
    try {
      this.write(status, type, headers, body);
    } catch (error) {
      this.error = toServerError(error);
      this.drop();
      this.onSent?.(STATUSES[this.error.code].http);
      return;
    }
    this.onSent?.(status);
  }

  /** The connection has ended. */
  protected gone(): void {
    if (!this.sent) {
      this.sent = true;
      this.onGone?.();
      this.onSent?.(STATUSES.cancelled.http);
    }
  }
}

/** An exchange whose reply may be a stream. */
export interface StreamingExchange extends Exchange {
  readonly res: ServerResponse;
  /** Takes the reply over. */
  takeOver(): void;
}
