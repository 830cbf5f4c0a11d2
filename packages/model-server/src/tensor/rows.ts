import { infoOf } from './datatypes';
import { NumericData, Tensor } from './tensor';

/** The number of rows that all tensors share on their first axis, or -1. */
export function rowsOf(tensors: readonly (Tensor | undefined)[]): number {
  let rows = -1;
  for (const tensor of tensors) {
    const count = tensor?.shape[0];
    if (count === undefined || (rows !== -1 && rows !== count)) {
      return -1;
    }
    rows = count;
  }
  return rows;
}

/** The rows a request asks for, as its first input tells; one where that has none. */
export const leadingRows = ([first]: readonly (Tensor | undefined)[]): number => first?.shape[0] ?? 1;

/** Joins requests along the first axis; the lists hold the same inputs in the same order. */
export function concatRows<T extends Tensor>(lists: readonly (readonly T[])[]): T[] {
  const first = lists[0]!;
  if (lists.length === 1) {
    return [...first];
  }
  return first.map((tensor, i) => {
    let rows = 0;
    let length = 0;
    for (const list of lists) {
      rows += list[i]!.shape[0]!;
      length += list[i]!.data.length;
    }
    const shape = tensor.shape.slice();
    shape[0] = rows;
    if (tensor.datatype === 'BYTES') {
      return { ...tensor, shape, data: lists.flatMap((list) => list[i]!.data as Uint8Array[]) };
    }
    const data = new (infoOf(tensor.datatype).array)(length);
    let at = 0;
    for (const list of lists) {
      const part = list[i]!.data as Float32Array;
      (data as Float32Array).set(part, at);
      at += part.length;
    }
    return { ...tensor, shape, data };
  });
}

/** The rows from `start` on of each tensor, as views. */
export function sliceRows<T extends Tensor>(tensors: readonly T[], start: number, rows: number): T[] {
  return tensors.map((tensor) => {
    const total = tensor.shape[0]!;
    const step = total === 0 ? 0 : tensor.data.length / total;
    const shape = tensor.shape.slice();
    shape[0] = rows;
    const data = tensor.datatype === 'BYTES'
      ? (tensor.data as Uint8Array[]).slice(start * step, (start + rows) * step)
      : (tensor.data as NumericData as Float32Array).subarray(start * step, (start + rows) * step);
    return { ...tensor, shape, data };
  });
}
