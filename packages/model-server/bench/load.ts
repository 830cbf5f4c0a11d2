import { connect } from 'node:net';
import * as grpc from '@grpc/grpc-js';

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The whole request, head and body. */
  readonly request: Buffer;
  /** Pause between a reply and the next request. @default 0 */
  readonly everyMs?: number;
}

/** An HTTP/1.1 request as bytes. */
export function httpRequest(path: string, body: Uint8Array | undefined, headers: { readonly [name: string]: string } = {}): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: localhost\r\n${body === undefined ? '' : `Content-Length: ${body.length}\r\n`}${lines}\r\n`;
  return Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]);
}

const END = Buffer.from('\r\n\r\n');

/** Closed-loop load over raw sockets: the next request leaves when the reply is whole. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  let errors = 0;
  let running = true;
  const start = performance.now();
  const one = (): Promise<void> => new Promise((resolve) => {
    const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
    let pending: Buffer[] = [];
    let have = 0;
    let need = 0;
    let sentAt = 0;
    const send = (): void => {
      sentAt = performance.now();
      socket.write(options.request);
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      pending.push(chunk);
      have += chunk.length;
      if (need === 0) {
        const whole = pending.length === 1 ? chunk : Buffer.concat(pending);
        pending = [whole];
        const end = whole.indexOf(END);
        if (end === -1) {
          return;
        }
        const head = whole.toString('latin1', 0, end);
        const mark = /content-length: (\d+)/i.exec(head);
        need = end + 4 + Number(mark?.[1] ?? 0);
        if (!head.startsWith('HTTP/1.1 200')) {
          errors++;
        }
      }
      if (have >= need) {
        latencies.push(performance.now() - sentAt);
        pending = [];
        have = 0;
        need = 0;
        if (running) {
          if (options.everyMs === undefined) {
            send();
          } else {
            setTimeout(send, options.everyMs);
          }
        } else {
          socket.destroy();
        }
      }
    });
    socket.on('error', () => { errors++; });
    socket.on('close', () => resolve());
  });
  const all = Promise.all(Array.from({ length: options.connections }, one));
  await new Promise((resolve) => setTimeout(resolve, options.seconds * 1000));
  running = false;
  const elapsed = (performance.now() - start) / 1000;
  await all;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? NaN;
  return { perSecond: latencies.length / elapsed, p50Ms: at(0.5), p99Ms: at(0.99), errors };
}

/** Closed-loop ModelInfer calls on one connection; gives calls a second. */
export async function grpcLoad(options: { readonly port: number; readonly streams: number; readonly seconds: number; readonly message: Buffer }): Promise<number> {
  const client = new grpc.Client(`127.0.0.1:${options.port}`, grpc.credentials.createInsecure(), { 'grpc.max_send_message_length': -1 });
  const same = (bytes: Buffer): Buffer => bytes;
  let calls = 0;
  let running = true;
  const one = (): Promise<void> => new Promise((resolve, reject) => {
    const next = (): void => {
      if (!running) {
        resolve();
        return;
      }
      client.makeUnaryRequest('/inference.GRPCInferenceService/ModelInfer', same, same, options.message, (error) => {
        if (error !== null) {
          reject(error);
          return;
        }
        calls++;
        next();
      });
    };
    next();
  });
  const start = performance.now();
  const all = Promise.all(Array.from({ length: options.streams }, one));
  await new Promise((resolve) => setTimeout(resolve, options.seconds * 1000));
  running = false;
  const elapsed = (performance.now() - start) / 1000;
  await all;
  client.close();
  return calls / elapsed;
}
