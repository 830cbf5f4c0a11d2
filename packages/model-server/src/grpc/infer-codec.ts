import { invalid, quote } from '../errors';
import { parameterMessage, parameterOf } from './parameters';
import { MESSAGES } from './schema';
import { countOf, InferCall, Parameters, ParameterValue, readShape, RequestedOutput, showShape } from '../model/metadata';
import { decodeMessage, encodeMessage } from '../protobuf/message';
import { Reader, Wire, Writer } from '../protobuf/wire';
import { binaryOf, tensorOfBytes } from '../protocol/v2';
import { DATATYPE_NAMES, DatatypeInfo, findDatatype, infoOf } from '../tensor/datatypes';
import { NumericData, Tensor } from '../tensor/tensor';

/** A decoded ModelInferRequest. */
export interface GrpcInferCall extends InferCall {
  readonly model: string;
  readonly version: string | undefined;
  /** The inputs came raw, so the outputs go raw. */
  readonly raw: boolean;
}

const FIELDS = ['', 'bool', 'int', 'int64', 'uint', 'uint64', 'fp32', 'fp64', 'bytes'] as const;

interface Contents {
  readonly kind: (typeof FIELDS)[number];
  readonly data: NumericData | Uint8Array[];
}

/** Elements of one field of InferTensorContents, packed or not, still as found. */
class Collector {
  public readonly chunks: { readonly bytes: Uint8Array; readonly count: number }[] = [];
  public readonly elements: Uint8Array[] = [];
  public count = 0;

  public constructor(public readonly no: number) {}

  public add(reader: Reader): void {
    const { no } = this;
    if (no === 8) {
      reader.expect(Wire.LEN);
      this.elements.push(reader.chunk());
      this.count++;
      return;
    }
    const fixed = no === 6 ? 4 : no === 7 ? 8 : 0;
    if (reader.wire === Wire.LEN) {
      const bytes = reader.chunk();
      if (fixed > 0 && bytes.length % fixed !== 0) {
        throw new RangeError('protobuf: packed floats of a broken length');
      }
      const count = fixed > 0 ? bytes.length / fixed : varints(bytes);
      this.chunks.push({ bytes, count });
      this.count += count;
      return;
    }
    reader.expect(fixed === 4 ? Wire.I32 : fixed === 8 ? Wire.I64 : Wire.VARINT);
    const start = reader.at;
    reader.skip();
    this.chunks.push({ bytes: reader.bytes.subarray(start, reader.at), count: 1 });
    this.count++;
  }
}

/** The number of varints: bytes without the continuation bit. */
function varints(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 128) {
      count++;
    }
  }
  if (bytes.length > 0 && bytes[bytes.length - 1]! >= 128) {
    throw new RangeError('protobuf: a packed varint runs past the end');
  }
  return count;
}

/** The collected elements in the datatype's array. */
function gather(info: DatatypeInfo, from: Collector, name: string): Contents['data'] {
  if (from.no === 8) {
    return from.elements;
  }
  const data = new info.array(from.count);
  if (from.no === 6 || from.no === 7) {
    // packed floats are the array's own bytes
    const target = new Uint8Array(data.buffer);
    let at = 0;
    for (const { bytes } of from.chunks) {
      target.set(bytes, at);
      at += bytes.length;
    }
    return data;
  }
  let i = 0;
  for (const { bytes } of from.chunks) {
    const reader = new Reader(bytes);
    while (reader.at < reader.end) {
      switch (info.kind) {
        case 'bool': data[i++] = reader.bool() ? 1 : 0; break;
        case 'bigint': (data as BigInt64Array)[i++] = from.no === 3 ? reader.int64() : reader.uint64(); break;
        default: {
          const value = from.no === 2 ? reader.int32() : reader.uint();
          if (value < info.min || value > info.max) {
            throw invalid(`input ${quote(name)} is ${info.datatype}, but holds ${value}, which is out of its range`);
          }
          data[i++] = value;
        }
      }
    }
  }
  return data;
}

interface RawTensor {
  name: string;
  datatype: string;
  shape: number[];
  parameters: Parameters | undefined;
  collectors: Collector[];
}

