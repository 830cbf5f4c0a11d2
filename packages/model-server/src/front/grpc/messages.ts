import { gunzip, inflate } from 'node:zlib';
import { invalid, ServerError } from '../../errors';
import { MESSAGES } from '../../grpc/schema';
import { decodeMessage, Decoded } from '../../protobuf/message';
import { takeBody } from '../bodies';

/** Bytes before each message: a flag and the length. */
const PREFIX = 5;
/** Messages up to this size are sent in one piece with their prefix: a copy is cheaper than a second write. */
const COPY_LIMIT = 64 * 1024;

const INFLATERS: ReadonlyMap<string, typeof gunzip> = new Map([['gzip', gunzip], ['deflate', inflate]]);

/** Encodings a message may come in, as the header that says so. */
export const ACCEPTED_ENCODINGS = ['identity', ...INFLATERS.keys()].join(',');

/** Decodes a request by its type; what is malformed is the caller's error. */
export function decodeRequest(type: `.${string}`, bytes: Uint8Array): Decoded {
  try {
    return decodeMessage(MESSAGES, type, bytes);
  } catch (error) {
    throw error instanceof RangeError ? invalid(`the message is malformed: ${error.message}`) : error;
  }
}

/** A message with its prefix, as chunks to be written in order. */
export function framed(message: Uint8Array): Buffer[] {
  const copied = message.length <= COPY_LIMIT;
  const head = Buffer.allocUnsafe(copied ? PREFIX + message.length : PREFIX);
  head[0] = 0;
  head.writeUInt32BE(message.length, 1);
  if (!copied) {
    return [head, Buffer.from(message.buffer, message.byteOffset, message.length)];
  }
  head.set(message, PREFIX);
  return [head];
}

/** Bytes of the largest message that is read, and the setting that says so. */
export interface ReceiveLimit {
  readonly most: number;
  readonly setting: string;
}

/** Puts the chunks of a stream together to messages, within a limit of their size. */
export class MessageReader {
  private chunks: Buffer[] = [];
  private length = 0;
  /** Size of the message under way with its prefix; 0 while the prefix is incomplete. */
  private wanted = 0;
  private compressed = false;
  /** Settles when the messages before it have been delivered; undefined when all have. */
  private tail: Promise<void> | undefined;

  public constructor(
    private readonly limit: ReceiveLimit,
    private readonly encoding: string | undefined,
    private readonly onMessage: (message: Buffer) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  public push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    try {
      while (this.takeMessage());
    } catch (error) {
      this.chunks = [];
      this.length = 0;
      this.onError(error);
    }
  }

  /** The stream has ended: calls back when all messages are delivered. */
  public end(done: () => void): void {
    if (this.length > 0) {
      this.onError(new ServerError('internal', 'the stream ended within a message'));
    } else if (this.tail === undefined) {
      done();
    } else {
      void this.tail.then(done);
    }
  }

  private takeMessage(): boolean {
    if (this.length < Math.max(PREFIX, this.wanted)) {
      return false;
    }
    if (this.wanted === 0) {
      const head = this.chunks[0]!.length >= PREFIX ? this.chunks[0]! : Buffer.concat(this.chunks);
      const length = head.readUInt32BE(1);
      if (head[0]! > 1) {
        throw new ServerError('internal', `the flag of a message is ${head[0]}, but must be 0 or 1`);
      }
      if (length > this.limit.most) {
        throw this.tooLarge(`the message has ${length} bytes,`);
      }
      this.compressed = head[0] === 1;
      this.wanted = PREFIX + length;
      return true;
    }
    const { compressed } = this;
    this.deliver(this.take(), compressed);
    return this.length > 0;
  }

  /**
   * Takes the first message off the chunks. It ends at an address divisible by
   * 8, so that numbers in its last field, where raw tensors stand, need no copy.
   */
  private take(): Buffer {
    const length = this.wanted - PREFIX;
    const message = takeBody(length, length);
    let skip = PREFIX;
    let at = 0;
    let i = 0;
    while (at < length || skip > 0) {
      const chunk = this.chunks[i]!;
      if (chunk.length <= skip) {
        skip -= chunk.length;
        i++;
        continue;
      }
      const part = chunk.subarray(skip, skip + length - at);
      message.set(part, at);
      at += part.length;
      if (skip + part.length < chunk.length) {
        this.chunks[i] = chunk.subarray(skip + part.length);
      } else {
        i++;
      }
      skip = 0;
    }
    this.chunks = this.chunks.slice(i);
    this.length -= this.wanted;
    this.wanted = 0;
    return message;
  }

  private deliver(message: Buffer, compressed: boolean): void {
    if (!compressed && this.tail === undefined) {
      this.onMessage(message);
      return;
    }
    // in the order they came, though some take longer
    const tail = (this.tail ?? Promise.resolve())
      .then(() => (compressed ? this.decompress(message) : message))
      .then(this.onMessage)
      .catch(this.onError)
      .then(() => {
        if (this.tail === tail) {
          this.tail = undefined;
        }
      });
    this.tail = tail;
  }

  private tooLarge(what: string): ServerError {
    const { most, setting } = this.limit;
    return new ServerError('too-large', `${what} larger than the ${most} that --${setting} admits`);
  }

  private decompress(message: Buffer): Promise<Buffer> {
    const { encoding = 'identity' } = this;
    const inflater = INFLATERS.get(encoding);
    if (inflater === undefined) {
      throw encoding === 'identity'
        ? new ServerError('internal', 'a message is compressed, but grpc-encoding is missing')
        : new ServerError('unimplemented', `grpc-encoding is not one of ${ACCEPTED_ENCODINGS}`);
    }
    return new Promise((resolve, reject) => {
      inflater(message, { maxOutputLength: this.limit.most }, (error, bytes) => {
        if (error === null) {
          resolve(bytes);
        } else {
          reject((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
            ? this.tooLarge('the decompressed message is')
            : new ServerError('internal', `a message is not valid ${encoding} data`));
        }
      });
    });
  }
}
