import { chunksOf, Field, readFields, textOf } from '../../protobuf/fields';
import { Reader, Wire } from '../../protobuf/wire';

/*
 * Field numbers of AttributeProto: 1 name, 2 f, 3 i, 4 s, 7 floats, 8 ints, 9 strings.
 */
const ATTRIBUTE = 5;

/** The value of a node's attribute, in the form it has. */
export interface Attribute {
  readonly text?: string;
  readonly numbers: readonly number[];
  readonly integers: readonly bigint[];
  readonly strings: readonly string[];
}

function packedIntegers(chunk: Uint8Array): bigint[] {
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of chunk) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128) {
      values.push(BigInt.asIntN(64, value));
      value = 0n;
      shift = 0n;
    }
  }
  return values;
}

function floats(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, i) => view.getFloat32(i * 4, true));
}

/** The name stands first, before values that need not be read. */
function nameOf(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === Wire.LEN) {
      return Buffer.from(reader.chunk()).toString();
    }
    reader.skip();
  }
  return '';
}

function read(bytes: Uint8Array): readonly [string, Attribute] {
  const fields = readFields(bytes);
  const numbers: number[] = [];
  const integers: bigint[] = [];
  const strings: string[] = [];
  for (const { no, wire, value } of fields) {
    if (typeof value === 'bigint') {
      if (no === 3 || no === 8) {
        integers.push(BigInt.asIntN(64, value));
      }
    } else if ((no === 2 || no === 7) && (wire === Wire.I32 || wire === Wire.LEN)) {
      for (const number of floats(value)) {
        numbers.push(number);
      }
    } else if (no === 8) {
      for (const integer of packedIntegers(value)) {
        integers.push(integer);
      }
    } else if (no === 9) {
      strings.push(Buffer.from(value).toString());
    }
  }
  return [textOf(fields, 1) ?? '', { text: textOf(fields, 4), numbers, integers, strings }];
}

/** The attributes of a node by name; those of an ensemble may be large, so a few may be asked for alone. */
export function attributesOf(node: readonly Field[], wanted?: readonly string[]): ReadonlyMap<string, Attribute> {
  const all = chunksOf(node, ATTRIBUTE);
  return new Map((wanted === undefined ? all : all.filter((bytes) => wanted.includes(nameOf(bytes)))).map(read));
}
