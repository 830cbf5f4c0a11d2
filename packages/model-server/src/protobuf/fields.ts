import { Reader, Wire, Writer } from './wire';

/** One field of a message whose schema does not matter: views into the source. */
export interface Field {
  readonly no: number;
  readonly wire: number;
  readonly value: bigint | Uint8Array;
}

/** A message as the list of its fields, in order. */
export function readFields(bytes: Uint8Array): Field[] {
  const reader = new Reader(bytes);
  const fields: Field[] = [];
  while (reader.next()) {
    const { field: no, wire } = reader;
    if (wire === Wire.VARINT) {
      fields.push({ no, wire, value: reader.uint64() });
    } else if (wire === Wire.LEN) {
      fields.push({ no, wire, value: reader.chunk() });
    } else {
      const start = reader.at;
      reader.skip();
      fields.push({ no, wire, value: bytes.subarray(start, reader.at) });
    }
  }
  return fields;
}

export function writeFields(fields: readonly Field[]): Uint8Array {
  let size = 64;
  for (const { value } of fields) {
    size += 16 + (typeof value === 'bigint' ? 0 : value.length);
  }
  const writer = new Writer(size);
  for (const { no, wire, value } of fields) {
    if (typeof value === 'bigint') {
      writer.tag(no, wire).uint64(value);
    } else if (wire === Wire.LEN) {
      writer.bytes(no, value);
    } else {
      writer.tag(no, wire).raw(value);
    }
  }
  return writer.finish();
}

export const lenField = (no: number, value: Uint8Array | string): Field =>
  ({ no, wire: Wire.LEN, value: typeof value === 'string' ? Buffer.from(value) : value });
export const varintField = (no: number, value: number | bigint): Field => ({ no, wire: Wire.VARINT, value: BigInt(value) });

/** The text of the first field of this number. */
export function textOf(fields: readonly Field[], no: number): string | undefined {
  const value = fields.find((field) => field.no === no)?.value;
  return typeof value === 'object' ? Buffer.from(value.buffer, value.byteOffset, value.length).toString() : undefined;
}

/** The number in the first field of this number. */
export function numberOf(fields: readonly Field[], no: number): number | undefined {
  const value = fields.find((field) => field.no === no)?.value;
  return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : undefined;
}

/** All length-delimited values of this number. */
export function chunksOf(fields: readonly Field[], no: number): Uint8Array[] {
  return fields.filter((field) => field.no === no && field.wire === Wire.LEN).map((field) => field.value as Uint8Array);
}