function readTensor(bytes: Uint8Array): RawTensor {
  const tensor: RawTensor = { name: '', datatype: '', shape: [], parameters: undefined, collectors: [] };
  const reader = new Reader(bytes);
  while (reader.next()) {
    switch (reader.field) {
      case 1: reader.expect(Wire.LEN); tensor.name = reader.string(); break;
      case 2: reader.expect(Wire.LEN); tensor.datatype = reader.string(); break;
      case 3:
        if (reader.wire === Wire.LEN) {
          const packed = new Reader(reader.chunk());
          while (packed.at < packed.end) {
            tensor.shape.push(Number(packed.int64()));
          }
        } else {
          reader.expect(Wire.VARINT);
          tensor.shape.push(Number(reader.int64()));
        }
        break;
      case 5: {
        reader.expect(Wire.LEN);
        const contents = new Reader(reader.chunk());
        while (contents.next()) {
          const no = contents.field;
          if (no > 8) {
            contents.skip();
            continue;
          }
          let collector = tensor.collectors.find((entry) => entry.no === no);
          if (collector === undefined) {
            collector = new Collector(no);
            tensor.collectors.push(collector);
          }
          collector.add(contents);
        }
        break;
      }
      default: reader.skip();
    }
  }
  return tensor;
}

function toTensor(raw: RawTensor, bytes: Uint8Array | undefined): Tensor {
  const { name } = raw;
  if (name === '') {
    throw invalid('an input has no name');
  }
  const info = findDatatype(raw.datatype);
  if (info === undefined) {
    throw invalid(`input ${quote(name)}: datatype ${quote(raw.datatype)}; known are ${DATATYPE_NAMES.join(', ')}`);
  }
  const shape = readShape(raw.shape, name);
  const filled = raw.collectors.filter((collector) => collector.count > 0);
  if (bytes !== undefined) {
    if (filled.length > 0) {
      throw invalid(`input ${quote(name)} has contents, which must be empty when raw_input_contents are given`);
    }
    return tensorOfBytes(info, name, shape, bytes);
  }
  const count = countOf(shape, name);
  if (info.contents === undefined) {
    throw invalid(`input ${quote(name)} is ${info.datatype}, which only raw_input_contents can carry`);
  }
  const wanted = `${info.contents}_contents`;
  for (const collector of filled) {
    if (FIELDS[collector.no] !== info.contents) {
      throw invalid(`input ${quote(name)} is ${info.datatype}, whose data stands in ${wanted}, but ${FIELDS[collector.no]}_contents is given`);
    }
  }
  const found = filled[0]?.count ?? 0;
  if (found !== count) {
    throw invalid(`input ${quote(name)}: the shape ${showShape(shape)} needs ${count} elements, ${wanted} has ${found}`);
  }
  const data = filled.length === 0 ? (info.kind === 'bytes' ? [] : new info.array(0)) : gather(info, filled[0]!, name);
  return { name, datatype: info.datatype, shape, data };
}

function requestedOutput(bytes: Uint8Array): RequestedOutput {
  const { name } = decodeMessage(MESSAGES, '.inference.ModelInferRequest.InferRequestedOutputTensor', bytes) as { name?: string };
  if (name === undefined || name === '') {
    throw invalid('a requested output has no name');
  }
  return { name };
}

/** Decodes a ModelInferRequest; what is malformed is the caller's error. */
export function decodeInferRequest(bytes: Uint8Array): GrpcInferCall {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) {
      throw invalid(`the message is malformed: ${error.message}`);
    }
    throw error;
  }
}

/** Reads an entry of a map of parameters. */
function addParameter(parameters: Parameters, bytes: Uint8Array): void {
  const entry = new Reader(bytes);
  let key = '';
  let value: ParameterValue = '';
  while (entry.next()) {
    if (entry.field === 1) {
      key = entry.string();
    } else if (entry.field === 2) {
      value = parameterOf(decodeMessage(MESSAGES, '.inference.InferParameter', entry.chunk()));
    } else {
      entry.skip();
    }
  }
  Object.defineProperty(parameters, key, { value, enumerable: true, configurable: true, writable: true });
}

function decode(bytes: Uint8Array): GrpcInferCall {
  let model = '';
  let version: string | undefined;
  let id: string | undefined;
  let parameters: Parameters | undefined;
  const tensors: RawTensor[] = [];
  const outputs: RequestedOutput[] = [];
  const raw: Uint8Array[] = [];
  const reader = new Reader(bytes);
  while (reader.next()) {
    if (reader.field > 7) {
      reader.skip();
      continue;
    }
    reader.expect(Wire.LEN);
    switch (reader.field) {
      case 1: model = reader.string(); break;
      case 2: version = reader.string() || undefined; break;
      case 3: id = reader.string() || undefined; break;
      case 4: addParameter(parameters ??= {}, reader.chunk()); break;
      case 5: tensors.push(readTensor(reader.chunk())); break;
      case 6: outputs.push(requestedOutput(reader.chunk())); break;
      default: raw.push(reader.chunk());
    }
  }
  if (raw.length > 0 && raw.length !== tensors.length) {
    throw invalid(`raw_input_contents has ${raw.length} entries for ${tensors.length} inputs`);
  }
  return {
    model,
    version,
    id,
    parameters,
    inputs: tensors.map((tensor, i) => toTensor(tensor, raw.length > 0 ? raw[i] : undefined)),
    outputs: outputs.length > 0 ? outputs : undefined,
    raw: raw.length > 0,
  };
}

