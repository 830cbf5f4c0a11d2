import { LONGEST_WHOLE } from './bodies';
import { ServedModel } from '../registry/served';

type Wire = 'v1' | 'v2' | 'grpc';

/** Bytes of a number in JSON, about. */
const NUMBER = 16;

/** Bytes of a reply for one row, as the last one was. */
const ROW_BYTES: { readonly [W in Wire]: WeakMap<ServedModel, number> } = { v1: new WeakMap(), v2: new WeakMap(), grpc: new WeakMap() };

/** Bytes of a reply for one row, as far as the outputs are declared. */
function declaredBytes({ metadata }: ServedModel): number {
  return NUMBER * metadata.outputs.reduce((sum, { shape }) => sum + Math.abs(shape.slice(1).reduce((product, size) => product * size, 1)), 0);
}

/** Whether a reply is likely to be so large that its writing would hold up the front: the runner is to write it. Answers that are kept are written here. */
export function repliesAtLength(model: ServedModel, wire: Wire, rows: number): boolean {
  const bytes = rows * (ROW_BYTES[wire].get(model) ?? declaredBytes(model));
  return bytes > LONGEST_WHOLE && model.cache === undefined && !model.executor.inline;
}

/** Remembers how long a reply was. */
export function sawReply(model: ServedModel, wire: Wire, rows: number, bytes: number): void {
  ROW_BYTES[wire].set(model, bytes / Math.max(rows, 1));
}
