/** Kinds of failure; each has one HTTP status and one gRPC status. */
export type ErrorCode =
  | 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'method-not-allowed' | 'too-large' | 'unsupported-media'
  | 'exhausted' | 'cancelled' | 'internal' | 'inference' | 'unimplemented' | 'unavailable' | 'deadline';

interface Statuses {
  readonly http: number;
  readonly grpc: number;
}

/** The one table of statuses. */
export const STATUSES: Readonly<Record<ErrorCode, Statuses>> = {
  'invalid': { http: 400, grpc: 3 },
  'unauthenticated': { http: 401, grpc: 16 },
  'forbidden': { http: 403, grpc: 7 },
  'not-found': { http: 404, grpc: 5 },
  'unsupported-media': { http: 415, grpc: 3 },
  'exhausted': { http: 429, grpc: 8 },
  'too-large': { http: 413, grpc: 8 },
  'cancelled': { http: 499, grpc: 1 },
  'internal': { http: 500, grpc: 13 },
  'inference': { http: 500, grpc: 13 },
  'unimplemented': { http: 501, grpc: 12 },
  'method-not-allowed': { http: 405, grpc: 12 },
  'unavailable': { http: 503, grpc: 14 },
  'deadline': { http: 504, grpc: 4 },
};

/** The kind of failure behind a status that a server answered: of several with one status, the first. */
export function codeOf(protocol: keyof Statuses, status: number): ErrorCode | undefined {
  return (Object.keys(STATUSES) as ErrorCode[]).find((code) => STATUSES[code][protocol] === status);
}

/** Longest message a client gets: an error must never echo a body. */
const LONGEST_MESSAGE = 2000;

/** A failure whose message is meant for the caller. */
export class ServerError extends Error {
  /** Seconds after which a retry makes sense, for Retry-After. */
  public readonly retryAfterSeconds?: number;

  public constructor(public readonly code: ErrorCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message, { cause: options.cause });
    this.name = 'ServerError';
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The request is wrong. */
export const invalid = (message: string): ServerError => new ServerError('invalid', message);

/** Nobody waits for the answer any more. */
export const callerGone = (): ServerError => new ServerError('cancelled', 'the caller has gone');

/** Not now, but perhaps in a moment. */
export const unavailable = (message: string, retryAfterSeconds = 1): ServerError => new ServerError('unavailable', message, { retryAfterSeconds });

/** What those hear whose requests or streams end with the server. */
export const shuttingDown = (): ServerError => unavailable('the server is shutting down');

/** Text that came from outside, shortened and quoted for a message. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : String(JSON.stringify(value));
  return `'${text.length > 80 ? `${text.slice(0, 80)}…` : text}'`;
}

/** The stack behind a failure, for the server's log: callers never see it. */
export const stackOf = (error: unknown): string | undefined => ((error as Error).cause as { stack?: string } | undefined)?.stack;

/** Any thrown value as an error for the caller. */
export function toServerError(error: unknown): ServerError {
  if (error instanceof ServerError) {
    return error;
  }
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  if (name === 'ServerError' && typeof code === 'string' && Object.hasOwn(STATUSES, code)) {
    return new ServerError(code as ErrorCode, text, { cause: error });
  }
  return new ServerError('internal', `${typeof name === 'string' ? name : 'Error'} : ${text}`, { cause: error });
}

/** Tells of a failure that is no caller's, to whoever hears of unhandled ones; nothing ends by it. */
export function reportUnhandled(error: unknown): void {
  void Promise.reject(error);
}
