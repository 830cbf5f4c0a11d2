import { invalid, quote } from '../errors';
import { convert } from '../tensor/convert';
import { elementCount, MAX_ELEMENTS } from '../tensor/datatypes';
import { Datatype, Tensor } from '../tensor/tensor';

/** One declared input or output. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** Sizes, -1 where any size is admitted. */
  readonly shape: readonly number[];
  /** Other datatypes that a request may have; they become the declared one. */
  readonly accepts?: readonly Datatype[];
  /** May be left out of a request. */
  readonly optional?: boolean;
  /** Names of the classes that the last axis counts. */
  readonly labels?: readonly string[];
}

/** What a model says of itself. */
export interface ModelMetadata {
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Output that V1 answers with; all outputs when undefined. */
  readonly v1Output?: string;
  /** Inputs and outputs are not declared: requests reach the model as they are. */
  readonly untyped?: boolean;
  /** The model answers in pieces. */
  readonly streams?: boolean;
  readonly explains?: boolean;
  readonly parameters?: { readonly [key: string]: unknown };
}

export type ParameterValue = boolean | number | string | bigint;
export type Parameters = { [key: string]: ParameterValue };

/** An output a caller asked for. */
export interface RequestedOutput {
  readonly name: string;
  /** Whether binary was asked for; undefined where the caller said nothing. */
  readonly binary?: boolean;
}

/** A decoded request, whichever protocol brought it. */
export interface InferCall {
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly inputs: readonly Tensor[];
  readonly outputs?: readonly RequestedOutput[];
  /** Binary wanted for all outputs that do not say otherwise. */
  readonly binary?: boolean;
}

export const showShape = (shape: readonly number[]): string => `[${shape.join(',')}]`;

/** Checks one tensor against its declaration; gives it in the declared datatype. */
function check(spec: TensorSpec, tensor: Tensor): Tensor {
  const declared = tensor.datatype === spec.datatype;
  if (!declared && spec.accepts?.includes(tensor.datatype) !== true) {
    const others = spec.accepts === undefined ? '' : ` (or ${spec.accepts.join(', ')})`;
    throw invalid(`input '${spec.name}' must be ${spec.datatype}${others}, but is ${tensor.datatype}`);
  }
  const { shape } = tensor;
  let fits = shape.length === spec.shape.length;
  for (let i = 0; fits && i < shape.length; i++) {
    fits = spec.shape[i] === -1 || spec.shape[i] === shape[i];
  }
  if (!fits) {
    throw invalid(`input '${spec.name}' must have the shape ${showShape(spec.shape)} (-1 is any size), but has ${showShape(shape)}`);
  }
  return declared ? tensor : convert(tensor, spec.datatype);
}

/** Orders a request's inputs as the model declares them; missing optional ones are undefined. */
export function bindInputs(metadata: ModelMetadata, tensors: readonly Tensor[]): (Tensor | undefined)[] {
  const { inputs } = metadata;
  if (tensors.length === 1 && inputs.length === 1 && tensors[0]!.name === inputs[0]!.name) {
    return [check(inputs[0]!, tensors[0]!)];
  }
  const bound: (Tensor | undefined)[] = new Array(inputs.length).fill(undefined);
  for (const tensor of tensors) {
    const index = inputs.findIndex((spec) => spec.name === tensor.name);
    if (index === -1) {
      throw invalid(`the model has no input ${quote(tensor.name)}; its inputs are ${inputs.map((spec) => spec.name).join(', ')}`);
    }
    if (bound[index] !== undefined) {
      throw invalid(`input ${quote(tensor.name)} is given twice`);
    }
    bound[index] = check(inputs[index]!, tensor);
  }
  for (let i = 0; i < inputs.length; i++) {
    if (bound[i] === undefined && inputs[i]!.optional !== true) {
      throw invalid(`input '${inputs[i]!.name}' (${inputs[i]!.datatype} ${showShape(inputs[i]!.shape)}) is missing`);
    }
  }
  return bound;
}

/** The positions of the outputs asked for, or undefined for all in order. */
export function bindOutputs(metadata: ModelMetadata, requested: readonly RequestedOutput[] | undefined): number[] | undefined {
  if (requested === undefined || requested.length === 0) {
    return undefined;
  }
  const indexes: number[] = [];
  for (const { name } of requested) {
    const index = metadata.outputs.findIndex((spec) => spec.name === name);
    if (index === -1) {
      throw invalid(`the model has no output ${quote(name)}; its outputs are ${metadata.outputs.map((spec) => spec.name).join(', ')}`);
    }
    if (indexes.includes(index)) {
      throw invalid(`output ${quote(name)} is asked for twice`);
    }
    indexes.push(index);
  }
  return indexes;
}

/** Reads a shape that a client sent. */
export function readShape(values: ArrayLike<number>, name: string): number[] {
  const shape: number[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const size = values[i]!;
    if (!(size >= 0 && Number.isInteger(size))) {
      throw invalid(`input ${quote(name)}: the shape's size ${size} at position ${i} is no integer of 0 or more`);
    }
    // also beside a 0: frames have 32 bits for a size
    if (size > MAX_ELEMENTS) {
      throw invalid(`input ${quote(name)}: the shape's size ${size} at position ${i} exceeds ${MAX_ELEMENTS}, the most that a tensor can hold`);
    }
    shape[i] = size === 0 ? 0 : size;
  }
  if (shape.length > 32) {
    throw invalid(`input ${quote(name)}: a shape of ${shape.length} axes exceeds the 32 that are possible`);
  }
  return shape;
}

/** The number of elements of a client's shape, refused where no tensor can hold them. */
export function countOf(shape: readonly number[], name: string): number {
  const count = elementCount(shape);
  if (count === -1) {
    throw invalid(`input ${quote(name)}: the shape ${showShape(shape)} has more elements than a tensor can hold`);
  }
  return count;
}
