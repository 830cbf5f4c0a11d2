import { ServerError } from '../errors';
import { Job } from './job';

export interface QueueLimits {
  /** Most jobs that may wait. */
  readonly maxWaiting: number;
  /** Most rows in one run. */
  maxBatch: number;
}

/** The jobs of one model version that wait for a runner. */
export class JobQueue {
  private jobs: Job[] = [];
  private head = 0;
  /** Callers that wait for the run of another's job. */
  public joined = 0;

  public constructor(private readonly model: string, public readonly limits: QueueLimits) {}

  public get waiting(): number {
    return this.jobs.length - this.head;
  }

  /** Why one more may not wait; undefined where there is room. */
  public get full(): ServerError | undefined {
    if (this.waiting + this.joined < this.limits.maxWaiting) {
      return undefined;
    }
    this.dropOver();
    const callers = this.waiting + this.joined;
    return callers < this.limits.maxWaiting ? undefined : new ServerError('exhausted', `the queue of model '${this.model}' is full: ${callers} requests wait`, { retryAfterSeconds: 1 });
  }

  /** Adds a job, or refuses it when too many wait. */
  public push(job: Job): void {
    const { full } = this;
    if (full === undefined) {
      this.jobs.push(job);
    } else {
      job.fail(full);
    }
  }

  /** Puts jobs that ran in vain back to the front. */
  public unshift(jobs: readonly Job[]): void {
    this.jobs = [...jobs, ...this.jobs.slice(this.head)];
    this.head = 0;
  }

  /** Takes the next jobs that may share a run, skipping those nobody waits for. */
  public take(): Job[] {
    const batch: Job[] = [];
    let rows = 0;
    while (this.head < this.jobs.length) {
      const job = this.jobs[this.head]!;
      if (job.over) {
        this.head++;
        continue;
      }
      const { payload } = job;
      if (batch.length > 0) {
        const first = batch[0]!;
        if (first.alone || job.alone || payload.rows < 0 || first.payload.rows < 0 || payload.key !== first.payload.key || rows + payload.rows > this.limits.maxBatch) {
          break;
        }
      }
      batch.push(job);
      rows += payload.rows;
      this.head++;
    }
    if (this.head === this.jobs.length) {
      this.jobs = [];
      this.head = 0;
    } else if (this.head > 1024) {
      this.jobs = this.jobs.slice(this.head);
      this.head = 0;
    }
    return batch;
  }

  /** Fails everything that waits. */
  public failAll(error: ServerError): void {
    const jobs = this.jobs.slice(this.head);
    this.jobs = [];
    this.head = 0;
    for (const job of jobs) {
      job.fail(error);
    }
  }

  private dropOver(): void {
    this.jobs = this.jobs.slice(this.head).filter((job) => !job.over);
    this.head = 0;
  }
}
