import { Socket } from 'node:net';
import { decodeFrame, encodeFrame, Frame, lengthOf, NameOf, opOf, slotOf } from './frame';
import { FrameReader } from './reader';

/** Bytes given to the system in one turn of the event loop: all of a large frame would keep it for 100 ms. */
const SLICE = 256 * 1024;

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
  /** What is still to be written of a large frame, and all that was sent since. */
  private waiting: Uint8Array[] = [];
  private ending = false;

  /** Over a descriptor, from which is read without fresh memory for each chunk, or over a socket. */
  public constructor(end: number | Socket, options: ChannelOptions) {
    const { nameOf, onFrame, onClose, passing } = options;
    let failure: Error | undefined;
    this.reader = new FrameReader((bytes, lasting) => {
      onFrame(decodeFrame(lasting || passing?.(opOf(bytes), slotOf(bytes)) === true ? bytes : bytes.slice(), nameOf));
    });
    const orDestroy = (work: () => void): void => {
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
            orDestroy(() => this.reader.advance(count));
            return true;
          },
        },
      });
    } else {
      this.socket = end;
      this.socket.on('data', (chunk: Buffer) => orDestroy(() => this.reader.push(chunk)));
    }
    this.socket.on('error', (error) => { failure = error; });
    this.socket.on('close', () => onClose(failure));
    this.socket.on('end', () => this.socket.destroy());
  }

  /** Writes a frame, or the first slice of a large one, at once: what follows may block this process. */
  public send(frame: Frame): void {
    if (this.socket.destroyed) {
      return;
    }
    const chunks = encodeFrame(frame);
    if (this.waiting.length > 0) {
      this.waiting.push(...chunks);
    } else if (lengthOf(chunks[0]!) > SLICE) {
      this.waiting = chunks;
      this.writeSlice();
    } else {
      this.write(chunks);
    }
  }

  /** A passing frame is still being looked at: its memory is not used again. */
  public keep(): void {
    this.reader.renew();
  }

  /** Closes after everything written has been sent. */
  public end(): void {
    this.ending = true;
    if (this.waiting.length === 0) {
      this.socket.end();
    }
  }

  public destroy(): void {
    this.socket.destroy();
  }

  private write(chunks: readonly Uint8Array[], then?: (error?: Error | null) => void): void {
    const last = chunks.length - 1;
    if (last === 0) {
      this.socket.write(chunks[0]!, then);
      return;
    }
    this.socket.cork();
    for (let i = 0; i <= last; i++) {
      this.socket.write(chunks[i]!, i === last ? then : undefined);
    }
    this.socket.uncork();
  }

  private writeSlice(): void {
    const slice: Uint8Array[] = [];
    for (let room = SLICE; room > 0 && this.waiting.length > 0;) {
      const first = this.waiting[0]!;
      slice.push(first.subarray(0, room));
      if (first.length > room) {
        this.waiting[0] = first.subarray(room);
      } else {
        this.waiting.shift();
      }
      room -= first.length;
    }
    this.write(slice, (error) => {
      if (error) {
        this.waiting = [];
      } else if (this.waiting.length > 0) {
        // a reader as fast as this writer would have all slices in one turn
        setImmediate(() => this.writeSlice());
      } else if (this.ending) {
        this.socket.end();
      }
    });
  }
}
