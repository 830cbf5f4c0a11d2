import { invalid, quote } from '../errors';
import { isNumberArray, isObject, JsonValue, parseJson } from '../json/parse';
import { flatJson } from '../json/write';
import { countOf, InferCall, Parameters, ParameterValue, readShape, RequestedOutput, showShape } from '../model/metadata';
import { bytesOf, DATATYPE_NAMES, DatatypeInfo, findDatatype, infoOf, packBytes, packedLength, unpackBytes, viewAs } from '../tensor/datatypes';
import { tensorFromJson } from '../tensor/from-json';
import { NumericData, Tensor } from '../tensor/tensor';

/** Header that gives the length of the JSON part of a body with binary tensors. */
export const HEADER_LENGTH = 'inference-header-content-length';
/** The same as the specification spells it, for replies. */
export const REPLY_HEADER_LENGTH = 'Inference-Header-Content-Length';

function parameterValue(value: JsonValue, key: string, where: string): ParameterValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return value;
  }
  throw invalid(`${where}: parameter ${quote(key)} must be a string, number or boolean`);
}

function parametersOf(value: JsonValue | undefined, where: string): Parameters | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isObject(value)) {
    throw invalid(`${where}: 'parameters' must be an object`);
  }
  const parameters: Parameters = {};
  for (const key of Object.keys(value)) {
    const entry = value[key]!;
    if (entry !== null && typeof entry !== 'object') {
      parameters[key] = parameterValue(entry, key, where);
    } else {
      // clients nest settings of their own; they travel as text
      parameters[key] = JSON.stringify(isNumberArray(entry) ? [...entry.values] : entry);
    }
  }
  return parameters;
}

function nameOf(value: JsonValue | undefined, where: string): string {
  if (typeof value !== 'string' || value === '') {
    throw invalid(`${where} must have a 'name' that is a string and not empty`);
  }
  return value;
}

function shapeOf(value: JsonValue | undefined, name: string): number[] {
  if (!isNumberArray(value) || value.shape.length !== 1 || value.bools || value.nulls) {
    throw invalid(`input ${quote(name)}: 'shape' must be an array of integers of 0 or more`);
  }
  return readShape(value.values, name);
}

function datatypeOf(value: JsonValue | undefined, name: string): DatatypeInfo {
  const info = findDatatype(value);
  if (info === undefined) {
    throw invalid(`input ${quote(name)}: datatype ${value === undefined ? 'is missing' : quote(isNumberArray(value) ? 'array' : value)}; known are ${DATATYPE_NAMES.join(', ')}`);
  }
  return info;
}

/** Numbers or strings of 'data', flat or nested, in the shape given. */
function tensorOf(info: DatatypeInfo, name: string, shape: number[], count: number, data: JsonValue): Tensor {
  const nested = Array.isArray(data) || isNumberArray(data) ? data : [data];
  const tensor = tensorFromJson(info, nested, name);
  const length = tensor.data.length;
  if (length !== count) {
    throw invalid(`input ${quote(name)}: the shape ${showShape(shape)} needs ${count} elements, 'data' has ${length}`);
  }
  if (tensor.shape.length > 1 && count > 0 && (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i]))) {
    throw invalid(`input ${quote(name)}: 'data' is nested as ${showShape(tensor.shape)}, but 'shape' is ${showShape(shape)}`);
  }
  return { name, datatype: info.datatype, shape, data: tensor.data };
}

/** A tensor from its bytes in the binary form, little-endian. */
export function tensorOfBytes(info: DatatypeInfo, name: string, shape: number[], bytes: Uint8Array): Tensor {
  const count = countOf(shape, name);
  if (info.kind === 'bytes') {
    return { name, datatype: 'BYTES', shape, data: unpackBytes(bytes, count, name) };
  }
  if (bytes.byteLength !== count * info.size) {
    throw invalid(`input ${quote(name)}: the shape ${showShape(shape)} of ${info.datatype} needs ${count * info.size} bytes, ${bytes.byteLength} are given`);
  }
  const data = viewAs(info, bytes);
  if (info.kind === 'bool') {
    for (let i = 0; i < data.length; i++) {
      if ((data[i] as number) > 1) {
        throw invalid(`input ${quote(name)}: byte ${i} of BOOL data is neither 0 nor 1`);
      }
    }
  }
  return { name, datatype: info.datatype, shape, data };
}

