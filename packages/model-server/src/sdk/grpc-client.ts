import { readFileSync } from 'node:fs';
import type * as Grpc from '@grpc/grpc-js';
import { codeOf, ServerError } from '../errors';

/** One connection to an inference service. */
export interface GrpcChannel {
  call(method: string, message: Buffer, headers: { readonly [name: string]: string }, timeoutMs: number, signal: AbortSignal | undefined): Promise<Buffer>;
  close(): void;
}

const same = (bytes: Buffer): Buffer => bytes;

/** Opens a connection; the gRPC library is loaded only here. */
export function openGrpc(target: string, useSsl: boolean, caFile: string | undefined): GrpcChannel {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const grpc = require('@grpc/grpc-js') as typeof Grpc;
  const credentials = useSsl ? grpc.credentials.createSsl(caFile === undefined ? null : readFileSync(caFile)) : grpc.credentials.createInsecure();
  const client = new grpc.Client(target, credentials, { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  return {
    call: (method, message, headers, timeoutMs, signal) => new Promise((resolve, reject) => {
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
        const code = codeOf('grpc', error.code) ?? 'inference';
        reject(new ServerError(code, `the predictor answered ${grpc.status[error.code]}: ${error.details}`, { cause: error }));
      });
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    }),
    close: () => client.close(),
  };
}
