import { Datatype, NumericData } from './tensor';
import { invalid } from '../errors';

type ArrayConstructor = {
  new (length: number): NumericData;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NumericData;
  readonly BYTES_PER_ELEMENT: number;
};

/** How a datatype is held and checked; `code` is its number in frames. */
export interface DatatypeInfo {
  readonly datatype: Datatype;
  readonly code: number;
  /** Bytes of one element; 0 for BYTES, whose elements differ in length. */
  readonly size: number;
  readonly array: ArrayConstructor;
  readonly kind: 'bool' | 'integer' | 'bigint' | 'half' | 'float' | 'bytes';
  /** Range of integers, inclusive. */
  readonly min: number;
  readonly max: number;
  /** Field of gRPC's InferTensorContents that holds this datatype. */
  readonly contents: 'bool' | 'int' | 'int64' | 'uint' | 'uint64' | 'fp32' | 'fp64' | 'bytes' | undefined;
}

const array = (constructor: unknown): ArrayConstructor => constructor as ArrayConstructor;
const NONE = array(Uint8Array);

/** All datatypes, indexed by their code. */
export const DATATYPES: readonly DatatypeInfo[] = [
  { datatype: 'BOOL', code: 0, size: 1, array: array(Uint8Array), kind: 'bool', min: 0, max: 1, contents: 'bool' },
  { datatype: 'UINT8', code: 1, size: 1, array: array(Uint8Array), kind: 'integer', min: 0, max: 0xff, contents: 'uint' },
  { datatype: 'UINT16', code: 2, size: 2, array: array(Uint16Array), kind: 'integer', min: 0, max: 0xffff, contents: 'uint' },
  { datatype: 'UINT32', code: 3, size: 4, array: array(Uint32Array), kind: 'integer', min: 0, max: 0xffffffff, contents: 'uint' },
  { datatype: 'UINT64', code: 4, size: 8, array: array(BigUint64Array), kind: 'bigint', min: 0, max: Infinity, contents: 'uint64' },
  { datatype: 'INT8', code: 5, size: 1, array: array(Int8Array), kind: 'integer', min: -0x80, max: 0x7f, contents: 'int' },
  { datatype: 'INT16', code: 6, size: 2, array: array(Int16Array), kind: 'integer', min: -0x8000, max: 0x7fff, contents: 'int' },
  { datatype: 'INT32', code: 7, size: 4, array: array(Int32Array), kind: 'integer', min: -0x80000000, max: 0x7fffffff, contents: 'int' },
  { datatype: 'INT64', code: 8, size: 8, array: array(BigInt64Array), kind: 'bigint', min: -Infinity, max: Infinity, contents: 'int64' },
  { datatype: 'FP16', code: 9, size: 2, array: array(Uint16Array), kind: 'half', min: 0, max: 0, contents: undefined },
  { datatype: 'FP32', code: 10, size: 4, array: array(Float32Array), kind: 'float', min: 0, max: 0, contents: 'fp32' },
  { datatype: 'FP64', code: 11, size: 8, array: array(Float64Array), kind: 'float', min: 0, max: 0, contents: 'fp64' },
  { datatype: 'BYTES', code: 12, size: 0, array: NONE, kind: 'bytes', min: 0, max: 0, contents: 'bytes' },
];

const BY_NAME: ReadonlyMap<string, DatatypeInfo> = new Map(DATATYPES.map((info) => [info.datatype, info]));

/** The names of all datatypes, for messages. */
export const DATATYPE_NAMES: readonly string[] = DATATYPES.map((info) => info.datatype);

/** Looks a datatype up by the name a client sent. */
export function findDatatype(name: unknown): DatatypeInfo | undefined {
  return typeof name === 'string' ? BY_NAME.get(name) : undefined;
}

/** The information of a datatype known to exist. */
export function infoOf(datatype: Datatype): DatatypeInfo {
  return BY_NAME.get(datatype)!;
}

/** Largest number of elements a tensor may have: what one typed array can hold. */
export const MAX_ELEMENTS = 2 ** 31 - 1;

/** The number of elements of a shape, or -1 when it exceeds what a tensor may hold. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  let zero = false;
  for (const dim of shape) {
    if (dim === 0) {
      zero = true;
    } else if (count > MAX_ELEMENTS / dim) {
      count = MAX_ELEMENTS + 1;
    } else {
      count *= dim;
    }
  }
  if (zero) {
    return 0;
  }
  return count > MAX_ELEMENTS ? -1 : count;
}

/** Whether a value is a typed array or Buffer, of whichever realm. */
export function isNumericData(value: unknown): value is NumericData {
  return ArrayBuffer.isView(value) && (value as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag] !== 'DataView';
}

/** Little-endian bytes as the datatype's typed array: a view where alignment allows, else a copy. */
export function viewAs(info: DatatypeInfo, bytes: Uint8Array): NumericData {
  const length = bytes.byteLength / info.size;
  if (bytes.byteOffset % info.size === 0) {
    return new info.array(bytes.buffer, bytes.byteOffset, length);
  }
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return new info.array(copy.buffer, 0, length);
}

/** The bytes of numeric data, without a copy. */
export function bytesOf(data: NumericData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Length of BYTES elements in the length-prefixed form. */
export function packedLength(elements: readonly Uint8Array[]): number {
  let length = 0;
  for (const element of elements) {
    length += 4 + element.byteLength;
  }
  return length;
}

/** Writes BYTES elements, each behind its u32 little-endian length. */
export function packBytes(elements: readonly Uint8Array[], target: Uint8Array, offset: number): number {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  for (const element of elements) {
    view.setUint32(offset, element.byteLength, true);
    target.set(element, offset + 4);
    offset += 4 + element.byteLength;
  }
  return offset;
}

/** Reads exactly `count` length-prefixed elements that fill `bytes`. */
export function unpackBytes(bytes: Uint8Array, count: number, name: string): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (count * 4 > bytes.byteLength) {
    throw invalid(`tensor '${name}': ${bytes.byteLength} bytes cannot hold ${count} BYTES elements of at least 4 bytes each`);
  }
  const elements: Uint8Array[] = new Array(count);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (offset + 4 > bytes.byteLength) {
      throw invalid(`tensor '${name}': the data ends before the length of BYTES element ${i} of ${count}`);
    }
    const length = view.getUint32(offset, true);
    offset += 4;
    if (length > bytes.byteLength - offset) {
      throw invalid(`tensor '${name}': BYTES element ${i} says ${length} bytes, only ${bytes.byteLength - offset} follow`);
    }
    elements[i] = bytes.subarray(offset, offset + length);
    offset += length;
  }
  if (offset !== bytes.byteLength) {
    throw invalid(`tensor '${name}': ${bytes.byteLength - offset} bytes follow the last of ${count} BYTES elements`);
  }
  return elements;
}
