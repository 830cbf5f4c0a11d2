import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { LoadJob, LoadMessage, LoadResult } from './job';

/** A process that makes load, apart from the one that measures. */
export class Generator {
  private readonly child: ChildProcess;

  public constructor() {
    this.child = fork(join(__dirname, 'worker.ts'), { serialization: 'advanced' });
  }

  public async run(job: LoadJob): Promise<LoadResult> {
    return (await this.start(job)).result;
  }

  /** Resolves when the connections are open: to hand a large request over keeps two cores busy for a while. */
  public start(job: LoadJob): Promise<{ readonly result: Promise<LoadResult> }> {
    return new Promise((started, failed) => {
      const result = new Promise<LoadResult>((resolve, reject) => {
        const onExit = (code: number | null): void => end(() => reject(new Error(`the load generator ended with ${code}`)));
        const onMessage = (message: LoadMessage): void => {
          if ('opened' in message) {
            started({ result });
          } else if ('result' in message) {
            end(() => resolve(message.result));
          } else {
            end(() => reject(new Error(message.error)));
          }
        };
        const end = (settle: () => void): void => {
          this.child.off('exit', onExit);
          this.child.off('message', onMessage);
          settle();
        };
        this.child.on('exit', onExit);
        this.child.on('message', onMessage);
        this.child.send(job);
      });
      result.catch(failed);
    });
  }

  public close(): void {
    this.child.disconnect();
  }
}

/** The value below which a share of the values lies. */
export function quantile(values: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
