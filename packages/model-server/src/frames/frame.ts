import { DATATYPES, infoOf, packBytes, packedLength, unpackBytes } from '../tensor/datatypes';
import { NumericData, Tensor } from '../tensor/tensor';

/** What a frame asks or answers. */
export const Op = {
  /** To a runner: load a model into a slot. Answer: LOADED or ERROR. */
  LOAD: 1,
  LOADED: 2,
  /** To a runner: run a model on the tensors of the frame. Answer: RESULT or ERROR. */
  INFER: 3,
  RESULT: 4,
  ERROR: 5,
  /** To a runner: release a slot. Answer: RESULT. */
  UNLOAD: 6,
  /** To a runner: decode a request body, run and encode the reply. Answer: RAW_RESULT or ERROR. */
  RAW: 7,
  RAW_RESULT: 8,
  /** To a runner: a free-form call of a user model. Answer: RAW_RESULT or ERROR. */
  CALL: 9,
  /** To a runner: start a stream on tensors, or on a request body whose pieces come back encoded; PULL asks for the next piece, CANCEL ends it. */
  STREAM: 10,
  PULL: 11,
  CHUNK: 12,
  END: 13,
  CANCEL: 14,
  /** To a runner: release everything and exit. */
  STOP: 15,
  /** To a runner: the tokens of texts. Answer: RESULT with meta. */
  TOKENIZE: 16,
  /** From a runner: a call of user code, or its next piece, has begun so many milliseconds ago and goes on. */
  BEGUN: 17,
} as const;

/** One message between the front and a runner. */
export interface Frame {
  readonly op: number;
  /** Pairs an answer with its question. */
  readonly id: number;
  /** The model version meant. */
  readonly slot: number;
  /** JSON beside the tensors. */
  readonly meta?: unknown;
  /** Tensors; the index is the position among the model's declared inputs or outputs. */
  readonly tensors?: readonly IndexedTensor[];
  /** Bytes that are no tensors: bodies. */
  readonly bytes?: readonly Uint8Array[];
}

/** A tensor whose name is known on both sides by its position. */
export interface IndexedTensor extends Tensor {
  readonly index: number;
}

/** Tensors in declared order, of which optional ones may be missing, by their positions. */
export function indexed(tensors: readonly (Tensor | undefined)[]): IndexedTensor[] {
  const present: IndexedTensor[] = [];
  for (let i = 0; i < tensors.length; i++) {
    const tensor = tensors[i];
    if (tensor !== undefined) {
      present.push({ index: i, name: tensor.name, datatype: tensor.datatype, shape: tensor.shape, data: tensor.data });
    }
  }
  return present;
}

/*
 * Header, little-endian, 32 bytes:
 *   u32 length of the whole frame   u32 id   u32 slot   u8 op, u8 0, u16 number of tensors
 *   u32 length of meta   u32 length of bytes   u32 0   u32 0
 * then per tensor: u16 index, u8 datatype, u8 rank, u32 byte length, u32 sizes…, padded to 8;
 * then meta padded to 8, the data of each tensor padded to 8, and bytes padded to 8.
 */
export const HEADER = 32;
/** A frame that claims more than this is a broken peer. */
export const MAX_FRAME = 2 ** 31 - 1;
/** Data up to this size is copied into the frame's head: one write is cheaper than two. */
const COPY_LIMIT = 16 * 1024;

const pad8 = (length: number): number => (length + 7) & ~7;
const PADDING = new Uint8Array(8);

