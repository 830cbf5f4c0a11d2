import { Socket } from 'node:net';
import { decodeFrame, encodeFrame, Frame, NameOf, opOf, slotOf } from './frame';
import { FrameReader } from './reader';

export interface ChannelOptions {
  readonly nameOf: NameOf;
  readonly onFrame: (frame: Frame) => void;
  readonly onClose: (error?: Error) => void;
  /** Whether a frame is done with when `onFrame` returns; others get memory that lasts. */
  readonly passing?: (op: number, slot: number) => boolean;
}

/** Sends and receives frames over one end of a socket pair. */
export class Channel {
  private readonly socket: Socket;
  private readonly reader: FrameReader;

  /** Over a descriptor, from which is read without fresh memory for each chunk, or over a socket. */
  public constructor(end: number | Socket, options: ChannelOptions) {
    const { nameOf, onFrame, onClose, passing } = options;
    let failure: Error | undefined;
    this.reader = new FrameReader((bytes, lasting) => {
      onFrame(decodeFrame(lasting || passing?.(opOf(bytes), slotOf(bytes)) === true ? bytes : bytes.slice(), nameOf));
    });
    const guarded = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        this.socket.destroy(error as Error);
      }
    };
    if (typeof end === 'number') {
      this.socket = new Socket({
        fd: end,
        readable: true,
        writable: true,
        onread: {
          buffer: () => this.reader.target,
          callback: (count) => {
            guarded(() => this.reader.advance(count));
            return true;
          },
        },
      });
    } else {
      this.socket = end;
      this.socket.on('data', (chunk: Buffer) => guarded(() => this.reader.push(chunk)));
    }
    this.socket.on('error', (error) => { failure = error; });
    this.socket.on('close', () => onClose(failure));
    this.socket.on('end', () => this.socket.destroy());
  }

  /** Writes a frame in one system call, at once: what follows may block this process. */
  public send(frame: Frame): void {
    if (this.socket.destroyed) {
      return;
    }
    const chunks = encodeFrame(frame);
    if (chunks.length === 1) {
      this.socket.write(chunks[0]!);
      return;
    }
    this.socket.cork();
    for (const chunk of chunks) {
      this.socket.write(chunk);
    }
    this.socket.uncork();
  }

  /** A passing frame is still being looked at: its memory is not used again. */
  public keep(): void {
    this.reader.renew();
  }

  /** Closes after everything written has been sent. */
  public end(): void {
    this.socket.end();
  }

  public destroy(): void {
    this.socket.destroy();
  }
}
