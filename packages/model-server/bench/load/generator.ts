import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { LoadJob, LoadResult } from './job';

/** A process that makes load, apart from the one that measures. */
export class Generator {
  private readonly child: ChildProcess;

  public constructor() {
    this.child = fork(join(__dirname, 'worker.ts'), { serialization: 'advanced' });
  }

  public run(job: LoadJob): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the load generator ended with ${code}`));
      this.child.once('exit', onExit);
      this.child.once('message', ({ result, error }: { result?: LoadResult; error?: string }) => {
        this.child.off('exit', onExit);
        if (result === undefined) {
          reject(new Error(error));
        } else {
          resolve(result);
        }
      });
      this.child.send(job);
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
