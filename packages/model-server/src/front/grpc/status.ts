import * as grpc from '@grpc/grpc-js';
import { STATUSES, toServerError } from '../../errors';

/** An error as gRPC sends it. */
export function statusOf(thrown: unknown): Partial<grpc.StatusObject> {
  const error = toServerError(thrown);
  const metadata = new grpc.Metadata();
  if (error.retryAfterSeconds !== undefined) {
    metadata.set('retry-after', String(error.retryAfterSeconds));
  }
  return { code: STATUSES[error.code].grpc, details: error.message, metadata };
}
