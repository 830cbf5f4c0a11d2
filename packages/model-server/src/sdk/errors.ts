import { ErrorCode, ServerError } from '../errors';

const error = (code: ErrorCode) => class extends ServerError {
  public constructor(message: string, options?: { cause?: unknown; retryAfterSeconds?: number }) {
    super(code, message, options);
  }
};

/** The request is wrong: 400, INVALID_ARGUMENT. */
export class InvalidInput extends error('invalid') {}

/** The model failed on a request that was right: 500, INTERNAL. */
export class InferenceError extends error('inference') {}

/** The model cannot answer now: 503, UNAVAILABLE. */
export class ModelNotReady extends error('unavailable') {}

/** Something asked for does not exist: 404, NOT_FOUND. */
export class NotFound extends error('not-found') {}

/** Too much is asked at once: 429, RESOURCE_EXHAUSTED. */
export class TooManyRequests extends error('exhausted') {}

/** The model does not do this: 501, UNIMPLEMENTED. */
export class Unsupported extends error('unimplemented') {}
