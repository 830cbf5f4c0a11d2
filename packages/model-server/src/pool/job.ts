import { ServerError } from '../errors';
import { Frame, IndexedTensor } from '../frames/frame';
import { guarded } from '../guarded';
import { Tensor } from '../tensor/tensor';

/** What a job brings back. */
export interface JobResult {
  readonly tensors: readonly IndexedTensor[];
  readonly meta?: unknown;
  readonly bytes?: readonly Uint8Array[];
  /** Rows that shared the run. */
  readonly batch: number;
  /** Milliseconds in the queue and from dispatch to answer. */
  readonly queuedMs: number;
  readonly runMs: number;
}

export type JobDone = (error: ServerError | undefined, result: JobResult | undefined) => void;

/** One caller's wait for one run. */
export class Job {
  public readonly createdAt = performance.now();
  public dispatchedAt = 0;
  /** Runs tried so far that ended with the runner. */
  public attempts = 0;
  /** Must run alone: its batch failed or died. */
  public alone = false;
  /** Tells the runner that nobody waits any more. */
  public onAbandon: (() => void) | undefined;
  private done: JobDone | undefined;
  private timer: NodeJS.Timeout | undefined;

  public constructor(
    public readonly payload: JobPayload,
    done: JobDone,
    deadlineMs: number | undefined,
  ) {
    this.done = done;
    if (deadlineMs !== undefined) {
      this.timer = setTimeout(() => this.fail(new ServerError('deadline', 'the deadline of the request has passed')), deadlineMs);
    }
  }

  /** Whether nobody waits any more. */
  public get over(): boolean {
    return this.done === undefined;
  }

  public succeed(result: JobResult): void {
    this.settle(undefined, result);
  }

  public fail(error: ServerError): void {
    this.settle(error, undefined);
  }

  /** The caller has gone: nothing is called back. */
  public abandon(): void {
    if (this.done !== undefined) {
      this.close();
      this.onAbandon?.();
    }
  }

  private close(): void {
    this.done = undefined;
    clearTimeout(this.timer);
  }

  private settle(error: ServerError | undefined, result: JobResult | undefined): void {
    const { done } = this;
    if (done !== undefined) {
      this.close();
      if (error?.code === 'deadline') {
        this.onAbandon?.();
      }
      guarded(() => done(error, result));
    }
  }
}

/** What a job asks the runner. */
export interface JobPayload {
  readonly op: number;
  /** Inputs in declared order. */
  readonly inputs?: readonly (Tensor | undefined)[];
  /** Positions of the outputs wanted, all when undefined. */
  readonly outputs?: readonly number[];
  /** Rows of the request, or -1 where it cannot share a run. */
  readonly rows: number;
  /** Jobs of one key may share a run. */
  readonly key: string;
  readonly meta?: unknown;
  readonly bytes?: readonly Uint8Array[];
  /** Told each piece of a stream. */
  readonly onChunk?: (frame: Frame, next: () => void) => void;
}
