import { invalid, quote } from '../errors';
import { DatatypeInfo } from './datatypes';
import { NumericData, Tensor } from './tensor';
import { eachNumberText, NumberArray } from '../json/numbers';
import { isNumberArray, JsonValue } from '../json/parse';

const ENCODER = new TextEncoder();
const I64_MIN = -(2n ** 63n);
const I64_MAX = 2n ** 63n - 1n;
const U64_MAX = 2n ** 64n - 1n;

/** What a JSON value is, in the words of JSON. */
function typeName(value: JsonValue): string {
  if (value === null) {
    return 'null';
  }
  return isNumberArray(value) || Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function toBig(info: DatatypeInfo, text: string, name: string): bigint {
  let value: bigint;
  if (/^-?\d+$/.test(text)) {
    value = BigInt(text);
  } else {
    const number = Number(text);
    if (!Number.isInteger(number)) {
      throw invalid(`input '${name}' is ${info.datatype}, but holds ${quote(text)}, which is no integer`);
    }
    value = BigInt(number);
  }
  const [low, high] = info.datatype === 'INT64' ? [I64_MIN, I64_MAX] : [0n, U64_MAX];
  if (value < low || value > high) {
    throw invalid(`input '${name}' is ${info.datatype}, but holds ${quote(text)}, which is out of its range`);
  }
  return value;
}

/** Numbers in the datatype asked for; nothing is cast silently. */
function numbersAs(info: DatatypeInfo, array: NumberArray, name: string): NumericData {
  const { values } = array;
  switch (info.kind) {
    case 'float': {
      if (array.bools) {
        throw invalid(`input '${name}' is ${info.datatype}, but holds true or false`);
      }
      const floats = info.datatype === 'FP64' ? values : new Float32Array(values);
      for (let i = 0; i < floats.length; i++) {
        const value = floats[i]!;
        if (value - value !== 0 && value === value) {
          throw invalid(`input '${name}' is ${info.datatype}, but the number at position ${i} exceeds its range`);
        }
      }
      return floats;
    }
    case 'bool': {
      const bools = new Uint8Array(values.length);
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        if (value !== 0 && value !== 1) {
          throw invalid(`input '${name}' is BOOL, but the value at position ${i} is none of true, false, 0 and 1`);
        }
        bools[i] = value;
      }
      return bools;
    }
    case 'integer': {
      if (array.bools || array.nulls) {
        throw invalid(`input '${name}' is ${info.datatype}, but holds ${array.bools ? 'true or false' : 'null'}`);
      }
      const { min, max } = info;
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        if (value < min || value > max || !Number.isInteger(value)) {
          throw invalid(`input '${name}' is ${info.datatype}, but the number ${value} at position ${i} is no integer from ${min} to ${max}`);
        }
      }
      return new (info.array as unknown as new (from: Float64Array) => NumericData)(values);
    }
    case 'bigint': {
      if (array.bools || array.nulls) {
        throw invalid(`input '${name}' is ${info.datatype}, but holds ${array.bools ? 'true or false' : 'null'}`);
      }
      const data = new info.array(values.length) as BigInt64Array;
      if (array.big) {
        // beyond 2^53 only the text is exact
        eachNumberText(array, (text, i) => { data[i] = toBig(info, text, name); });
      } else {
        for (let i = 0; i < values.length; i++) {
          data[i] = toBig(info, String(values[i]), name);
        }
      }
      return data;
    }
    case 'half':
      throw invalid(`input '${name}' is FP16, which has no JSON form; send it as binary data`);
    default:
      throw invalid(`input '${name}' is BYTES and takes strings, but holds numbers`);
  }
}

/** Collects the leaves of nested arrays in row-major order and checks that they are rectangular. */
class Leaves {
  public readonly shape: number[] = [];
  public readonly texts: Uint8Array[] = [];
  public readonly values: number[] = [];
  public bools = false;
  public nulls = false;
  private rank = -1;

  public constructor(private readonly info: DatatypeInfo, private readonly name: string) {}

  public walk(value: JsonValue, depth: number): void {
    if (isNumberArray(value)) {
      this.level(depth, value.shape[0]!);
      for (let i = 1; i < value.shape.length; i++) {
        this.level(depth + i, value.shape[i]!);
      }
      this.leaf(depth + value.shape.length);
      if (this.info.kind === 'bytes' && value.values.length > 0) {
        throw invalid(`input '${this.name}' is BYTES and takes strings, but holds numbers`);
      }
      this.bools ||= value.bools;
      this.nulls ||= value.nulls;
      for (const number of value.values) {
        this.values.push(number);
      }
    } else if (Array.isArray(value)) {
      this.level(depth, value.length);
      for (const item of value) {
        this.walk(item, depth + 1);
      }
    } else {
      this.leaf(depth);
      if (this.info.kind === 'bytes') {
        if (typeof value !== 'string') {
          throw invalid(`input '${this.name}' is BYTES and takes strings, but holds ${typeName(value)}`);
        }
        this.texts.push(ENCODER.encode(value));
      } else if (typeof value === 'number') {
        this.values.push(value);
      } else if (typeof value === 'boolean') {
        this.bools = true;
        this.values.push(value ? 1 : 0);
      } else if (value === null) {
        this.nulls = true;
        this.values.push(NaN);
      } else {
        throw invalid(`input '${this.name}' is ${this.info.datatype}, but holds ${typeName(value)}`);
      }
    }
  }

  private level(depth: number, length: number): void {
    if (this.rank !== -1 && depth >= this.rank) {
      throw this.ragged();
    }
    if (this.shape[depth] === undefined) {
      this.shape[depth] = length;
    } else if (this.shape[depth] !== length) {
      throw this.ragged();
    }
  }

  private leaf(depth: number): void {
    if (this.rank === -1) {
      this.rank = depth;
      if (this.shape.length > depth) {
        throw this.ragged();
      }
    } else if (this.rank !== depth) {
      throw this.ragged();
    }
  }

  private ragged(): Error {
    return invalid(`input '${this.name}' is ragged: nested arrays of one level differ in length or depth`);
  }
}

/** A JSON value as a tensor of the datatype; its shape is that of the nesting. */
export function tensorFromJson(info: DatatypeInfo, value: JsonValue, name: string): Tensor {
  if (isNumberArray(value) && !(info.kind === 'bytes' && value.values.length === 0)) {
    return { name, datatype: info.datatype, shape: value.shape, data: numbersAs(info, value, name) };
  }
  const leaves = new Leaves(info, name);
  leaves.walk(value, 0);
  if (info.kind === 'bytes') {
    return { name, datatype: 'BYTES', shape: leaves.shape, data: leaves.texts };
  }
  const array: NumberArray = {
    values: Float64Array.from(leaves.values),
    shape: leaves.shape,
    bools: leaves.bools,
    nulls: leaves.nulls,
    big: false,
    start: 0,
    end: 0,
    source: new Uint8Array(0),
  };
  if (info.kind === 'bigint' && leaves.values.some((number) => Math.abs(number) > Number.MAX_SAFE_INTEGER)) {
    throw invalid(`input '${name}': integers beyond 2^53 must stand in an array of numbers only`);
  }
  return { name, datatype: info.datatype, shape: leaves.shape, data: numbersAs(info, array, name) };
}