function outputsOf(value: JsonValue | undefined): RequestedOutput[] | undefined {
  if (value === undefined || value === null || (isNumberArray(value) && value.values.length === 0)) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    throw invalid("'outputs' must be an array of objects with a 'name'");
  }
  return value.map((entry, i) => {
    if (!isObject(entry)) {
      throw invalid(`outputs[${i}] must be an object with a 'name'`);
    }
    const name = nameOf(entry.name, `outputs[${i}]`);
    const binary = isObject(entry.parameters) ? entry.parameters.binary_data : undefined;
    if (isObject(entry.parameters) && typeof entry.parameters.classification === 'number') {
      throw invalid(`outputs[${i}]: the classification extension is not offered; ask for the scores`);
    }
    if (binary !== undefined && typeof binary !== 'boolean') {
      throw invalid(`outputs[${i}]: parameter 'binary_data' must be true or false`);
    }
    return { name, binary };
  });
}

/** The number in the header of the JSON part's length; NaN where there is none, or none that can be right. */
export function jsonLengthOf(header: string | string[] | undefined): number {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : NaN;
}

/** The header's number, checked against the body; undefined without the header. */
function headerLength(header: string | undefined, body: Uint8Array): number | undefined {
  if (header === undefined) {
    return undefined;
  }
  const length = jsonLengthOf(header);
  if (Number.isNaN(length)) {
    throw invalid(`Inference-Header-Content-Length must be an integer of 0 or more, but is ${quote(header)}`);
  }
  if (length > body.length) {
    throw invalid(`Inference-Header-Content-Length is ${length}, but the body has ${body.length} bytes`);
  }
  return length;
}

/** The only input a body without JSON can mean. */
export interface RawInput {
  readonly name: string;
  readonly info: DatatypeInfo;
  readonly shape: readonly number[];
}

/** Reads tensors whose data is JSON or stands behind it; gives where the binary part ended. */
function readTensors(list: 'inputs' | 'outputs', entries: readonly JsonValue[], body: Uint8Array, start: number, mayBeBinary: boolean): { tensors: Tensor[]; end: number } {
  let offset = start;
  const tensors: Tensor[] = new Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    if (!isObject(entry)) {
      throw invalid(`${list}[${i}] must be an object with name, shape, datatype and data`);
    }
    const name = nameOf(entry.name, `${list}[${i}]`);
    const info = datatypeOf(entry.datatype, name);
    const shape = shapeOf(entry.shape, name);
    const count = countOf(shape, name);
    const size = isObject(entry.parameters) ? entry.parameters.binary_data_size : undefined;
    if (size === undefined) {
      if (entry.data === undefined) {
        throw invalid(`input ${quote(name)}: 'data' is missing`);
      }
      tensors[i] = tensorOf(info, name, shape, count, entry.data);
      continue;
    }
    if (!mayBeBinary) {
      throw invalid(`input ${quote(name)} has a binary_data_size, but the header Inference-Header-Content-Length is missing`);
    }
    if (entry.data !== undefined) {
      throw invalid(`input ${quote(name)} has both 'data' and a binary_data_size`);
    }
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw invalid(`input ${quote(name)}: 'binary_data_size' must be an integer of 0 or more`);
    }
    if (size > body.length - offset) {
      throw invalid(`input ${quote(name)}: binary_data_size is ${size}, but only ${body.length - offset} bytes follow`);
    }
    tensors[i] = tensorOfBytes(info, name, shape, body.subarray(offset, offset + size));
    offset += size;
  }
  return { tensors, end: offset };
}

/** An array that may hold objects; undefined for what is none. An empty one is read as one of numbers. */
function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (isNumberArray(value)) {
    return value.values.length === 0 && value.shape.length === 1 ? [] : undefined;
  }
  return Array.isArray(value) ? value : undefined;
}

