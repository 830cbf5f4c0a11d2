/** How long memory for large bodies is kept for the next. */
export const KEPT_MS = 10_000;

/** The first bytes of memory that nobody else looks at; the rest is given back now, not when V8 collects. */
export function shrink(buffer: ArrayBufferLike, length: number): ArrayBuffer {
  return (buffer as ArrayBuffer & { transfer(newLength: number): ArrayBuffer }).transfer(length);
}
