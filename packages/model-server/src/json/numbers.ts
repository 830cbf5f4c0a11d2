import { KEPT_MS, shrink } from '../memory';

/** Powers of ten that a double holds exactly. */
const POW10 = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** What a rectangular array of numbers held. */
export interface NumberArray {
  readonly values: Float64Array;
  readonly shape: number[];
  /** Whether `true` or `false` was among the values. */
  readonly bools: boolean;
  /** Whether `null` was among the values; it stands as NaN. */
  readonly nulls: boolean;
  /** Whether an integer has more digits than a double holds for certain. */
  readonly big: boolean;
  /** Where the text of the array stands in the source. */
  readonly start: number;
  readonly end: number;
  readonly source: Uint8Array;
}

const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/** Deepest nesting that is tried as a tensor. */
const MAX_RANK = 32;

/** Values that room is always kept for, 1 MiB; more is kept as long as large bodies come. */
const SMALL = 131_072;
let scratch = new Float64Array(4096);
let idle: NodeJS.Timeout | undefined;

/** Gives back what large bodies needed when the last was a while ago. */
function keepForNow(): void {
  idle = idle?.refresh() ?? setTimeout(() => {
    idle = undefined;
    shrink(scratch.buffer, 0);
    scratch = new Float64Array(4096);
  }, KEPT_MS).unref();
}

const counts = new Int32Array(MAX_RANK + 1);
const dims = new Int32Array(MAX_RANK + 1);

/** Where the last successful scan ended; a module variable so that a scan allocates nothing else. */
export let scanEnd = 0;

function skipSpace(source: Uint8Array, at: number): number {
  let c = source[at]!;
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
    c = source[++at]!;
  }
  return at;
}

/**
 * Reads a rectangular, possibly nested array of numbers, booleans and nulls.
 * Gives undefined on anything else, also on malformed text: the caller then
 * parses in the general way, which decides and reports.
 */
export function scanNumbers(source: Uint8Array, start: number): NumberArray | undefined {
  let at = start;
  let depth = 0;
  let rank = -1;
  let count = 0;
  let bools = false;
  let nulls = false;
  let big = false;
  const length = source.length;
  let values = scratch;

  // each turn reads one value or an opening bracket, then the separators behind it
  for (;;) {
    let c = source[at]!;
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
      c = source[++at]!;
    }
    if (c === BRACKET_OPEN) {
      if (depth === MAX_RANK || depth === rank) {
        return undefined;
      }
      counts[depth++] = 0;
      at = skipSpace(source, at + 1);
      if (source[at] !== BRACKET_CLOSE) {
        continue;
      }
      // an empty array: the tensor's rank ends here
      if (rank !== -1 || counts[0] !== 0) {
        if (depth !== rank) {
          return undefined;
        }
      } else {
        rank = depth;
        dims.fill(-1, 0, rank);
      }
    } else {
      if (rank === -1) {
        rank = depth;
        dims.fill(-1, 0, rank);
      } else if (rank !== depth) {
        return undefined;
      }
      if (count === values.length) {
        scratch = new Float64Array(values.length * 2);
        scratch.set(values);
        shrink(values.buffer, 0);
        values = scratch;
        if (count >= SMALL) {
          keepForNow();
        }
      }
      if ((c >= ZERO && c <= 0x39) || c === MINUS) {
        const first = at;
        const negative = c === MINUS;
        if (negative) {
          c = source[++at]!;
        }
        const digits = at;
        let mantissa = 0;
        if (c === ZERO) {
          c = source[++at]!;
        } else if (c > ZERO && c <= 0x39) {
          do {
            mantissa = mantissa * 10 + (c - ZERO);
            c = source[++at]!;
          } while (c >= ZERO && c <= 0x39);
        } else {
          return undefined;
        }
        let significant = at - digits;
        let scale = 0;
        let fractional = false;
        if (c === DOT) {
          fractional = true;
          const point = at;
          c = source[++at]!;
          if (!(c >= ZERO && c <= 0x39)) {
            return undefined;
          }
          do {
            mantissa = mantissa * 10 + (c - ZERO);
            c = source[++at]!;
          } while (c >= ZERO && c <= 0x39);
          scale = at - point - 1;
          significant += scale;
        }
        let exponent = 0;
        if (c === 0x65 || c === 0x45) {
          fractional = true;
          c = source[++at]!;
          let minus = false;
          if (c === 0x2b || c === MINUS) {
            minus = c === MINUS;
            c = source[++at]!;
          }
          if (!(c >= ZERO && c <= 0x39)) {
            return undefined;
          }
          do {
            exponent = Math.min(exponent * 10 + (c - ZERO), 100000);
            c = source[++at]!;
          } while (c >= ZERO && c <= 0x39);
          if (minus) {
            exponent = -exponent;
          }
        }
        const power = exponent - scale;
        if (significant <= 15 && power >= -22 && power <= 22) {
          const value = power < 0 ? mantissa / POW10[-power]! : mantissa * POW10[power]!;
          values[count++] = negative ? -value : value;
        } else {
          big ||= !fractional && significant > 15;
          values[count++] = Number(Buffer.prototype.latin1Slice.call(source, first, at));
        }
      } else if (c === 0x74 && source[at + 1] === 0x72 && source[at + 2] === 0x75 && source[at + 3] === 0x65) {
        at += 4;
        bools = true;
        values[count++] = 1;
      } else if (c === 0x66 && source[at + 1] === 0x61 && source[at + 2] === 0x6c && source[at + 3] === 0x73 && source[at + 4] === 0x65) {
        at += 5;
        bools = true;
        values[count++] = 0;
      } else if (c === 0x6e && source[at + 1] === 0x75 && source[at + 2] === 0x6c && source[at + 3] === 0x6c) {
        at += 4;
        nulls = true;
        values[count++] = NaN;
      } else {
        return undefined;
      }
      counts[depth - 1]!++;
    }

    // separators: close as many brackets as follow, then a comma
    for (;;) {
      c = source[at]!;
      while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
        c = source[++at]!;
      }
      if (c === COMMA) {
        at++;
        break;
      }
      if (c !== BRACKET_CLOSE || at >= length) {
        return undefined;
      }
      at++;
      depth--;
      if (dims[depth] === -1) {
        dims[depth] = counts[depth]!;
      } else if (dims[depth] !== counts[depth]) {
        return undefined;
      }
      if (depth === 0) {
        scanEnd = at;
        if (count > SMALL) {
          keepForNow();
        }
        const shape: number[] = new Array(rank);
        for (let i = 0; i < rank; i++) {
          shape[i] = dims[i]!;
        }
        return { values: values.slice(0, count), shape, bools, nulls, big, start, end: at, source };
      }
      counts[depth - 1]!++;
    }
  }
}

/** The array's text read again by another rule, each number's text to `take`. */
export function eachNumberText(array: NumberArray, take: (text: string, index: number) => void): void {
  const text = Buffer.prototype.latin1Slice.call(array.source, array.start, array.end);
  let index = 0;
  for (const match of text.matchAll(/[^\s,[\]]+/g)) {
    take(match[0], index++);
  }
}
