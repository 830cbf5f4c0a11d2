import { ChildProcess, execFileSync, fork } from 'node:child_process';
import { join } from 'node:path';
import { LoadJob, LoadMessage, LoadResult } from './job';

/** A process that makes load, apart from the one that measures. */
export class Generator {
  private readonly child: ChildProcess;

  public constructor() {
    this.child = fork(join(__dirname, 'worker.ts'), { serialization: 'advanced' });
  }

  /** Puts its own wait for a core out of what it measures, as that of a prober on another machine is. Needs root. */
  public first(): void {
    execFileSync('chrt', ['--fifo', '--pid', '1', String(this.child.pid)]);
  }

  public async run(job: LoadJob): Promise<LoadResult> {
    return (await this.start(job)).result;
  }

  /** Resolves when the connections are open: to hand a large request over keeps two cores busy for a while. */
  public async start(job: LoadJob): Promise<{ readonly result: Promise<LoadResult> }> {
    const opened = this.next();
    this.child.send(job);
    await opened;
    const result = this.next().then((message) => (message as { result: LoadResult }).result);
    // who started it asks for the result later
    result.catch(() => undefined);
    return { result };
  }

  public close(): void {
    this.child.disconnect();
  }

  /** What the process tells next, unless that is an error or its end. */
  private next(): Promise<LoadMessage> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        this.child.off('message', onMessage);
        reject(new Error(`the load generator ended with ${code}`));
      };
      const onMessage = (message: LoadMessage): void => {
        this.child.off('exit', onExit);
        if ('error' in message) {
          reject(new Error(message.error));
        } else {
          resolve(message);
        }
      };
      this.child.once('exit', onExit);
      this.child.once('message', onMessage);
    });
  }
}

/** The value below which a share of the values lies. */
export function quantile(values: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
