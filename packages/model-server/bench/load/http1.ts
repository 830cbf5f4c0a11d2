import { connect } from 'node:net';
import { Connection, LoadJob, OnReply } from './job';

const END = Buffer.from('\r\n\r\n');
/** Bytes sent at once: a call to the kernel with all of a large body keeps a core for 20 ms, and with it those who measure. */
const SLICE = 256 * 1024;

/** An HTTP/1.1 request as bytes. */
export function httpRequest(path: string, body?: Uint8Array, headers: { readonly [name: string]: string } = {}): Buffer {
  const all = body === undefined ? headers : { 'Content-Type': 'application/json', 'Content-Length': String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n`), body ?? Buffer.alloc(0)]);
}

/** One keep-alive connection in a closed loop: the next request leaves when the reply is whole. */
export function openHttp1(job: LoadJob, onReply: OnReply): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let running = true;
    let sentAt = 0;
    let sendingMs = 0;
    let good = false;
    /** Bytes of the reply that are still to come; 0 while its head is. */
    let missing = 0;
    let head = Buffer.alloc(0);
    let timer: NodeJS.Timeout | undefined;
    /** When a request with a fixed time is to leave. */
    let due = 0;
    let ended: () => void = () => undefined;
    const closed = new Promise<void>((done) => { ended = done; });

    const send = (from: number): void => {
      timer = undefined;
      sentAt = from;
      sendingMs = 0;
      sendFrom(0);
    };
    const sendFrom = (at: number): void => {
      const next = at + SLICE;
      if (next < job.request.length) {
        socket.write(job.request.subarray(at, next), () => sendFrom(next));
      } else if (at === 0) {
        socket.write(job.request);
      } else {
        socket.write(job.request.subarray(at), () => { sendingMs = performance.now() - sentAt; });
      }
    };
    const whole = (): void => {
      onReply(good, performance.now() - sentAt, sendingMs);
      if (!running) {
        socket.destroy();
      } else if (job.everyMs === undefined) {
        send(performance.now());
      } else {
        due += job.everyMs;
        const early = due - performance.now();
        if (early > 0) {
          timer = setTimeout(() => send(performance.now()), early);
        } else {
          // it was to leave while another was waited for: that time counts
          send(due);
        }
      }
    };
    const receive = (chunk: Buffer): void => {
      if (missing > 0) {
        missing -= chunk.length;
        if (missing === 0) {
          whole();
        }
        return;
      }
      const bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = bytes.indexOf(END);
      if (end === -1) {
        head = Buffer.from(bytes);
        return;
      }
      head = Buffer.alloc(0);
      const text = bytes.toString('latin1', 0, end);
      good = text.startsWith('HTTP/1.1 200');
      missing = end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0) - bytes.length;
      if (missing === 0) {
        whole();
      }
    };
    // one buffer for all that is read: nothing is allocated for a reply
    const buffer = Buffer.allocUnsafeSlow(64 * 1024);
    const socket = connect({
      port: job.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer, callback: (length) => { receive(buffer.subarray(0, length)); return true; } },
    }, () => {
      due = performance.now();
      send(due);
      resolve({
        stop: () => {
          running = false;
          if (timer !== undefined) {
            // between two requests nothing is awaited
            clearTimeout(timer);
            socket.destroy();
          }
          return closed;
        },
      });
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (running) {
        onReply(false, 0);
      }
      ended();
    });
  });
}
