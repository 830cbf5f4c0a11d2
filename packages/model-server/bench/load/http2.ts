import { connect } from 'node:net';
import { Connection, LoadJob, OnReply } from './job';
import { END_HEADERS, frame, FrameType, HEADER, literal, PREFACE } from '../../test/support/http2';

const END_STREAM = 1;
const ACK = 1;
const INITIAL_WINDOW = 65_535;
const MAX_FRAME = 16_384;
const WIDE = 2 ** 31 - 1;
/** Received bytes after which the server gets new room. */
const REFILL = 1 << 20;

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const setting = (id: number, value: number): Buffer => Buffer.concat([Buffer.from([0, id]), u32(value)]);

function headerBlock(path: string, port: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0x86]), // :method POST, :scheme http
    literal(':path', path),
    literal(':authority', `127.0.0.1:${port}`),
    literal('te', 'trailers'),
    literal('content-type', 'application/grpc'),
  ]);
}

/** A call's frames, with the places where the stream's number goes. */
interface Template {
  readonly bytes: Buffer;
  readonly streamAt: readonly number[];
  /** Bytes that count against the windows. */
  readonly length: number;
}

function templateOf(job: LoadJob): Template {
  const message = Buffer.concat([Buffer.from([0]), u32(job.request.length), job.request]);
  const frames = [frame(FrameType.HEADERS, END_HEADERS, 0, headerBlock(job.path!, job.port))];
  for (let at = 0; at < message.length; at += MAX_FRAME) {
    const part = message.subarray(at, at + MAX_FRAME);
    frames.push(frame(FrameType.DATA, at + part.length === message.length ? END_STREAM : 0, 0, part));
  }
  let at = 5;
  const streamAt = frames.map((one) => (at += one.length) - one.length);
  return { bytes: Buffer.concat(frames), streamAt, length: message.length };
}

/** A call under way. */
interface Call {
  readonly id: number;
  readonly sentAt: number;
  answered: boolean;
  /** What the server admits on this stream. */
  window: number;
  /** Frames of the template already sent. */
  next: number;
}

/**
 * One HTTP/2 connection that keeps calls in flight, no more than bytes and
 * counters, so that a gRPC call costs the client about what an HTTP/1.1 request does.
 * A call is good when a message came before its trailers.
 */
export function openHttp2(job: LoadJob, onReply: OnReply): Promise<Connection> {
  const template = templateOf(job);
  const calls = new Map<number, Call>();
  /** Calls whose frames wait for room. */
  let blocked: Call[] = [];
  let nextId = 1;
  let running = true;
  let window = INITIAL_WINDOW;
  let initial = INITIAL_WINDOW;
  let received = 0;
  let rest = Buffer.alloc(0);
  let ended: () => void = () => undefined;
  const closed = new Promise<void>((done) => { ended = done; });
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);

  return new Promise((resolve, reject) => {
    const socket = connect({
      port: job.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer, callback: (length) => { receive(buffer.subarray(0, length)); return true; } },
    }, () => {
      socket.write(Buffer.concat([PREFACE, frame(FrameType.SETTINGS, 0, 0, setting(4, WIDE)), frame(FrameType.WINDOW_UPDATE, 0, 0, u32(WIDE - INITIAL_WINDOW))]));
      resolve({
        stop: () => {
          running = false;
          maybeEnd();
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

    const maybeEnd = (): void => {
      if (!running && calls.size === 0) {
        socket.destroy();
      }
    };
    const start = (): void => {
      const call: Call = { id: nextId, sentAt: performance.now(), answered: false, window: initial, next: 0 };
      nextId += 2;
      calls.set(call.id, call);
      const { bytes, length, streamAt } = template;
      if (blocked.length === 0 && length <= window && length <= call.window) {
        const out = Buffer.allocUnsafe(bytes.length);
        out.set(bytes);
        for (const at of streamAt) {
          out.writeUInt32BE(call.id, at);
        }
        window -= length;
        call.next = streamAt.length;
        socket.write(out);
        return;
      }
      blocked.push(call);
      push();
    };
    /** Sends what the windows admit, whole frames at a time. */
    const push = (): void => {
      const { bytes, streamAt } = template;
      blocked = blocked.filter((call) => {
        while (call.next < streamAt.length) {
          const from = streamAt[call.next]! - 5;
          const to = call.next + 1 < streamAt.length ? streamAt[call.next + 1]! - 5 : bytes.length;
          const cost = call.next === 0 ? 0 : to - from - HEADER;
          if (cost > window || cost > call.window) {
            return true;
          }
          const out = Buffer.from(bytes.subarray(from, to));
          out.writeUInt32BE(call.id, 5);
          window -= cost;
          call.window -= cost;
          call.next++;
          socket.write(out);
        }
        return false;
      });
    };
    const finish = (id: number, good: boolean): void => {
      const call = calls.get(id);
      if (call === undefined) {
        return;
      }
      calls.delete(id);
      onReply(good && call.answered, performance.now() - call.sentAt);
      if (running) {
        start();
      } else {
        maybeEnd();
      }
    };
    const handle = (bytes: Buffer, at: number, length: number): void => {
      const type = bytes[at + 3]!;
      const flags = bytes[at + 4]!;
      const id = bytes.readUInt32BE(at + 5);
      const payload = at + HEADER;
      switch (type) {
        case FrameType.DATA: {
          const call = calls.get(id);
          if (call !== undefined && length > 5) {
            call.answered = true;
          }
          received += length;
          if (received >= REFILL) {
            socket.write(frame(FrameType.WINDOW_UPDATE, 0, 0, u32(received)));
            received = 0;
          }
          break;
        }
        case FrameType.HEADERS:
          if ((flags & END_STREAM) !== 0) {
            finish(id, true);
          }
          break;
        case FrameType.RST_STREAM:
          finish(id, false);
          break;
        case FrameType.SETTINGS:
          if ((flags & ACK) === 0) {
            for (let i = 0; i < length; i += 6) {
              if (bytes.readUInt16BE(payload + i) === 4) {
                const value = bytes.readUInt32BE(payload + i + 2);
                for (const call of calls.values()) {
                  call.window += value - initial;
                }
                initial = value;
              }
            }
            socket.write(frame(FrameType.SETTINGS, ACK, 0, Buffer.alloc(0)));
            if (nextId === 1) {
              for (let i = 0; i < job.streams; i++) {
                start();
              }
            }
            push();
          }
          break;
        case FrameType.PING:
          if ((flags & ACK) === 0) {
            socket.write(frame(FrameType.PING, ACK, 0, bytes.subarray(payload, payload + length)));
          }
          break;
        case FrameType.WINDOW_UPDATE:
          if (id === 0) {
            window += bytes.readUInt32BE(payload);
          } else {
            const call = calls.get(id);
            if (call !== undefined) {
              call.window += bytes.readUInt32BE(payload);
            }
          }
          if (blocked.length > 0) {
            push();
          }
          break;
        case FrameType.GOAWAY:
          socket.destroy(new Error('the server sent GOAWAY'));
          break;
        default:
      }
    };
    const receive = (chunk: Buffer): void => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (bytes.length - at >= HEADER) {
        const length = bytes.readUIntBE(at, 3);
        if (bytes.length - at < HEADER + length) {
          break;
        }
        handle(bytes, at, length);
        at += HEADER + length;
      }
      rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
    };
  });
}
