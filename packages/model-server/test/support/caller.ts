import * as grpc from '@grpc/grpc-js';
import { Exchange } from './exchanges';
import { TestServer } from './server';

export interface Answer {
  /** The HTTP status, or `grpc` and its code. */
  readonly status: string;
  readonly ok: boolean;
  /** Whether the caller is told to try again. */
  readonly retryable: boolean;
  readonly body: Buffer;
}

const same = (bytes: Buffer): Buffer => bytes;

/** Sends exchanges, damaged or not, over HTTP and gRPC. */
export class Caller {
  private readonly client: grpc.Client;

  public constructor(private readonly server: TestServer, private readonly timeoutMs = 30_000) {
    this.client = new grpc.Client(`127.0.0.1:${server.grpcPort}`, grpc.credentials.createInsecure());
  }

  /** Rejects only where an HTTP connection fails or nothing comes in time. */
  public async send({ transport, path, headers, body }: Omit<Exchange, 'kind' | 'right'>): Promise<Answer> {
    if (transport === 'grpc') {
      return new Promise((resolve) => {
        this.client.makeUnaryRequest(path, same, same, body, new grpc.Metadata(), { deadline: Date.now() + this.timeoutMs }, (error, reply) => {
          const code = error?.code ?? 0;
          resolve({ status: `grpc ${code}`, ok: code === 0, retryable: code === grpc.status.UNAVAILABLE || code === grpc.status.RESOURCE_EXHAUSTED, body: reply ?? Buffer.from(error?.details ?? '') });
        });
      });
    }
    const reply = await this.server.call(path, { method: 'POST', headers, body, timeoutMs: this.timeoutMs });
    return { status: String(reply.status), ok: reply.status === 200, retryable: (reply.status === 503 || reply.status === 429) && reply.headers['retry-after'] !== undefined, body: reply.body };
  }

  public close(): void {
    this.client.close();
  }
}
