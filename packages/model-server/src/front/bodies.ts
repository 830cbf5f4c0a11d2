import { KEPT_MS, shrink } from '../memory';

/** Smaller bodies cost the collector nothing. */
const SMALLEST = 16 * 1024;
/** Longest body that the front takes in one piece and decodes; longer ones come in blocks and go to the runner as they are, so that the front stays free. */
export const LONGEST_WHOLE = 1024 * 1024;
/** Bytes of free buffers that are kept. */
const MOST_FREE = 8 * 1024 * 1024;
/** Bytes of free blocks that are kept for a while. */
const MOST_BLOCKS = 64 * 1024 * 1024;

/** Free buffers by size, each size a power of two. */
const free = new Map<number, ArrayBuffer[]>();
/** Free buffers of the largest size, of which large bodies are made. */
const blocks: ArrayBuffer[] = [];
let blocksTimer: NodeJS.Timeout | undefined;
const taken = new WeakSet<ArrayBufferLike>();
let freeBytes = 0;

/**
 * Memory for a body of this length, with the byte `aligned` at an address
 * divisible by 8, so that numbers from there on can be viewed without a copy.
 * The memory of mid-sized bodies comes from buffers used before: fresh ones
 * would make V8 collect its whole heap every hundred requests.
 */
export function takeBody(length: number, aligned: number): Buffer {
  const pad = (8 - (aligned % 8)) % 8;
  const size = 2 ** Math.ceil(Math.log2(length + pad));
  if (size < SMALLEST || size > LONGEST_WHOLE) {
    return Buffer.allocUnsafeSlow(length + pad).subarray(pad);
  }
  let buffer = size === LONGEST_WHOLE ? blocks.pop() : free.get(size)?.pop();
  if (buffer === undefined) {
    buffer = new ArrayBuffer(size);
  } else if (size < LONGEST_WHOLE) {
    freeBytes -= size;
  }
  taken.add(buffer);
  return Buffer.from(buffer, pad, length);
}

/** Frees a block in each turn of the event loop: all at once, or by the collector, would keep it for milliseconds. */
function freeBlocks(): void {
  blocksTimer = undefined;
  const block = blocks.pop();
  if (block !== undefined) {
    shrink(block, 0);
    setImmediate(freeBlocks);
  }
}

/** Gives a body's memory back. Only after its answer: nothing may look at the body any more. */
export function recycleBody(body: Uint8Array): void {
  const { buffer } = body;
  const size = buffer.byteLength;
  if (!taken.delete(buffer)) {
    return;
  }
  if (size === LONGEST_WHOLE) {
    if (blocks.length < MOST_BLOCKS / LONGEST_WHOLE) {
      blocks.push(buffer as ArrayBuffer);
    }
    blocksTimer = blocksTimer?.refresh() ?? setTimeout(freeBlocks, KEPT_MS).unref();
  } else if (freeBytes + size <= MOST_FREE) {
    freeBytes += size;
    const same = free.get(size);
    if (same === undefined) {
      free.set(size, [buffer as ArrayBuffer]);
    } else {
      same.push(buffer as ArrayBuffer);
    }
  }
}

/**
 * Memory for a body whose length is known before it comes; undefined for one that is
 * better kept in the chunks it comes in. Copied into place at once, the chunks die
 * young: those that waited for the rest would make V8 collect its whole heap.
 */
export function placeFor(length: number, jsonLength: number): Buffer | undefined {
  const hasJson = jsonLength <= length;
  return length <= LONGEST_WHOLE && (hasJson || length >= SMALLEST) ? takeBody(length, hasJson ? jsonLength : 0) : undefined;
}

/**
 * Frees the memory of a chunk that has been copied, of which nothing else is left: V8 takes
 * what waits for its collector for a reason to collect, several times during one large body.
 */
export function freeChunk({ buffer, length }: Buffer): void {
  if (length === buffer.byteLength) {
    shrink(buffer, 0);
  }
}

/**
 * A body too large for one piece of memory, put into blocks as it comes. They are used
 * again: fresh memory for each body would make V8 collect its whole heap once a body.
 */
export class BodyInBlocks {
  private readonly blocks: Buffer[] = [];
  /** Bytes in the last block. */
  private filled = LONGEST_WHOLE;

  public add(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.filled === LONGEST_WHOLE) {
        this.blocks.push(takeBody(LONGEST_WHOLE, 0));
        this.filled = 0;
      }
      const copied = chunk.copy(this.blocks.at(-1)!, this.filled, at);
      this.filled += copied;
      at += copied;
    }
  }

  public end(): Buffer[] {
    const last = this.blocks.pop();
    return last === undefined ? [] : [...this.blocks, last.subarray(0, this.filled)];
  }
}
