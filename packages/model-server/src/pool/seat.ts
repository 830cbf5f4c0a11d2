import { Job } from './job';
import { PoolModel } from './options';
import { RunnerProcess } from './runner-process';

const CRASH_WINDOW_MS = 60_000;
const CRASH_LIMIT = 5;

/** One run under way. */
export interface Flight {
  readonly runner: RunnerProcess;
  readonly model: PoolModel;
  readonly jobs: readonly Job[];
  readonly rows: number;
  readonly sentAt: number;
  /** When it came to the head of its runner. */
  startedAt: number;
}

/** A place for one runner, which outlives the processes in it. */
export class Seat {
  public process: RunnerProcess | undefined;
  /** Its process holds all models that it could open, and takes runs. */
  public ready = false;
  /** Slots that its process holds. */
  public readonly held = new Set<number>();
  /** Slots that its process could not open again, and why. */
  public readonly refused = new Map<number, string>();
  /** The attempt under way to give it a process with all models. */
  public rising: Promise<void> | undefined;
  public readonly flights = new Set<Flight>();
  /** Models that it is opening, which keeps it from answering. */
  public loading = 0;
  /** Ends after its flights because it outgrew its memory. */
  public retiring = false;
  private crashes: number[] = [];

  /** Crashes within the last minute. */
  public get recentCrashes(): number {
    const since = performance.now() - CRASH_WINDOW_MS;
    this.crashes = this.crashes.filter((at) => at > since);
    return this.crashes.length;
  }

  /** Milliseconds to wait before the next process. */
  public get backOffMs(): number {
    const crashes = this.recentCrashes;
    return crashes <= 1 ? 0 : Math.min(100 * 2 ** crashes, 10_000);
  }

  /** Whether it works, or can be expected to work in a moment. */
  public get healthy(): boolean {
    return this.ready || this.recentCrashes < CRASH_LIMIT;
  }

  /** Whether it may be given runs. */
  public get open(): boolean {
    return this.ready && !this.retiring;
  }

  /** Lets go of its process. */
  public vacate(): void {
    this.process = undefined;
    this.ready = false;
    this.retiring = false;
    this.held.clear();
    this.refused.clear();
  }

  /** Its process has ended unasked, or could not be started. */
  public crashed(): void {
    this.vacate();
    this.crashes.push(performance.now());
  }
}
