import { ServerError } from '../errors';
import { isNumericData } from '../tensor/datatypes';
import { NumericData, Tensor } from '../tensor/tensor';

/** A number as JSON has it: NaN is null, infinity has no form. */
function float(value: number, name: string): string {
  if (value - value === 0) {
    return '' + value;
  }
  if (value !== value) {
    return 'null';
  }
  throw new ServerError('inference', `output '${name}' holds ${value}, which JSON cannot express; ask for it as binary data`);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A BYTES element as text. */
export function toText(element: Uint8Array, name: string): string {
  try {
    return UTF8.decode(element);
  } catch {
    throw new ServerError('inference', `output '${name}' holds bytes that are no UTF-8 text; ask for it as binary data`);
  }
}

/** Elements `from` to `to` of a tensor, separated by commas. */
function elements(tensor: Tensor, from: number, to: number): string {
  if (from === to) {
    return '';
  }
  const { data, datatype, name } = tensor;
  let text: string;
  switch (datatype) {
    case 'BYTES': {
      const strings = data as Uint8Array[];
      text = JSON.stringify(toText(strings[from]!, name));
      for (let i = from + 1; i < to; i++) {
        text += ',' + JSON.stringify(toText(strings[i]!, name));
      }
      return text;
    }
    case 'FP32':
    case 'FP64': {
      const floats = data as Float32Array;
      text = float(floats[from]!, name);
      for (let i = from + 1; i < to; i++) {
        text += ',' + float(floats[i]!, name);
      }
      return text;
    }
    case 'BOOL': {
      const bools = data as Uint8Array;
      text = bools[from] === 0 ? 'false' : 'true';
      for (let i = from + 1; i < to; i++) {
        text += bools[i] === 0 ? ',false' : ',true';
      }
      return text;
    }
    case 'FP16':
      throw new ServerError('invalid', `output '${name}' is FP16, which has no JSON form; ask for it as binary data`);
    default: {
      const numbers = data as NumericData;
      text = '' + numbers[from];
      for (let i = from + 1; i < to; i++) {
        text += ',' + numbers[i];
      }
      return text;
    }
  }
}

/** Known to Node.js before TypeScript's libraries have it. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

function entryJson(_: string, entry: unknown): unknown {
  if (typeof entry === 'bigint') {
    return rawJSON(String(entry));
  }
  // the data of a tensor, which JSON takes for an object of indexes
  return isNumericData(entry) ? Array.from(entry as ArrayLike<unknown>) : entry;
}

/** Any value as JSON in which 64-bit integers are whole and typed arrays are lists; undefined where it has none. */
export function valueJson(value: unknown): string | undefined {
  return JSON.stringify(value, entryJson) as string | undefined;
}

/** A tensor's data as one flat JSON array. */
export function flatJson(tensor: Tensor): string {
  return `[${elements(tensor, 0, tensor.data.length)}]`;
}

/** A tensor's data as nested JSON arrays; a scalar stands bare. */
export function nestedJson(tensor: Tensor): string {
  return nested(tensor, 0, 0, tensor.data.length);
}

function nested(tensor: Tensor, axis: number, from: number, to: number): string {
  const { shape } = tensor;
  if (axis >= shape.length) {
    return elements(tensor, from, to);
  }
  if (axis === shape.length - 1) {
    return `[${elements(tensor, from, to)}]`;
  }
  const count = shape[axis]!;
  const step = count === 0 ? 0 : (to - from) / count;
  let text = '';
  for (let i = 0; i < count; i++) {
    text += (i === 0 ? '' : ',') + nested(tensor, axis + 1, from + i * step, from + (i + 1) * step);
  }
  return `[${text}]`;
}

/** Row `row` along the first axis as JSON. */
export function rowJson(tensor: Tensor, row: number): string {
  const rows = tensor.shape[0]!;
  const step = rows === 0 ? 0 : tensor.data.length / rows;
  return nested(tensor, 1, row * step, (row + 1) * step);
}
