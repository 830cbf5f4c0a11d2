import { Engine } from '../engine/engine';
import { judge } from '../engine/judge';
import { ServerError, toServerError, unavailable } from '../errors';
import { Executor } from './served';
import { IndexedTensor } from '../frames/frame';
import { Job, JobResult } from '../pool/job';
import { JobQueue } from '../pool/queue';
import { concatRows, sliceRows } from '../tensor/rows';

/** Runs begin for so long before the event loop turns again: each turn costs system calls, but other requests wait for it. */
const TURN_MS = 1;

/** Runs jobs in the front process itself: no isolation, no watchdog, no memory limit. */
export class InlineExecutor implements Executor {
  public readonly unready = undefined;
  public readonly inline = true;
  private scheduled = false;
  /** The latest work, done or under way. */
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  public constructor(private readonly engine: Engine, public readonly queue: JobQueue, private readonly onRun: (rows: number, ms: number) => void) {}

  public submit(job: Job): void {
    if (this.closed) {
      job.fail(unavailable('the model has been unloaded'));
      return;
    }
    this.queue.push(job);
    this.schedule();
  }

  /** Lets queued and running work end, then releases the model. */
  public async close(): Promise<void> {
    this.closed = true;
    while (this.scheduled) {
      await this.working;
    }
    await this.engine.release();
  }

  /** Requests read in one turn of the event loop share their runs. */
  private schedule(): void {
    if (!this.scheduled) {
      this.scheduled = true;
      this.working = new Promise((resolve) => setImmediate(() => resolve(this.work())));
    }
  }

  private async work(): Promise<void> {
    const until = performance.now() + TURN_MS;
    const done: [Job, JobResult][] = [];
    do {
      const jobs = this.queue.take();
      if (jobs.length > 0) {
        await this.runBatch(jobs, done);
      }
    } while (this.queue.waiting > 0 && performance.now() < until);
    // together: one reply after each run would wake its client each time and cost the next run its caches, a tenth of short runs
    for (const [job, result] of done) {
      job.succeed(result);
    }
    this.scheduled = false;
    if (this.queue.waiting > 0) {
      this.schedule();
    }
  }

  private async runBatch(jobs: readonly Job[], done: [Job, JobResult][]): Promise<void> {
    const start = performance.now();
    const rows = jobs.reduce((sum, job) => sum + Math.max(job.payload.rows, 1), 0);
    for (const job of jobs) {
      job.dispatchedAt = start;
    }
    try {
      const inputs = jobs.length === 1 ? jobs[0]!.payload.inputs! : concatRows(jobs.map((job) => job.payload.inputs! as IndexedTensor[]));
      const tensors = await judge(() => this.engine.run(inputs, jobs[0]!.payload.outputs));
      const now = performance.now();
      this.onRun(rows, now - start);
      if (jobs.length > 1 && tensors.some((tensor) => tensor.shape[0] !== rows)) {
        this.queue.limits.maxBatch = 1;
        throw new ServerError('internal', 'the model does not answer row by row');
      }
      let at = 0;
      for (const job of jobs) {
        const part = jobs.length === 1 ? tensors : sliceRows(tensors, at, job.payload.rows);
        at += job.payload.rows;
        done.push([job, { tensors: part, batch: rows, queuedMs: start - job.createdAt, runMs: now - start }]);
      }
    } catch (error) {
      if (jobs.length === 1) {
        jobs[0]!.fail(toServerError(error));
        return;
      }
      for (const job of jobs) {
        await this.runBatch([job], done);
      }
    }
  }
}
