import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serverEntry } from '../paths';
import { PredictorClient } from './predictor-client';

export interface TestServerOptions {
  /** @default 'model' */
  readonly name?: string;
  /** More flags of the server. */
  readonly args?: readonly string[];
  readonly env?: { readonly [name: string]: string | undefined };
}

/** A server that runs a model for a test. */
export interface TestServer {
  readonly name: string;
  /** Base URL of REST. */
  readonly url: string;
  /** Target of gRPC. */
  readonly grpcTarget: string;
  /** Calls the server over the protocol given. */
  client(protocol?: 'v1' | 'v2' | 'grpc-v2'): PredictorClient;
  /** What the server has written. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the server on a model file or folder, in a process of its own and on free ports. */
export function createTestServer(model: string | URL, options: TestServerOptions = {}): Promise<TestServer> {
  const path = typeof model === 'string' ? model : fileURLToPath(model);
  const name = options.name ?? 'model';
  const child = fork(serverEntry(), [path, `--model_name=${name}`, '--http_port=0', '--grpc_port=0', '--host=127.0.0.1', '--drain_delay_seconds=0', ...options.args ?? []], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
    execArgv: [],
  });
  let output = '';
  const collect = (chunk: Buffer): void => { output += chunk.toString(); };
  child.stdout!.on('data', collect);
  child.stderr!.on('data', collect);
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let ports: { httpPort: number; grpcPort: number } | undefined;
    child.on('exit', (code) => reject(new Error(`the server exited with ${code} before it was ready:\n${output}`)));
    child.on('error', reject);
    child.on('message', (message: { event: string; httpPort: number; grpcPort: number }) => {
      if (message.event === 'listening') {
        ports = message;
        return;
      }
      const { httpPort, grpcPort } = ports!;
      const clients: PredictorClient[] = [];
      resolve({
        name,
        url: `http://127.0.0.1:${httpPort}`,
        grpcTarget: `127.0.0.1:${grpcPort}`,
        client(protocol = 'v2') {
          const client = new PredictorClient({ host: `127.0.0.1:${protocol === 'grpc-v2' ? grpcPort : httpPort}`, protocol });
          clients.push(client);
          return client;
        },
        output: () => output,
        async stop() {
          for (const client of clients) {
            client.close();
          }
          child.kill('SIGTERM');
          await exited;
        },
      });
    });
  });
}
