const MARKER = {
  OBJECT: 0x7b,
  OBJECT_END: 0x7d,
  ARRAY: 0x5b,
  ARRAY_END: 0x5d,
  TYPE: 0x24,
  COUNT: 0x23,
  NULL: 0x5a,
  NOTHING: 0x4e,
  TRUE: 0x54,
  FALSE: 0x46,
  STRING: 0x53,
  CHAR: 0x43,
  PRECISE: 0x48,
} as const;
const DEEPEST = 64;

type Reader = (view: DataView, at: number) => number;

/** How numbers are told and held; the format is big-endian. */
const NUMBERS: { readonly [marker: number]: { readonly size: number; readonly read: Reader; readonly array: new (length: number) => { [index: number]: number } } } = {
  0x69: { size: 1, read: (view, at) => view.getInt8(at), array: Int8Array },
  0x55: { size: 1, read: (view, at) => view.getUint8(at), array: Uint8Array },
  0x49: { size: 2, read: (view, at) => view.getInt16(at), array: Int16Array },
  0x6c: { size: 4, read: (view, at) => view.getInt32(at), array: Int32Array },
  0x4c: { size: 8, read: (view, at) => Number(view.getBigInt64(at)), array: Float64Array },
  0x64: { size: 4, read: (view, at) => view.getFloat32(at), array: Float32Array },
  0x44: { size: 8, read: (view, at) => view.getFloat64(at), array: Float64Array },
};

class UbjsonReader {
  private readonly view: DataView;
  private at = 0;

  public constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  public document(): unknown {
    const value = this.value(this.marker(), 0);
    if (this.at !== this.bytes.length) {
      throw this.broken(`${this.bytes.length - this.at} bytes follow the document`);
    }
    return value;
  }

  private broken(what: string): Error {
    return new Error(`not valid UBJSON at byte ${this.at}: ${what}`);
  }

  private need(length: number): number {
    const start = this.at;
    if (!(length >= 0 && length <= this.bytes.length - start)) {
      throw this.broken('the file ends too early');
    }
    this.at += length;
    return start;
  }

  private marker(): number {
    return this.bytes[this.need(1)]!;
  }

  private number(marker: number): number {
    const kind = NUMBERS[marker];
    if (kind === undefined) {
      throw this.broken(`'${String.fromCharCode(marker)}' is no number`);
    }
    return kind.read(this.view, this.need(kind.size));
  }

  private text(marker: number): string {
    const length = this.number(marker);
    const start = this.need(length);
    return Buffer.prototype.utf8Slice.call(this.bytes, start, start + length);
  }

  private value(marker: number, depth: number): unknown {
    if (depth > DEEPEST) {
      throw this.broken(`nested deeper than ${DEEPEST} levels`);
    }
    switch (marker) {
      case MARKER.OBJECT: return this.object(depth);
      case MARKER.ARRAY: return this.array(depth);
      case MARKER.STRING: return this.text(this.marker());
      case MARKER.PRECISE: return Number(this.text(this.marker()));
      case MARKER.CHAR: return String.fromCharCode(this.marker());
      case MARKER.TRUE: return true;
      case MARKER.FALSE: return false;
      case MARKER.NULL: return null;
      default: return this.number(marker);
    }
  }

  /** Type and count of a container, where it tells them. */
  private head(): { type?: number; count?: number } {
    let type: number | undefined;
    if (this.bytes[this.at] === MARKER.TYPE) {
      this.at++;
      type = this.marker();
      if (this.bytes[this.at] !== MARKER.COUNT) {
        throw this.broken('a container with a type must have a count');
      }
    }
    if (this.bytes[this.at] !== MARKER.COUNT) {
      return {};
    }
    this.at++;
    const count = this.number(this.marker());
    if (!(count >= 0 && count <= this.bytes.length)) {
      throw this.broken(`a count of ${count}`);
    }
    return { type, count };
  }

  private array(depth: number): unknown {
    const { type, count } = this.head();
    const kind = type === undefined ? undefined : NUMBERS[type];
    if (kind !== undefined) {
      let start = this.need(count! * kind.size);
      const values = new kind.array(count!);
      for (let i = 0; i < count!; i++, start += kind.size) {
        values[i] = kind.read(this.view, start);
      }
      return values;
    }
    const values: unknown[] = [];
    if (count !== undefined) {
      for (let i = 0; i < count; i++) {
        values.push(this.value(type ?? this.marker(), depth + 1));
      }
      return values;
    }
    for (;;) {
      const marker = this.marker();
      if (marker === MARKER.ARRAY_END) {
        return values;
      }
      if (marker !== MARKER.NOTHING) {
        values.push(this.value(marker, depth + 1));
      }
    }
  }

  private object(depth: number): unknown {
    const { type, count } = this.head();
    const entries: [string, unknown][] = [];
    for (let i = 0; count === undefined || i < count; i++) {
      let marker = this.marker();
      while (marker === MARKER.NOTHING) {
        marker = this.marker();
      }
      if (count === undefined && marker === MARKER.OBJECT_END) {
        break;
      }
      entries.push([this.text(marker), this.value(type ?? this.marker(), depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
}

/** Parses a UBJSON document (draft 12); arrays of one number type become typed arrays. */
export function parseUbjson(bytes: Uint8Array): unknown {
  return new UbjsonReader(bytes).document();
}