/** Decodes a V2 body, JSON alone or JSON with binary tensors behind it. */
export function decodeV2(body: Uint8Array, header: string | undefined, raw?: RawInput): InferCall {
  const jsonLength = headerLength(header, body);
  if (jsonLength === 0) {
    return decodeRaw(body, raw);
  }
  const json = parseJson(jsonLength === undefined ? body : body.subarray(0, jsonLength));
  if (!isObject(json)) {
    throw invalid("the body must be an object with 'inputs'");
  }
  const inputs = listOf(json.inputs);
  if (inputs === undefined) {
    throw invalid("'inputs' must be an array of tensors with name, shape, datatype and data");
  }
  const { tensors, end } = readTensors('inputs', inputs, body, jsonLength ?? body.length, jsonLength !== undefined);
  if (end !== body.length) {
    throw invalid(`${body.length - end} bytes follow the last binary input`);
  }
  const id = json.id ?? undefined; // null is what clients write that keep a field for it
  if (id !== undefined && typeof id !== 'string') {
    throw invalid("'id' must be a string");
  }
  const parameters = parametersOf(json.parameters, 'the request');
  const binary = parameters?.binary_data_output;
  if (binary !== undefined && typeof binary !== 'boolean') {
    throw invalid("parameter 'binary_data_output' must be true or false");
  }
  return { id, parameters, inputs: tensors, outputs: outputsOf(json.outputs), binary };
}

/** A body that is the data of the single input, as one row; all outputs come back binary. */
function decodeRaw(body: Uint8Array, raw: RawInput | undefined): InferCall {
  if (raw === undefined) {
    throw invalid('Inference-Header-Content-Length is 0, which only a model with exactly one input accepts');
  }
  const { name, info } = raw;
  if (info.kind === 'bytes') {
    const shape = raw.shape.map((size) => Math.max(size, 1));
    if (countOf(shape, name) !== 1) {
      throw invalid(`input ${quote(name)}: a raw BYTES body is one element, the model's shape is ${showShape(raw.shape)}`);
    }
    return { inputs: [{ name, datatype: 'BYTES', shape, data: [body] }], binary: true };
  }
  const free = raw.shape.filter((size, i) => size === -1 && i > 0).length;
  if (free > 1) {
    throw invalid(`input ${quote(name)}: a raw body cannot tell the sizes of the shape ${showShape(raw.shape)}`);
  }
  const known = raw.shape.reduce((product, size) => product * (size === -1 ? 1 : size), 1);
  const elements = body.length / info.size;
  const shape = raw.shape.map((size, i) => (size !== -1 ? size : i === 0 ? 1 : elements / known));
  return { inputs: [tensorOfBytes(info, name, readShape(shape, name), body)], binary: true };
}

/** A reply as it goes out: text alone, or a JSON part with binary tensors behind it. */
export interface EncodedReply {
  readonly body: string | Uint8Array[];
  /** Length of the JSON part when binary tensors follow. */
  readonly jsonLength?: number;
}

/** The binary form of a tensor's data. */
export function binaryOf(tensor: Tensor): Uint8Array {
  if (infoOf(tensor.datatype).kind === 'bytes') {
    const elements = tensor.data as Uint8Array[];
    const bytes = new Uint8Array(packedLength(elements));
    packBytes(elements, bytes, 0);
    return bytes;
  }
  return bytesOf(tensor.data as NumericData);
}

export interface ReplyHead {
  readonly model: string;
  readonly version?: string;
  readonly id?: string;
  readonly parameters?: Parameters;
}

/** Parameters as JSON; 64-bit integers stand as numbers. */
function parametersJson(parameters: Parameters): string {
  return `{${Object.entries(parameters).map(([key, value]) => `${JSON.stringify(key)}:${typeof value === 'bigint' ? value : JSON.stringify(value)}`).join(',')}}`;
}

