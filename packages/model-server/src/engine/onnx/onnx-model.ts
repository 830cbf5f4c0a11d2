import { Field, lenField, varintField, writeFields } from '../../protobuf/fields';
import { Wire } from '../../protobuf/wire';

/** Element types of ONNX tensors. */
export const ELEMENT = { FLOAT: 1, UINT8: 2, INT8: 3, UINT16: 4, INT16: 5, INT32: 6, INT64: 7, STRING: 8, BOOL: 9, FLOAT16: 10, DOUBLE: 11, UINT32: 12, UINT64: 13, BFLOAT16: 16 } as const;

export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  /** Sizes; a string names a free one. */
  readonly shape: readonly (number | string)[];
}

/** An attribute by its JavaScript value; numbers are floats, bigints are integers. */
export type OnnxAttribute = number | bigint | string | readonly number[] | readonly bigint[] | readonly string[];

export interface OnnxNode {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: { readonly [name: string]: OnnxAttribute };
}

export interface OnnxWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array | readonly string[];
}

export interface OnnxModel {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly weights?: readonly OnnxWeights[];
}

function floatBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** Writes an attribute. */
export function writeAttribute(name: string, value: OnnxAttribute): Uint8Array {
  const fields = [lenField(1, name)];
  if (typeof value === 'number') {
    fields.push({ no: 2, wire: Wire.I32, value: floatBytes([value]) }, varintField(20, 1));
  } else if (typeof value === 'bigint') {
    fields.push(varintField(3, value), varintField(20, 2));
  } else if (typeof value === 'string') {
    fields.push(lenField(4, value), varintField(20, 3));
  } else if (typeof value[0] === 'number') {
    fields.push(lenField(7, floatBytes(value as readonly number[])), varintField(20, 6));
  } else if (typeof value[0] === 'bigint') {
    fields.push(...(value as readonly bigint[]).map((entry) => varintField(8, entry)), varintField(20, 7));
  } else {
    fields.push(...(value as readonly string[]).map((entry) => lenField(9, entry)), varintField(20, 8));
  }
  return writeFields(fields);
}

function valueInfo(value: OnnxValue): Uint8Array {
  const dims = value.shape.map((size) => lenField(1, writeFields([typeof size === 'number' ? varintField(1, size) : lenField(2, size)])));
  const tensor = writeFields([varintField(1, value.type), lenField(2, writeFields(dims))]);
  return writeFields([lenField(1, value.name), lenField(2, writeFields([lenField(1, tensor)]))]);
}

/** Writes a node; `more` are fields behind its own. */
export function writeNode(node: OnnxNode, more: readonly Field[] = []): Uint8Array {
  return writeFields([
    ...node.inputs.map((name) => lenField(1, name)),
    ...node.outputs.map((name) => lenField(2, name)),
    lenField(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => lenField(5, writeAttribute(name, value))),
    ...more,
    ...(node.domain === undefined ? [] : [lenField(7, node.domain)]),
  ]);
}

/** Writes a constant. */
export function writeWeights({ name, shape, data }: OnnxWeights): Uint8Array {
  const type = data instanceof Float32Array ? ELEMENT.FLOAT : data instanceof BigInt64Array ? ELEMENT.INT64 : ELEMENT.STRING;
  return writeFields([
    ...shape.map((size) => varintField(1, size)),
    varintField(2, type),
    ...(ArrayBuffer.isView(data) ? [] : data.map((text) => lenField(6, text))),
    lenField(8, name),
    ...(ArrayBuffer.isView(data) ? [lenField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))] : []),
  ]);
}

/** Writes a small ONNX model. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const nodes = model.nodes.map((node) => lenField(1, writeNode(node)));
  const weights = (model.weights ?? []).map((one) => lenField(5, writeWeights(one)));
  const graph = [
    ...nodes,
    lenField(2, 'graph'),
    ...weights,
    ...model.inputs.map((value) => lenField(11, valueInfo(value))),
    ...model.outputs.map((value) => lenField(12, valueInfo(value))),
  ];
  const opset = (domain: string, version: number): Uint8Array => writeFields([lenField(1, domain), varintField(2, version)]);
  return writeFields([
    varintField(1, 8),
    lenField(2, 'kserve-model-server'),
    lenField(7, writeFields(graph)),
    lenField(8, opset('', 17)),
    lenField(8, opset('ai.onnx.ml', 3)),
  ]);
}
