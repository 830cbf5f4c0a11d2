import { readFileSync } from 'node:fs';
import type * as Grpc from '@grpc/grpc-js';
import { codeOf, ServerError } from '../errors';
import { pause, secondsOf } from './retry';

/** One connection to an inference service. */
export interface GrpcChannel {
  call(method: string, message: Buffer, headers: { readonly [name: string]: string }, timeoutMs: number, signal: AbortSignal | undefined): Promise<Buffer>;
  close(): void;
}

const same = (bytes: Buffer): Buffer => bytes;

/** A server that comes back is found within a second; the library's own way is two minutes at most. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 1000 };

/** Opens a connection; the gRPC library is loaded only here. */
export function openGrpc(target: string, useSsl: boolean, { caFile, retries = 0 }: { readonly caFile?: string; readonly retries?: number }): GrpcChannel {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const grpc = require('@grpc/grpc-js') as typeof Grpc;
  const credentials = useSsl ? grpc.credentials.createSsl(caFile === undefined ? null : readFileSync(caFile)) : grpc.credentials.createInsecure();
  const client = new grpc.Client(target, credentials, { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1, ...RECONNECT });
  const once = (...[method, message, headers, timeoutMs, signal]: Parameters<GrpcChannel['call']>): Promise<Buffer> => {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new ServerError('cancelled', 'the call was cancelled before it was sent', { cause: signal.reason }));
        return;
      }
      const metadata = new grpc.Metadata();
      for (const [name, value] of Object.entries(headers)) {
        metadata.set(name, value);
      }
      const call = client.makeUnaryRequest(`/inference.GRPCInferenceService/${method}`, same, same, message, metadata, { deadline: Date.now() + timeoutMs }, (error, reply) => {
        signal?.removeEventListener('abort', cancel);
        if (error === null) {
          resolve(reply!);
          return;
        }
        // a call has its server's address once it is on a connection
        const unconnected = error.code === grpc.status.UNAVAILABLE && call.getPeer() === client.getChannel().getTarget();
        const retryAfterSeconds = unconnected ? 1 : secondsOf(error.metadata.get('retry-after')[0]);
        const code = codeOf('grpc', error.code) ?? 'inference';
        reject(Object.assign(new ServerError(code, `the predictor answered ${grpc.status[error.code]}: ${error.details}`, { cause: error, retryAfterSeconds }), { unconnected }));
      });
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  };
  return {
    async call(...args) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await once(...args);
        } catch (error) {
          if ((error as { unconnected?: boolean }).unconnected !== true || attempt >= retries) {
            throw error;
          }
          await pause(attempt);
        }
      }
    },
    close: () => client.close(),
  };
}
