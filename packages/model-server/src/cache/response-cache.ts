import { createHash } from 'node:crypto';
import { ServerError } from '../errors';
import { IndexedTensor } from '../frames/frame';
import { guarded } from '../guarded';
import { JobResult } from '../pool/job';
import { Bound } from '../protocol/raw';
import { bytesOf, infoOf, packBytes, packedLength } from '../tensor/datatypes';
import { NumericData } from '../tensor/tensor';

type Waiter = (error: ServerError | undefined, tensors: readonly IndexedTensor[] | undefined, result?: JobResult) => void;

interface Entry {
  readonly tensors: readonly IndexedTensor[];
  readonly bytes: number;
}

const OVERHEAD = 200;

function sizeOf(tensors: readonly IndexedTensor[]): number {
  let size = OVERHEAD;
  for (const { data, datatype } of tensors) {
    size += OVERHEAD + (datatype === 'BYTES' ? packedLength(data as Uint8Array[]) : (data as NumericData).byteLength);
  }
  return size;
}

/** A view keeps its whole buffer alive; what is kept must own its bytes. */
function owned(tensors: readonly IndexedTensor[]): IndexedTensor[] {
  return tensors.map((tensor) => ({
    ...tensor,
    data: tensor.datatype === 'BYTES' ? (tensor.data as Uint8Array[]).map((element) => element.slice()) : (tensor.data as Float32Array).slice(),
  }));
}

/** Answers of a deterministic model, the least recently used given up first. */
export class ResponseCache {
  private readonly entries = new Map<string, Entry>();
  private readonly flights = new Map<string, Set<Waiter>>();
  public bytes = 0;

  public constructor(private readonly maxBytes: number) {}

  /** Key of a request: everything the answer depends on. */
  public static keyOf(bound: Bound): string {
    const hash = createHash('sha256');
    hash.update(`${bound.outputs?.join(',') ?? ''};${JSON.stringify(bound.call.parameters ?? {}, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}`);
    for (const input of bound.inputs) {
      if (input === undefined) {
        hash.update('-');
        continue;
      }
      hash.update(`;${input.datatype}[${input.shape.join(',')}]`);
      if (infoOf(input.datatype).kind === 'bytes') {
        const elements = input.data as Uint8Array[];
        const packed = new Uint8Array(packedLength(elements));
        packBytes(elements, packed, 0);
        hash.update(packed);
      } else {
        hash.update(bytesOf(input.data as NumericData));
      }
    }
    return hash.digest('base64');
  }

  public get(key: string): readonly IndexedTensor[] | undefined {
    const entry = this.entries.get(key);
    if (entry !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, entry);
    }
    return entry?.tensors;
  }

  /** Those who wait for a run of the same request that is under way; undefined when there is none, and then this is it. */
  public join(key: string): Set<Waiter> | undefined {
    const waiters = this.flights.get(key);
    if (waiters === undefined) {
      this.flights.set(key, new Set());
    }
    return waiters;
  }

  /** Keeps a result and tells those who waited for it. */
  public settle(key: string, error: ServerError | undefined, tensors: readonly IndexedTensor[] | undefined): void {
    const waiters = this.flights.get(key) ?? new Set();
    this.flights.delete(key);
    if (tensors !== undefined) {
      this.put(key, owned(tensors));
    }
    for (const waiter of waiters) {
      guarded(() => waiter(error, tensors));
    }
  }

  private put(key: string, tensors: readonly IndexedTensor[]): void {
    const bytes = sizeOf(tensors);
    if (bytes > this.maxBytes) {
      return;
    }
    this.entries.set(key, { tensors, bytes });
    this.bytes += bytes;
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= this.maxBytes) {
        break;
      }
      this.entries.delete(oldest);
      this.bytes -= entry.bytes;
    }
  }
}
