import { constants, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { ACCEPTED_ENCODINGS, framed, MessageReader, ReceiveLimit } from './messages';
import { ServerError, STATUSES, toServerError } from '../../errors';
import { remainingMs } from '../deadline';

const TYPE = 'application/grpc';
const OK = 0;
const RESPONSE = { ':status': 200, 'content-type': TYPE, 'grpc-accept-encoding': ACCEPTED_ENCODINGS };
const SUCCESS = { 'grpc-status': OK };

const UNITS: { readonly [unit: string]: number } = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Headers of the transport, which are no metadata of the caller's. */
const TRANSPORT = new Set(['te', 'content-type', 'accept-encoding', 'grpc-timeout', 'grpc-encoding', 'grpc-accept-encoding']);

export interface CallLimits {
  readonly receive: ReceiveLimit;
  /** Bytes of the largest message that is sent; -1 is any. */
  readonly send: number;
}

/** Milliseconds that the caller waits. */
function timeoutOf(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['grpc-timeout'];
  if (text === undefined) {
    return undefined;
  }
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(text));
  if (match === null) {
    throw new ServerError('internal', 'grpc-timeout must be up to 8 digits and a unit of H, M, S, m, u or n');
  }
  return Number(match[1]) * UNITS[match[2]!]!;
}

/** A status and its message, as trailers. */
function trailersOf(error: ServerError | undefined): { [name: string]: string | number } {
  if (error === undefined) {
    return SUCCESS;
  }
  const trailers: { [name: string]: string | number } = {
    'grpc-status': STATUSES[error.code].grpc,
    // percent-encoded: all but visible ASCII, and the percent sign itself
    'grpc-message': encodeURI(error.message.toWellFormed()),
  };
  if (error.retryAfterSeconds !== undefined) {
    trailers['retry-after'] = error.retryAfterSeconds;
  }
  return trailers;
}

/** One gRPC call: an HTTP/2 stream of messages, answered with messages and a status. */
export class GrpcCall {
  public onMessage: (message: Buffer) => void = () => undefined;
  /** The caller has sent all its messages. */
  public onEnd: () => void = () => undefined;
  /** The caller has gone, or its deadline has passed, before the status. */
  public onCancel: () => void = () => undefined;
  /** Whatever the end: the status is out, or nobody waits for it. */
  public onOver: () => void = () => undefined;
  private readonly startedAt = performance.now();
  private readonly timeout: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private over = false;
  private received = false;

  public constructor(private readonly stream: ServerHttp2Stream, private readonly headers: IncomingHttpHeaders, private readonly limits: CallLimits) {
    let wrong: unknown;
    try {
      this.timeout = timeoutOf(headers);
    } catch (error) {
      wrong = error;
    }
    const reader = new MessageReader(limits.receive, headers['grpc-encoding'] as string | undefined, (message) => {
      if (!this.over) {
        this.onMessage(message);
      }
    }, (error) => this.fail(error));
    stream.on('data', (chunk: Buffer) => {
      if (!this.over) {
        reader.push(chunk);
      }
    });
    stream.on('end', () => {
      this.received = true;
      if (!this.over) {
        reader.end(() => {
          if (!this.over) {
            this.onEnd();
          }
        });
      }
    });
    // a reset without an error destroys the stream only when all that came has been read
    stream.on('aborted', () => this.cancel());
    stream.on('close', () => this.cancel());
    if (wrong !== undefined) {
      this.fail(wrong);
    }
  }

  /** Whether the status is out or nobody waits for it. */
  public get isOver(): boolean {
    // a stream that is destroyed, or reset, throws at whoever writes
    return this.over || this.stream.destroyed || this.stream.closed;
  }

  /** Milliseconds until the caller's deadline, as a timer takes them, where there is one. */
  public get patienceMs(): number | undefined {
    return this.timeout === undefined ? undefined : remainingMs(this.startedAt, this.timeout);
  }

  public header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Text metadata by name. */
  public get metadata(): { [name: string]: string } {
    const found: { [name: string]: string } = {};
    for (const [name, value] of Object.entries(this.headers)) {
      if (value !== undefined && !name.startsWith(':') && !name.endsWith('-bin') && !TRANSPORT.has(name)) {
        found[name] = Array.isArray(value) ? value.join(', ') : value;
      }
    }
    return found;
  }

  /** Answers DEADLINE_EXCEEDED by itself once the deadline has passed. */
  public enforceDeadline(): void {
    const { patienceMs } = this;
    if (patienceMs !== undefined) {
      this.timer = setTimeout(() => {
        const { onCancel } = this;
        if (!this.over) {
          this.fail(new ServerError('deadline', 'the deadline of the request has passed'));
          onCancel();
        }
      }, patienceMs);
    }
  }

  /** Why a message may not be sent. */
  public refusalOf({ length }: Uint8Array): ServerError | undefined {
    const { send } = this.limits;
    return send !== -1 && length > send ? new ServerError('too-large', `the reply has ${length} bytes, larger than grpc_max_send_message_length admits (${send})`) : undefined;
  }

  /** Sends one message; false when the caller reads slower than that, until `onceDrained`. */
  public send(message: Uint8Array): boolean {
    if (this.isOver || !this.fits(message)) {
      return true;
    }
    this.open();
    return this.write(message);
  }

  /** Calls back once what was sent has left. */
  public onceDrained(then: () => void): void {
    this.stream.once('drain', then);
  }

  /** Sends the only message and the status of success. */
  public reply(message: Uint8Array): void {
    if (this.isOver || !this.fits(message)) {
      return;
    }
    this.open();
    const chunks = framed(message);
    const last = chunks.pop()!;
    for (const chunk of chunks) {
      this.stream.write(chunk);
    }
    this.finish(undefined, last);
  }

  /** Sends the status of success. */
  public end(): void {
    if (!this.isOver) {
      this.open();
      this.finish(undefined);
    }
  }

  /** Sends the status of a failure. */
  public fail(thrown: unknown): void {
    if (this.isOver) {
      return;
    }
    const error = toServerError(thrown);
    if (this.stream.headersSent) {
      this.finish(error);
      return;
    }
    this.close();
    this.stream.respond({ ':status': 200, 'content-type': TYPE, ...trailersOf(error) }, { endStream: true, sendDate: false } as object);
    this.hush();
  }

  public pause(): void {
    this.stream.pause();
  }

  public resume(): void {
    this.stream.resume();
  }

  private open(): void {
    if (!this.stream.headersSent) {
      this.stream.respond(RESPONSE, { waitForTrailers: true, sendDate: false } as object);
    }
  }

  private write(message: Uint8Array): boolean {
    let room = true;
    for (const chunk of framed(message)) {
      room = this.stream.write(chunk);
    }
    return room;
  }

  private fits(message: Uint8Array): boolean {
    const refusal = this.refusalOf(message);
    if (refusal !== undefined) {
      this.fail(refusal);
    }
    return refusal === undefined;
  }

  private finish(error: ServerError | undefined, last?: Buffer): void {
    this.close();
    const { stream } = this;
    stream.once('wantTrailers', () => {
      stream.sendTrailers(trailersOf(error));
      this.hush();
    });
    stream.end(last);
  }

  /** A caller that is still sending is told that nobody reads. */
  private hush(): void {
    const { stream } = this;
    if (!this.received) {
      stream.resume();
      setImmediate(() => {
        if (!stream.destroyed && !stream.readableEnded) {
          stream.close(constants.NGHTTP2_NO_ERROR);
        }
      });
    }
  }

  private cancel(): void {
    if (!this.over) {
      this.close();
      this.onCancel();
    }
  }

  private close(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.onOver();
  }
}
