import { Engine, Policy } from './engine';
import { ModelMetadata } from '../model/metadata';
import { infoOf } from '../tensor/datatypes';
import { concatRows, rowsOf, sliceRows } from '../tensor/rows';
import { NumericData, Tensor } from '../tensor/tensor';

const MAX_RUNS = 20;
const MAX_MS = 2000;
/** A batch must cost a row at least this much less than a single run to be worth the wait. */
const WORTH = 0.85;
/** No batch may keep the runner longer than this, so that a row never waits long for strangers. */
const LONGEST_MS = 20;
const SIZES = [8, 32, 128];

/** Why rows of different requests cannot share a run; undefined where every input and output counts rows first. */
export function unbatchable({ inputs, outputs }: ModelMetadata): string | undefined {
  if (inputs.length === 0 || [...inputs, ...outputs].some(({ shape }) => shape[0] !== -1)) {
    return 'not every input and output has a free first axis';
  }
  return [...inputs, ...outputs].some(({ optional }) => optional === true) ? 'an input or output is optional' : undefined;
}

/** One made-up row for each input, or undefined where none can be made up; that of another seed, 0 or 1, differs in every element. */
function inventRow(metadata: ModelMetadata, seed: 0 | 1): Tensor[] | undefined {
  const tensors: Tensor[] = [];
  let state = seed + 1;
  for (const spec of metadata.inputs) {
    const info = infoOf(spec.datatype);
    if (info.kind === 'bytes' || info.kind === 'half') {
      return undefined;
    }
    const shape = spec.shape.map((size, i) => (size >= 0 ? size : i === 0 ? 1 : 8));
    const data = new info.array(shape.reduce((product, size) => product * size, 1)) as NumericData;
    if (info.kind === 'float') {
      for (let i = 0; i < data.length; i++) {
        state = (state * 1103515245 + 12345) % 2147483648;
        data[i] = state / 2147483648;
      }
    } else if (info.kind === 'bigint') {
      // as small as may be, here and below: it may be a place in a table
      (data as BigInt64Array).fill(BigInt(seed));
    } else {
      (data as Uint8Array).fill(seed);
    }
    tensors.push({ name: spec.name, datatype: spec.datatype, shape, data });
  }
  return tensors;
}

function close(a: Tensor, b: Tensor): boolean {
  if (a.data.length !== b.data.length || a.shape.length !== b.shape.length) {
    return false;
  }
  for (let i = 0; i < a.data.length; i++) {
    const x = a.data[i]!;
    const y = b.data[i]!;
    if (typeof x === 'number' && typeof y === 'number') {
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y)) && Math.abs(x - y) > 1e-4 * Math.max(1, Math.abs(x), Math.abs(y))) {
        return false;
      }
    } else if (typeof x === 'bigint' ? x !== y : Buffer.compare(x as Uint8Array, y as Uint8Array) !== 0) {
      return false;
    }
  }
  return true;
}

class Timer {
  public runs = 0;
  private readonly start = performance.now();

  public get left(): boolean {
    return this.runs < MAX_RUNS && performance.now() - this.start < MAX_MS;
  }

  /** Runs once and gives the milliseconds. */
  public async time(engine: Engine, inputs: readonly Tensor[]): Promise<number> {
    // the runner may serve others meanwhile
    await new Promise((resolve) => setImmediate(resolve));
    const start = performance.now();
    await engine.run(inputs, undefined);
    this.runs++;
    return performance.now() - start;
  }

  /** The fastest of a few runs: what disturbs a measurement only ever adds. */
  public async best(engine: Engine, inputs: readonly Tensor[], runs: number): Promise<number> {
    let best = await this.time(engine, inputs);
    for (let i = 1; i < runs && this.left; i++) {
      best = Math.min(best, await this.time(engine, inputs));
    }
    return best;
  }
}

/** The batches that are tried: that of model.json too, unless it is larger than all. */
function sizesUpTo(maxSize: number | undefined): readonly number[] {
  return maxSize === undefined || maxSize > SIZES.at(-1)! ? SIZES : [...SIZES.filter((size) => size < maxSize), maxSize];
}

/** Warms a model up and finds how large its batches may be. */
export async function measure(engine: Engine, batching: { readonly maxSize?: number; readonly enabled?: boolean } | undefined, samples: readonly (readonly Tensor[])[]): Promise<Policy> {
  const { metadata } = engine;
  const timer = new Timer();
  const rows = samples.length > 0 ? samples : [inventRow(metadata, 0), inventRow(metadata, 1)].filter((row) => row !== undefined);
  let singleMs: number;
  try {
    if (rows.length === 0) {
      return { maxBatch: 1, reason: 'unmeasured: no warm-up samples, and none can be made up for these inputs' };
    }
    await timer.time(engine, rows[0]!);
    singleMs = await timer.best(engine, rows[0]!, 4);
  } catch (error) {
    if (samples.length > 0) {
      throw new Error(`warm-up sample fails: ${(error as Error).message}`, { cause: error });
    }
    return { maxBatch: 1, reason: `unmeasured: the model refuses made-up inputs (${(error as Error).message.slice(0, 200)})` };
  }
  const obstacle = unbatchable(metadata);
  if (obstacle !== undefined) {
    return { maxBatch: 1, singleMs, reason: obstacle };
  }
  if (batching?.enabled === false || batching?.maxSize === 1) {
    return { maxBatch: 1, singleMs, reason: 'batching is off in model.json' };
  }
  // equal rows answer alike even where a model mixes them up
  if (rows.some((row) => rowsOf(row) !== 1) || rows.length < 2 || rows[0]!.every((input, i) => close(input, rows[1]![i]!))) {
    return { maxBatch: batching?.maxSize ?? 1, singleMs, reason: batching?.maxSize === undefined ? 'unmeasured: warm-up needs two different samples of one row each' : 'as model.json says' };
  }
  try {
    const pair = await engine.run(concatRows(rows.slice(0, 2)), undefined);
    const alone = [await engine.run(rows[0]!, undefined), await engine.run(rows[1]!, undefined)];
    timer.runs += 3;
    for (let row = 0; row < 2; row++) {
      if (pair.some((output) => output.shape[0] !== 2) || !sliceRows(pair, row, 1).every((output, i) => close(output, alone[row]![i]!))) {
        return { maxBatch: 1, singleMs, reason: 'a row answers differently in a batch' };
      }
    }
    let maxBatch = 1;
    let batchMs = singleMs;
    for (const size of sizesUpTo(batching?.maxSize)) {
      if (!timer.left) {
        break;
      }
      const ms = await timer.best(engine, concatRows(Array.from({ length: size }, (_, i) => rows[i % 2]!)), 3);
      if (ms / size > singleMs * WORTH || ms > LONGEST_MS) {
        break;
      }
      maxBatch = size;
      batchMs = ms;
    }
    return { maxBatch: batching?.maxSize ?? maxBatch, singleMs, measured: { rows: maxBatch, ms: batchMs }, reason: batching?.maxSize === undefined ? 'measured' : 'as model.json says' };
  } catch (error) {
    return { maxBatch: 1, singleMs, reason: `a batch of two fails (${(error as Error).message.slice(0, 200)})` };
  }
}