/** Encodes a frame as chunks to be written in order. */
export function encodeFrame(frame: Frame): Uint8Array[] {
  const tensors = frame.tensors ?? [];
  const meta = frame.meta === undefined ? undefined : Buffer.from(JSON.stringify(frame.meta));
  let head = HEADER;
  let dataLength = 0;
  const lengths: number[] = new Array(tensors.length);
  for (let i = 0; i < tensors.length; i++) {
    const tensor = tensors[i]!;
    head += pad8(8 + tensor.shape.length * 4);
    const length = tensor.datatype === 'BYTES' ? packedLength(tensor.data as Uint8Array[]) : (tensor.data as NumericData).byteLength;
    lengths[i] = length;
    dataLength += pad8(length);
  }
  const metaLength = meta?.length ?? 0;
  head += pad8(metaLength);
  let bytesLength = 0;
  for (const part of frame.bytes ?? []) {
    bytesLength += part.length;
  }
  const total = head + dataLength + pad8(bytesLength);
  if (total > MAX_FRAME) {
    throw new RangeError(`a message of ${total} bytes exceeds what a frame can hold`);
  }
  const inOne = dataLength <= COPY_LIMIT;
  const buffer = Buffer.allocUnsafe(inOne ? head + dataLength : head);
  buffer.writeUInt32LE(total, 0);
  buffer.writeUInt32LE(frame.id, 4);
  buffer.writeUInt32LE(frame.slot, 8);
  buffer[12] = frame.op;
  buffer[13] = 0;
  buffer.writeUInt16LE(tensors.length, 14);
  buffer.writeUInt32LE(metaLength, 16);
  buffer.writeUInt32LE(bytesLength, 20);
  buffer.fill(0, 24, HEADER);
  let at = HEADER;
  for (let i = 0; i < tensors.length; i++) {
    const { index, datatype, shape } = tensors[i]!;
    buffer.writeUInt16LE(index, at);
    buffer[at + 2] = infoOf(datatype).code;
    buffer[at + 3] = shape.length;
    buffer.writeUInt32LE(lengths[i]!, at + 4);
    at += 8;
    for (const size of shape) {
      buffer.writeUInt32LE(size, at);
      at += 4;
    }
    at = pad8(at);
  }
  if (meta !== undefined) {
    meta.copy(buffer, at);
    at += pad8(metaLength);
  }
  const chunks: Uint8Array[] = [buffer];
  for (let i = 0; i < tensors.length; i++) {
    const tensor = tensors[i]!;
    if (inOne) {
      if (tensor.datatype === 'BYTES') {
        packBytes(tensor.data as Uint8Array[], buffer, at);
      } else {
        const data = tensor.data as NumericData;
        buffer.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
      }
      at += pad8(lengths[i]!);
      continue;
    }
    if (tensor.datatype === 'BYTES') {
      const packed = new Uint8Array(pad8(lengths[i]!));
      packBytes(tensor.data as Uint8Array[], packed, 0);
      chunks.push(packed);
    } else {
      const data = tensor.data as NumericData;
      chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      const rest = pad8(lengths[i]!) - lengths[i]!;
      if (rest > 0) {
        chunks.push(PADDING.subarray(0, rest));
      }
    }
  }
  for (const part of frame.bytes ?? []) {
    chunks.push(part);
  }
  const rest = pad8(bytesLength) - bytesLength;
  if (rest > 0) {
    chunks.push(PADDING.subarray(0, rest));
  }
  return chunks;
}

/** The operation of an encoded frame. */
export const opOf = (frame: Uint8Array): number => frame[12]!;
/** The slot of an encoded frame. */
export const slotOf = (frame: Uint8Array): number => u32(frame, 8);
/** The length of an encoded frame, as it claims. */
export const lengthOf = (bytes: Uint8Array, at = 0): number => u32(bytes, at);

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** Names of the inputs or outputs of a slot, by which tensors get their names back. */
export type NameOf = (slot: number, index: number) => string;

/** Decodes one whole frame that begins at an address divisible by 8. */
export function decodeFrame(buffer: Uint8Array, nameOf: NameOf): Frame {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const id = view.getUint32(4, true);
  const slot = view.getUint32(8, true);
  const op = view.getUint8(12);
  const count = view.getUint16(14, true);
  const metaLength = view.getUint32(16, true);
  const bytesLength = view.getUint32(20, true);
  const tensors: IndexedTensor[] = new Array(count);
  const lengths: number[] = new Array(count);
  let at = HEADER;
  for (let i = 0; i < count; i++) {
    const index = view.getUint16(at, true);
    const info = DATATYPES[view.getUint8(at + 2)]!;
    const rank = view.getUint8(at + 3);
    lengths[i] = view.getUint32(at + 4, true);
    at += 8;
    const shape: number[] = new Array(rank);
    for (let axis = 0; axis < rank; axis++) {
      shape[axis] = view.getUint32(at, true);
      at += 4;
    }
    at = pad8(at);
    tensors[i] = { index, name: nameOf(slot, index), datatype: info.datatype, shape, data: [] };
  }
  let meta: unknown;
  if (metaLength > 0) {
    meta = JSON.parse(Buffer.from(buffer.buffer, buffer.byteOffset + at, metaLength).toString());
    at += pad8(metaLength);
  }
  for (let i = 0; i < count; i++) {
    const tensor = tensors[i] as { data: NumericData | Uint8Array[] } & IndexedTensor;
    const info = infoOf(tensor.datatype);
    const length = lengths[i]!;
    if (info.kind === 'bytes') {
      let elements = 1;
      for (const size of tensor.shape) {
        elements *= size;
      }
      tensor.data = unpackBytes(buffer.subarray(at, at + length), elements, tensor.name);
    } else {
      tensor.data = new info.array(buffer.buffer, buffer.byteOffset + at, length / info.size);
    }
    at += pad8(length);
  }
  const bytes = bytesLength > 0 ? [buffer.subarray(at, at + bytesLength)] : undefined;
  return { op, id, slot, meta, tensors, bytes };
}
