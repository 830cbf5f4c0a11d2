import type { ServerResponse } from 'node:http';
import { callerGone, ServerError, STATUSES, toServerError } from '../../errors';
import type { Headers } from '../../protocol/cloud-event';
import { REPLY_HEADER_LENGTH } from '../../protocol/v2';
import type { ObservedCall } from '../observed-call';

export const JSON_TYPE = 'application/json';

/** The body of a reply, whole or in pieces. */
export type ReplyBody = string | readonly Uint8Array[];

export function bytesIn(body: ReplyBody): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.reduce((sum, { length }) => sum + length, 0);
}

/** Sizes in bytes. */
export interface BodyLimits {
  /** Of any request. */
  readonly most: number;
  /** Of a request whose body is decoded here whatever its size. */
  readonly front: number;
}

/** Takes a body of more than `beyond` bytes, in the chunks that came: to join 60 MB takes 20 ms. */
export interface LargeBody {
  readonly beyond: number;
  readonly then: (chunks: readonly Buffer[]) => void;
}

/** A reply in its envelope. */
export interface Wrapped {
  readonly body: readonly Uint8Array[];
  readonly type: string;
  readonly headers: readonly string[];
}

/** One request and its reply, however its connection is served. */
export abstract class Exchange {
  public readonly startedAt = performance.now();
  /** Told when the client goes away before the reply. */
  public onGone: (() => void) | undefined;
  /** Errors are written in this form where a protocol has one of its own. */
  public errorBody: ((error: ServerError, status: number) => string) | undefined;
  /** Puts a good reply into an envelope. */
  public envelope: ((body: readonly Uint8Array[]) => Wrapped) | undefined;
  /** The call of a model that this is, which ends with it. */
  public call: ObservedCall | undefined;
  protected sent = false;
  /** What is answered instead of a result. */
  private error: ServerError | undefined;

  public constructor(
    /** Parts of the path that the route names. */
    public readonly params: readonly string[],
    public readonly url: string,
    private readonly limits: BodyLimits,
  ) {}

  public abstract get headers(): Headers;

  /**
   * Reads the body within the limit, decompressed; errors are answered here. Without `large`
   * it is one that is decoded here, and bound to be small: others wait meanwhile.
   */
  public abstract readBody(then: (body: Buffer) => void, large?: LargeBody): void;

  /** Writes a whole reply. */
  protected abstract write(status: number, type: string, headers: readonly string[], body: ReplyBody): void;

  /** Ends the connection, whatever has been written. */
  protected abstract drop(): void;

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
      this.bytes(status, [Buffer.from(body)], type, headers);
      return;
    }
    if (this.call?.keepsBodies === true) {
      this.call.reply({ bytes: Buffer.from(body), type });
    }
    this.deliver(status, type, headers, body);
  }

  public bytes(status: number, chunks: readonly Uint8Array[], type: string, headers: readonly string[] = []): void {
    if (this.sent) {
      return;
    }
    if (status === 200 && this.envelope !== undefined) {
      const wrapped = this.envelope(chunks);
      this.envelope = undefined;
      this.bytes(status, wrapped.body, wrapped.type, [...headers, ...wrapped.headers]);
      return;
    }
    if (this.call?.keepsBodies === true) {
      const at = headers.indexOf(REPLY_HEADER_LENGTH);
      this.call.reply({ bytes: Buffer.concat(chunks), type, jsonLength: at === -1 ? undefined : headers[at + 1] });
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

  /** The refusal of a body of so many bytes; undefined where it is small enough. */
  protected refusalOf(length: number, large: LargeBody | undefined): ServerError | undefined {
    const { most, front } = this.limits;
    if (length <= (large === undefined ? Math.min(most, front) : most)) {
      return undefined;
    }
    return new ServerError('too-large', length > most
      ? `the request is larger than the ${most} bytes that --max_body_bytes admits`
      : `the request is larger than the ${front} bytes that --max_front_body_bytes admits for requests of its kind`);
  }

  /** Writes and tells of it. Nobody may wait for a reply that cannot be written. */
  private deliver(status: number, type: string, headers: readonly string[], body: ReplyBody): void {
    this.sent = true;
    try {
      this.write(status, type, headers, body);
    } catch (error) {
      this.error = toServerError(error);
      this.drop();
    }
    this.call?.end(this.error);
  }

  /** The connection has ended. */
  protected gone(): void {
    if (!this.sent) {
      this.sent = true;
      this.onGone?.();
      this.call?.end(callerGone());
    }
  }
}

/** An exchange whose reply may be a stream. */
export interface StreamingExchange extends Exchange {
  readonly res: ServerResponse;
  /** Takes the reply over. */
  takeOver(): void;
}
