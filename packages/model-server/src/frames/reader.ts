import { HEADER, lengthOf, MAX_FRAME } from './frame';

/** Bytes read at once; a larger frame gets memory of its own. */
const CAPACITY = 256 * 1024;

/** Takes frames off a stream of bytes. Frames are multiples of 8, so each begins at an address divisible by 8. */
export class FrameReader {
  private buffer = new Uint8Array(new ArrayBuffer(CAPACITY));
  private filled = 0;
  /** A frame larger than the buffer, under way. */
  private large: Uint8Array | undefined;
  private largeFilled = 0;

  /** `onFrame` gets a whole frame, and whether its memory is lasting; other memory is overwritten after the call. */
  public constructor(private readonly onFrame: (bytes: Uint8Array, lasting: boolean) => void) {}

  /** Where the next bytes go. */
  public get target(): Uint8Array {
    return this.large?.subarray(this.largeFilled) ?? this.buffer.subarray(this.filled);
  }

  /** So many bytes have been written to the target. */
  public advance(count: number): void {
    if (this.large !== undefined) {
      this.largeFilled += count;
      if (this.largeFilled === this.large.length) {
        const { large } = this;
        this.large = undefined;
        this.onFrame(large, true);
      }
      return;
    }
    this.filled += count;
    let at = 0;
    while (this.filled - at >= HEADER) {
      const length = lengthAt(this.buffer, at);
      if (length > CAPACITY) {
        this.large = new Uint8Array(new ArrayBuffer(length));
        this.large.set(this.buffer.subarray(at, this.filled));
        this.largeFilled = this.filled - at;
        at = this.filled;
        break;
      }
      if (length > this.filled - at) {
        break;
      }
      at += length;
      this.onFrame(this.buffer.subarray(at - length, at), false);
    }
    if (at > 0) {
      this.buffer.copyWithin(0, at, this.filled);
      this.filled -= at;
    }
  }

  /** Bytes that were read elsewhere. */
  public push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const { target } = this;
      const part = chunk.subarray(at, at + target.length);
      target.set(part);
      at += part.length;
      this.advance(part.length);
    }
  }

  /** Leaves its memory to those who still look at it. */
  public renew(): void {
    this.buffer = this.buffer.slice();
  }
}

function lengthAt(buffer: Uint8Array, at: number): number {
  const length = lengthOf(buffer, at);
  if (length < HEADER || length > MAX_FRAME || length % 8 !== 0) {
    throw new Error(`a frame claims ${length} bytes`);
  }
  return length;
}