/** Encodes a V2 reply; `call` says which outputs are wanted binary. */
export function encodeV2(head: ReplyHead, outputs: readonly Tensor[], call: InferCall): EncodedReply {
  let json = `{"model_name":${JSON.stringify(head.model)}`;
  if (head.version !== undefined) {
    json += `,"model_version":${JSON.stringify(head.version)}`;
  }
  if (head.id !== undefined) {
    json += `,"id":${JSON.stringify(head.id)}`;
  }
  if (head.parameters !== undefined) {
    json += `,"parameters":${parametersJson(head.parameters)}`;
  }
  json += ',"outputs":[';
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < outputs.length; i++) {
    const tensor = outputs[i]!;
    const asked = call.outputs?.find((output) => output.name === tensor.name)?.binary;
    json += `${i === 0 ? '' : ','}{"name":${JSON.stringify(tensor.name)},"shape":[${tensor.shape.join(',')}],"datatype":"${tensor.datatype}"`;
    if (asked ?? call.binary ?? false) {
      const bytes = binaryOf(tensor);
      chunks.push(bytes);
      json += `,"parameters":{"binary_data_size":${bytes.byteLength}}}`;
    } else {
      json += `,"data":${flatJson(tensor)}}`;
    }
  }
  json += ']}';
  if (chunks.length === 0) {
    return { body: json };
  }
  const start = Buffer.from(json);
  return { body: [start, ...chunks], jsonLength: start.length };
}

/** A request to be sent. */
export interface OutgoingRequest {
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly inputs: readonly (Tensor & { readonly parameters?: Parameters })[];
  readonly outputs?: readonly string[];
}

/** Encodes a V2 request; `binary` sends every input and asks for every output as binary. */
export function encodeV2Request(request: OutgoingRequest, binary: boolean): { readonly chunks: Uint8Array[]; readonly jsonLength?: number } {
  const parameters: Parameters = { ...request.parameters, ...(binary ? { binary_data_output: true } : {}) };
  const binaries: Uint8Array[] = [];
  const inputs = request.inputs.map((tensor) => {
    const head = `{"name":${JSON.stringify(tensor.name)},"shape":[${tensor.shape.join(',')}],"datatype":"${tensor.datatype}"`;
    if (binary || tensor.datatype === 'FP16') {
      const bytes = binaryOf(tensor);
      binaries.push(bytes);
      return `${head},"parameters":${parametersJson({ ...tensor.parameters, binary_data_size: bytes.byteLength })}}`;
    }
    return `${head}${tensor.parameters === undefined ? '' : `,"parameters":${parametersJson(tensor.parameters)}`},"data":${flatJson(tensor)}}`;
  });
  const id = request.id === undefined ? '' : `"id":${JSON.stringify(request.id)},`;
  const more = Object.keys(parameters).length === 0 ? '' : `"parameters":${parametersJson(parameters)},`;
  const outputs = request.outputs === undefined ? '' : `,"outputs":${JSON.stringify(request.outputs.map((name) => ({ name })))}`;
  const json = Buffer.from(`{${id}${more}"inputs":[${inputs.join(',')}]${outputs}}`);
  return binaries.length === 0 ? { chunks: [json] } : { chunks: [json, ...binaries], jsonLength: json.length };
}

export interface V2Reply {
  readonly model: string;
  readonly version?: string;
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly outputs: Tensor[];
}

/** Decodes a V2 reply of any server: what the specification's own examples leave out may be missing. */
export function decodeV2Reply(body: Uint8Array, header: string | undefined): V2Reply {
  const jsonLength = headerLength(header, body);
  const json = parseJson(jsonLength === undefined ? body : body.subarray(0, jsonLength));
  const entries = isObject(json) ? listOf(json.outputs) : undefined;
  if (!isObject(json) || entries === undefined) {
    throw invalid("the reply must be an object with 'outputs'");
  }
  const { tensors: outputs, end } = readTensors('outputs', entries, body, jsonLength ?? body.length, jsonLength !== undefined);
  if (end !== body.length) {
    throw invalid('the binary part of the reply has another length than its outputs say');
  }
  const text = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  return { model: text(json.model_name) ?? '', version: text(json.model_version), id: text(json.id), parameters: parametersOf(json.parameters, 'the reply'), outputs };
}
