import { invalid } from '../errors';
import { DATATYPES, DatatypeInfo, infoOf } from './datatypes';
import { Datatype, NumericData, Tensor } from './tensor';

/** Which datatypes another holds exactly, value by value. */
export const WIDENINGS: { readonly [to in Datatype]?: readonly Datatype[] } = {
  INT16: ['INT8', 'UINT8'],
  INT32: ['INT8', 'UINT8', 'INT16', 'UINT16'],
  INT64: ['INT8', 'UINT8', 'INT16', 'UINT16', 'INT32', 'UINT32'],
  UINT16: ['UINT8'],
  UINT32: ['UINT8', 'UINT16'],
  UINT64: ['UINT8', 'UINT16', 'UINT32'],
  FP32: ['INT8', 'UINT8', 'INT16', 'UINT16'],
  FP64: ['INT8', 'UINT8', 'INT16', 'UINT16', 'INT32', 'UINT32', 'FP32'],
};

/** Every datatype of numbers that arithmetic can take as it is. */
export const NUMBERS: readonly Datatype[] = DATATYPES.filter(({ kind }) => kind !== 'bytes' && kind !== 'half').map(({ datatype }) => datatype);

function numbersOf(from: DatatypeInfo, to: DatatypeInfo, data: NumericData, name: string): NumericData {
  if (to.kind === 'bigint') {
    return (to.array as unknown as BigInt64ArrayConstructor).from(data as Float64Array as unknown as ArrayLike<bigint>, BigInt);
  }
  if (from.kind === 'bigint') {
    return (to.array as unknown as Float64ArrayConstructor).from(data as BigInt64Array as unknown as ArrayLike<number>, (value) => {
      const number = Number(value);
      if (!Number.isSafeInteger(number)) {
        throw invalid(`input '${name}' holds ${String(value)}, which ${to.datatype} cannot hold exactly`);
      }
      return number;
    });
  }
  const numbers = new (to.array as unknown as new (values: NumericData) => NumericData)(data);
  if (from.datatype === 'FP64' && to.datatype === 'FP32') {
    for (let i = 0; i < numbers.length; i++) {
      if (Math.abs(numbers[i] as number) === Infinity && Math.abs(data[i] as number) !== Infinity) {
        throw invalid(`input '${name}': the number at position ${i} exceeds the range of FP32`);
      }
    }
  }
  return numbers;
}

/** A tensor of numbers in another datatype. */
export function convert(tensor: Tensor, to: Datatype): Tensor {
  return { ...tensor, datatype: to, data: numbersOf(infoOf(tensor.datatype), infoOf(to), tensor.data as NumericData, tensor.name) };
}

/** Refuses a declaration that would take what it cannot hold. */
export function checkAccepts(datatype: Datatype, accepts: readonly Datatype[] | undefined, where: string): void {
  const known = WIDENINGS[datatype] ?? [];
  const wrong = accepts?.find((entry) => !known.includes(entry));
  if (wrong !== undefined) {
    throw new Error(`${where} has ${wrong}, which ${datatype} cannot hold exactly; it may have ${known.join(', ') || 'none'}`);
  }
}
