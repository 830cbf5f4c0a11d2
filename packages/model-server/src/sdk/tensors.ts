import { invalid } from '../errors';
import { isKind, KIND } from './brand';
import { toText } from '../json/write';
import { infoOf, isNumericData, MAX_ELEMENTS } from '../tensor/datatypes';
import { Datatype, NumericData, Tensor } from '../tensor/tensor';

/** The array that holds the elements of a datatype. */
export type DataOf<D extends Datatype> =
  D extends 'FP32' ? Float32Array : D extends 'FP64' ? Float64Array
    : D extends 'INT64' ? BigInt64Array : D extends 'UINT64' ? BigUint64Array
      : D extends 'INT32' ? Int32Array : D extends 'UINT32' ? Uint32Array
        : D extends 'INT16' ? Int16Array : D extends 'UINT16' | 'FP16' ? Uint16Array
          : D extends 'INT8' ? Int8Array : D extends 'UINT8' | 'BOOL' ? Uint8Array : Uint8Array[];

/** Nested arrays of numbers, booleans or strings. */
export type Nested = number | bigint | boolean | string | null | readonly Nested[];

/** Nested values as flat ones and the shape of the nesting. */
export function flatten(value: Nested, name: string): { shape: number[]; values: (number | bigint | boolean | string | null)[] } {
  const shape: number[] = [];
  const values: (number | bigint | boolean | string | null)[] = [];
  const walk = (entry: Nested, depth: number): void => {
    if (Array.isArray(entry)) {
      if (shape[depth] === undefined && values.length === 0) {
        shape[depth] = entry.length;
      } else if (shape[depth] !== entry.length) {
        throw invalid(`'${name}' is ragged: nested arrays of one level differ in length or depth`);
      }
      for (const item of entry as readonly Nested[]) {
        walk(item, depth + 1);
      }
    } else {
      if (depth !== shape.length) {
        throw invalid(`'${name}' is ragged: nested arrays of one level differ in length or depth`);
      }
      values.push(entry as number);
    }
  };
  walk(value, 0);
  return { shape, values };
}

const ENCODER = new TextEncoder();

/** Elements in the array of their datatype; a value that does not fit is an error. */
function elementsAs(datatype: Datatype, values: readonly unknown[], name: string): NumericData | Uint8Array[] {
  const info = infoOf(datatype);
  const wrong = (value: unknown): Error => invalid(`'${name}' is ${datatype}, but holds ${typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value).slice(0, 80)}`}`);
  if (info.kind === 'bytes') {
    return values.map((value) => {
      if (typeof value === 'string') {
        return ENCODER.encode(value);
      }
      if (isNumericData(value)) {
        return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      }
      throw wrong(value);
    });
  }
  const data = new info.array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    switch (info.kind) {
      case 'bigint': {
        if (typeof value !== 'bigint' && !Number.isInteger(value)) {
          throw wrong(value);
        }
        const whole = BigInt(value as number);
        (data as BigInt64Array)[i] = whole;
        // what does not fit has lost its upper bits
        if (data[i] !== whole) {
          throw wrong(value);
        }
        break;
      }
      case 'bool':
        if (value !== true && value !== false && value !== 0 && value !== 1) {
          throw wrong(value);
        }
        data[i] = Number(value);
        break;
      case 'float':
        if (typeof value !== 'number' && value !== null) {
          throw wrong(value);
        }
        data[i] = value === null ? NaN : value;
        break;
      default:
        if (typeof value !== 'number' || !Number.isInteger(value) || value < info.min || (info.kind === 'integer' && value > info.max)) {
          throw wrong(value);
        }
        data[i] = value;
    }
  }
  return data;
}

/** A named tensor with helpers to read it. */
export class InferTensor<D extends Datatype = Datatype> implements Tensor {
  /** @internal */
  public readonly [KIND] = 'InferTensor';

  /** True for those of another copy of this package too. */
  public static [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, 'InferTensor');
  }

  public readonly data: DataOf<D> & (NumericData | Uint8Array[]);

  /** `data` is the datatype's own array, or flat or nested values. */
  public constructor(
    public readonly name: string,
    public readonly datatype: D,
    public readonly shape: readonly number[],
    data: DataOf<D> | NumericData | Uint8Array[] | readonly Nested[],
    public readonly parameters?: { readonly [key: string]: boolean | number | string },
  ) {
    const info = infoOf(datatype);
    const own = isNumericData(data) ? (data as object as { [Symbol.toStringTag]: string })[Symbol.toStringTag] === info.array.name && info.kind !== 'bytes' : false;
    this.data = (own ? data : elementsAs(datatype, isNumericData(data) ? Array.from(data as Float32Array) : flatten(data as readonly Nested[], name).values, name)) as typeof this.data;
    const noBool = own && info.kind === 'bool' ? (data as Uint8Array).find((value) => value > 1) : undefined;
    if (noBool !== undefined) {
      throw invalid(`'${name}' is BOOL, but holds the number ${noBool}`);
    }
    const wrong = shape.find((size) => !Number.isInteger(size) || size < 0 || size > MAX_ELEMENTS);
    if (wrong !== undefined) {
      throw invalid(`'${name}': the shape [${shape.join(',')}] has the size ${wrong}, which is no integer from 0 to ${MAX_ELEMENTS}`);
    }
    const count = shape.reduce((product, size) => product * size, 1);
    if (this.data.length !== count) {
      throw invalid(`'${name}': the shape [${shape.join(',')}] needs ${count} elements, ${this.data.length} are given`);
    }
  }

  /** A tensor whose shape is that of the nested values. */
  public static of<D extends Datatype>(name: string, datatype: D, values: readonly Nested[]): InferTensor<D> {
    const { shape, values: flat } = flatten(values, name);
    return new InferTensor(name, datatype, shape, flat);
  }

  /** BYTES elements as text. */
  public strings(): string[] {
    if (this.datatype !== 'BYTES') {
      throw invalid(`'${this.name}' is ${this.datatype} and holds no strings`);
    }
    return (this.data as Uint8Array[]).map((element) => toText(element, this.name));
  }

  /** The elements as nested arrays; BYTES as text, 64-bit integers as bigints. */
  public nested(): Nested {
    const values: readonly Nested[] = this.datatype === 'BYTES' ? this.strings() : this.datatype === 'BOOL' ? Array.from(this.data as Uint8Array, (value) => value !== 0) : Array.from(this.data as Float32Array);
    const build = (axis: number, from: number, to: number): Nested => {
      if (axis === this.shape.length) {
        return values[from]!;
      }
      const size = this.shape[axis]!;
      const step = size === 0 ? 0 : (to - from) / size;
      return Array.from({ length: size }, (_, i) => build(axis + 1, from + i * step, from + (i + 1) * step));
    };
    return build(0, 0, values.length);
  }
}