/** Bytes of InferTensorContents that hold a tensor. */
function contentsOf(tensor: Tensor): Uint8Array {
  const info = infoOf(tensor.datatype);
  const no = FIELDS.indexOf(info.contents!);
  const size = tensor.data.length;
  const writer = new Writer(64 + size * 10);
  if (size === 0) {
    return writer.finish();
  }
  if (no === 8) {
    for (const element of tensor.data as Uint8Array[]) {
      writer.bytes(8, element);
    }
    return writer.finish();
  }
  if (no === 6 || no === 7) {
    return writer.bytes(no, binaryOf(tensor)).finish();
  }
  const packed = new Writer(size * 5);
  const data = tensor.data as NumericData;
  for (let i = 0; i < size; i++) {
    const value = data[i]!;
    if (typeof value === 'number' && value >= 0) {
      packed.uint(value);
    } else {
      packed.uint64(BigInt(value));
    }
  }
  return writer.bytes(no, packed.finish()).finish();
}

/** A request to be sent. */
export interface OutgoingGrpcRequest {
  readonly modelName: string;
  readonly modelVersion?: string;
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly inputs: readonly Tensor[];
  readonly outputs?: readonly string[];
}

/** Encodes a ModelInferRequest with raw contents. */
export function encodeInferRequest(request: OutgoingGrpcRequest): Buffer {
  return encodeMessage(MESSAGES, '.inference.ModelInferRequest', {
    model_name: request.modelName,
    model_version: request.modelVersion,
    id: request.id,
    parameters: Object.fromEntries(Object.entries(request.parameters ?? {}).map(([key, value]) => [key, parameterMessage(value)])),
    inputs: request.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    outputs: request.outputs?.map((name) => ({ name })),
    raw_input_contents: request.inputs.map(binaryOf),
  });
}

/** Decodes a ModelInferResponse. */
export function decodeInferResponse(bytes: Uint8Array): { model: string; version?: string; id?: string; parameters?: Parameters; outputs: Tensor[] } {
  const found: RawTensor[] = [];
  const raw: Uint8Array[] = [];
  const reader = new Reader(bytes);
  const head: { model: string; version?: string; id?: string; parameters?: Parameters } = { model: '' };
  while (reader.next()) {
    switch (reader.field) {
      case 1: head.model = reader.string(); break;
      case 2: head.version = reader.string() || undefined; break;
      case 3: head.id = reader.string() || undefined; break;
      case 4: addParameter(head.parameters ??= {}, reader.chunk()); break;
      case 5: found.push(readTensor(reader.chunk())); break;
      case 6: raw.push(reader.chunk()); break;
      default: reader.skip();
    }
  }
  return { ...head, outputs: found.map((tensor, i) => toTensor(tensor, raw.length > 0 ? raw[i] : undefined)) };
}

/** Encodes a ModelInferResponse. */
export function encodeInferResponse(model: string, version: string | undefined, call: { readonly id?: string; readonly raw: boolean }, outputs: readonly Tensor[], parameters?: Parameters): Buffer {
  // FP16 has no typed contents, and one reply is raw or typed as a whole
  const raw = call.raw || outputs.some((output) => infoOf(output.datatype).contents === undefined);
  const binaries = raw ? outputs.map(binaryOf) : [];
  const writer = new Writer(256 + binaries.reduce((sum, bytes) => sum + bytes.length + 16, 0));
  writer.string(1, model);
  if (version !== undefined) {
    writer.string(2, version);
  }
  if (call.id !== undefined) {
    writer.string(3, call.id);
  }
  for (const [key, value] of Object.entries(parameters ?? {})) {
    const entry = new Writer();
    entry.string(1, key).bytes(2, encodeMessage(MESSAGES, '.inference.InferParameter', parameterMessage(value)));
    writer.bytes(4, entry.finish());
  }
  for (const output of outputs) {
    const tensor = new Writer(64);
    tensor.string(1, output.name).string(2, output.datatype);
    if (output.shape.length > 0) {
      const shape = new Writer(16);
      for (const size of output.shape) {
        shape.uint(size);
      }
      tensor.bytes(3, shape.finish());
    }
    if (!raw) {
      tensor.bytes(5, contentsOf(output));
    }
    writer.bytes(5, tensor.finish());
  }
  for (const bytes of binaries) {
    writer.bytes(6, bytes);
  }
  return writer.finish();
}
