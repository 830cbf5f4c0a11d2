import { invalid, quote } from '../errors';
import { NumberArray } from '../json/numbers';
import { isNumberArray, isObject, JsonObject, JsonValue, parseJson } from '../json/parse';
import { nestedJson, rowJson } from '../json/write';
import { InferCall, ModelMetadata, TensorSpec } from '../model/metadata';
import { infoOf } from '../tensor/datatypes';
import { tensorFromJson } from '../tensor/from-json';
import { Tensor } from '../tensor/tensor';

/** A V1 request: rows under `instances` or `inputs`, or columns by name under `inputs`. */
export interface V1Body {
  readonly rows?: JsonValue[] | NumberArray;
  readonly columns?: JsonObject;
}

/** Reads the envelope of a V1 body. */
function readV1(body: Uint8Array): V1Body {
  const json = parseJson(body);
  if (!isObject(json)) {
    throw invalid("the body must be an object with 'instances' or 'inputs'");
  }
  const rows = json.instances ?? json.inputs;
  if (rows === undefined || rows === null) {
    throw invalid("the body must have 'instances' or 'inputs'");
  }
  if (isNumberArray(rows) || Array.isArray(rows)) {
    return { rows };
  }
  if (json.instances === undefined && isObject(rows)) {
    return { columns: rows };
  }
  throw invalid(json.instances === undefined ? "'inputs' must be a list, or an object of lists by input name" : "'instances' must be a list");
}

/** An instance of a model with one input may still name it. */
function single(spec: TensorSpec, rows: JsonValue[] | NumberArray): Tensor {
  if (!isNumberArray(rows) && isObject(rows[0])) {
    rows = rows.map((row, i) => field(row, i, spec.name, [spec]));
  }
  return fit(spec, tensorFromJson(infoOf(spec.datatype), rows, spec.name));
}

/** Rows of scalars serve a declared trailing axis of one. */
function fit(spec: TensorSpec, tensor: Tensor): Tensor {
  if (tensor.shape.length + 1 === spec.shape.length && (spec.shape.at(-1) === 1 || spec.shape.at(-1) === -1)) {
    return { ...tensor, shape: [...tensor.shape, 1] };
  }
  return tensor;
}

function field(row: JsonValue, index: number, name: string, specs: readonly TensorSpec[]): JsonValue {
  if (!isObject(row)) {
    throw invalid(`instances[${index}] must be an object with ${specs.map((spec) => spec.name).join(', ')}`);
  }
  for (const key of Object.keys(row)) {
    if (!specs.some((spec) => spec.name === key)) {
      throw invalid(`instances[${index}] has ${quote(key)}, which is no input of the model; its inputs are ${specs.map((spec) => spec.name).join(', ')}`);
    }
  }
  const value = row[name];
  if (value === undefined) {
    throw invalid(`instances[${index}] lacks the input '${name}'`);
  }
  return value;
}

/** Decodes a V1 body by the model's declared inputs. */
export function decodeV1(body: Uint8Array, metadata: ModelMetadata): InferCall {
  const { rows, columns } = readV1(body);
  const { inputs } = metadata;
  if (columns !== undefined) {
    return {
      inputs: Object.keys(columns).map((name) => {
        const spec = inputs.find((input) => input.name === name);
        if (spec === undefined) {
          throw invalid(`the model has no input ${quote(name)}; its inputs are ${inputs.map((input) => input.name).join(', ')}`);
        }
        return fit(spec, tensorFromJson(infoOf(spec.datatype), columns[name]!, name));
      }),
    };
  }
  if (inputs.length === 1) {
    return { inputs: [single(inputs[0]!, rows!)] };
  }
  if (isNumberArray(rows!)) {
    if (rows.values.length === 0 && rows.shape.length === 1) {
      throw invalid("'instances' is empty");
    }
    throw invalid(`each instance must be an object with ${inputs.map((spec) => spec.name).join(', ')}`);
  }
  const present = inputs.filter((spec) => spec.optional !== true || rows!.some((row) => isObject(row) && row[spec.name] !== undefined));
  return {
    inputs: present.map((spec) => fit(spec, tensorFromJson(infoOf(spec.datatype), rows!.map((row, i) => field(row, i, spec.name, inputs)), spec.name))),
  };
}

/** Encodes a V1 reply: bare values for one output, an object a row for several. */
export function encodeV1(outputs: readonly Tensor[]): string {
  if (outputs.length === 1) {
    const only = outputs[0]!;
    return `{"predictions":${only.shape.length === 0 ? `[${nestedJson(only)}]` : nestedJson(only)}}`;
  }
  const rows = outputs[0]?.shape[0];
  if (rows === undefined || outputs.some((output) => output.shape[0] !== rows)) {
    return `{"predictions":{${outputs.map((output) => `${JSON.stringify(output.name)}:${nestedJson(output)}`).join(',')}}}`;
  }
  const texts: string[] = new Array(rows);
  for (let row = 0; row < rows; row++) {
    texts[row] = `{${outputs.map((output) => `${JSON.stringify(output.name)}:${rowJson(output, row)}`).join(',')}}`;
  }
  return `{"predictions":[${texts.join(',')}]}`;
}
