import { Socket } from 'node:net';
import { decodeFrame, encodeFrame, Frame, HEADER, MAX_FRAME, NameOf } from './frame';

/** Sends and receives frames over one end of a socket pair. */
export class Channel {
  /** Parts of a frame whose rest is still to come. */
  private partial: Uint8Array | undefined;
  private filled = 0;
  private readonly head = new Uint8Array(HEADER);
  private headFilled = 0;

  public constructor(
    private readonly socket: Socket,
    private readonly nameOf: NameOf,
    private readonly onFrame: (frame: Frame) => void,
    onClose: (error?: Error) => void,
  ) {
    let failure: Error | undefined;
    socket.on('data', (chunk: Buffer) => {
      try {
        this.receive(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('error', (error) => { failure = error; });
    socket.on('close', () => onClose(failure));
    socket.on('end', () => socket.destroy());
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

  /** Closes after everything written has been sent. */
  public end(): void {
    this.socket.end();
  }

  public destroy(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.partial === undefined) {
        const available = chunk.length - at;
        if (this.headFilled === 0 && available >= HEADER) {
          const length = chunk.readUInt32LE(at);
          this.checkLength(length);
          if (length <= available) {
            this.deliver(aligned(chunk, at, length));
            at += length;
            continue;
          }
          this.begin(length);
        } else {
          const take = Math.min(HEADER - this.headFilled, available);
          this.head.set(chunk.subarray(at, at + take), this.headFilled);
          this.headFilled += take;
          at += take;
          if (this.headFilled < HEADER) {
            return;
          }
          const length = new DataView(this.head.buffer).getUint32(0, true);
          this.checkLength(length);
          this.begin(length);
          this.partial!.set(this.head);
          this.filled = HEADER;
          this.headFilled = 0;
        }
      }
      const partial = this.partial!;
      const take = Math.min(partial.length - this.filled, chunk.length - at);
      partial.set(chunk.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
      if (this.filled === partial.length) {
        this.partial = undefined;
        this.deliver(partial);
      }
    }
  }

  private begin(length: number): void {
    this.partial = new Uint8Array(new ArrayBuffer(length));
    this.filled = 0;
  }

  private checkLength(length: number): void {
    if (length < HEADER || length > MAX_FRAME) {
      throw new Error(`a frame claims ${length} bytes`);
    }
  }

  private deliver(bytes: Uint8Array): void {
    this.onFrame(decodeFrame(bytes, this.nameOf));
  }
}

/** A frame within a chunk, at an address where its tensors can be viewed. */
function aligned(chunk: Buffer, at: number, length: number): Uint8Array {
  if ((chunk.byteOffset + at) % 8 === 0) {
    return chunk.subarray(at, at + length);
  }
  const copy = new Uint8Array(new ArrayBuffer(length));
  copy.set(chunk.subarray(at, at + length));
  return copy;
}
