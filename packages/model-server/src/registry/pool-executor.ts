import { Executor } from './served';
import { Job } from '../pool/job';
import { PoolModel } from '../pool/options';
import { RunnerPool } from '../pool/pool';
import { JobQueue } from '../pool/queue';

/** Runs jobs in a pool of runner processes. */
export class PoolExecutor implements Executor {
  public readonly inline = false;

  /** `owned` pools serve this model only and end with it. */
  public constructor(
    private readonly pool: RunnerPool,
    private readonly model: PoolModel,
    private readonly owned: boolean,
    private readonly onStopped: (pool: RunnerPool) => void,
  ) {}

  public get unready(): string | undefined {
    return this.pool.unready(this.model);
  }

  public get queue(): JobQueue {
    return this.model.queue;
  }

  public submit(job: Job): void {
    this.pool.submit(this.model, job);
  }

  public async close(): Promise<void> {
    if (this.owned) {
      // a runner that stops releases what it holds
      await this.pool.drain(this.model);
      await this.pool.stop();
      this.onStopped(this.pool);
    } else {
      await this.pool.remove(this.model);
    }
  }
}
