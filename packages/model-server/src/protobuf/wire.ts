/** Wire types of protocol buffers. */
export const Wire = { VARINT: 0, I64: 1, LEN: 2, I32: 5 } as const;

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads a protobuf message field by field; what runs past the end throws RangeError. */
export class Reader {
  public field = 0;
  public wire = 0;
  private readonly view: DataView;

  public constructor(public readonly bytes: Uint8Array, public at = 0, public readonly end = bytes.length) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves to the next field; false at the end. */
  public next(): boolean {
    if (this.at >= this.end) {
      return false;
    }
    const tag = this.uint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field === 0) {
      throw new RangeError('protobuf: field number 0');
    }
    return true;
  }

  /** A varint as a double: exact to 2^53. */
  public uint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.at >= this.end) {
        throw new RangeError('protobuf: a varint runs past the end');
      }
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
      scale *= 128;
    }
    throw new RangeError('protobuf: a varint has more than 10 bytes');
  }

  /** A varint as 64 bits. */
  public uint64(): bigint {
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.at >= this.end) {
        throw new RangeError('protobuf: a varint runs past the end');
      }
      const byte = this.bytes[this.at++]!;
      const shift = i * 7;
      if (shift < 28) {
        low |= (byte & 0x7f) << shift;
      } else if (shift === 28) {
        low |= (byte & 0x0f) << 28;
        high |= (byte & 0x7f) >> 4;
      } else {
        high |= (byte & 0x7f) << (shift - 32);
      }
      if (byte < 0x80) {
        return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
      }
    }
    throw new RangeError('protobuf: a varint has more than 10 bytes');
  }

  public int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  public int32(): number {
    const start = this.bytes[this.at];
    return start !== undefined && start < 0x80 && this.at < this.end ? (this.at++, start) : Number(BigInt.asIntN(32, this.uint64()));
  }

  public bool(): boolean {
    return this.uint64() !== 0n;
  }

  public double(): number {
    this.need(8);
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  public float(): number {
    this.need(4);
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  /** A length-delimited field, as a view. */
  public chunk(): Uint8Array {
    const length = this.uint();
    this.need(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  public string(): string {
    return DECODER.decode(this.chunk());
  }

  /** Passes over the current field, whatever it is. */
  public skip(): void {
    switch (this.wire) {
      case Wire.VARINT: this.uint(); break;
      case Wire.I64: this.need(8); this.at += 8; break;
      case Wire.LEN: this.chunk(); break;
      case Wire.I32: this.need(4); this.at += 4; break;
      default: throw new RangeError(`protobuf: unknown wire type ${this.wire}`);
    }
  }

  /** Throws unless the current field has the wire type it must have. */
  public expect(wire: number): void {
    if (this.wire !== wire) {
      throw new RangeError(`protobuf: field ${this.field} has wire type ${this.wire} instead of ${wire}`);
    }
  }

  private need(length: number): void {
    if (length > this.end - this.at) {
      throw new RangeError('protobuf: a field runs past the end');
    }
  }
}

/** Writes a protobuf message into a buffer that grows. */
export class Writer {
  private buffer: Buffer;
  private at = 0;

  public constructor(capacity = 256) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  public finish(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  public tag(field: number, wire: number): this {
    return this.uint(field * 8 + wire);
  }

  public uint(value: number): this {
    this.reserve(10);
    while (value >= 128) {
      this.buffer[this.at++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    this.buffer[this.at++] = value;
    return this;
  }

  public uint64(value: bigint): this {
    this.reserve(10);
    value = BigInt.asUintN(64, value);
    while (value >= 128n) {
      this.buffer[this.at++] = Number(value & 127n) | 128;
      value >>= 7n;
    }
    this.buffer[this.at++] = Number(value);
    return this;
  }

  public double(value: number): this {
    this.reserve(8);
    this.at = this.buffer.writeDoubleLE(value, this.at);
    return this;
  }

  public float(value: number): this {
    this.reserve(4);
    this.at = this.buffer.writeFloatLE(value, this.at);
    return this;
  }

  public bytes(field: number, value: Uint8Array): this {
    this.tag(field, Wire.LEN).uint(value.length);
    return this.raw(value);
  }

  public string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  public raw(value: Uint8Array): this {
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
    return this;
  }

  private reserve(length: number): void {
    if (this.at + length > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + length));
      this.buffer.copy(grown, 0, 0, this.at);
      this.buffer = grown;
    }
  }
}
