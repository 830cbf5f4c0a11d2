import { Job } from './job';
import { PoolModel, RestartReason } from './options';
import { RunnerProcess } from './runner-process';

const CRASH_WINDOW_MS = 60_000;
const CRASH_LIMIT = 5;

/** One run under way. */
export interface Flight {
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
  public ready = false;
  public readonly flights = new Set<Flight>();
  /** Models that it is opening, which keeps it from answering. */
  public loading = 0;
  /** Ends after its flights because it outgrew its memory. */
  public retiring = false;
  /** Why it was made to end. */
  public ending: RestartReason | undefined;
  private crashes: number[] = [];

  /** Crashes within the last minute. */
  public get recentCrashes(): number {
    const since = performance.now() - CRASH_WINDOW_MS;
    this.crashes = this.crashes.filter((at) => at > since);
    return this.crashes.length;
  }

  /** Whether it works, or can be expected to work in a moment. */
  public get healthy(): boolean {
    return this.ready || this.recentCrashes < CRASH_LIMIT;
  }

  /** Whether it may be given runs. */
  public get open(): boolean {
    return this.ready && !this.retiring;
  }

  /** Its process has ended unasked. */
  public crashed(): void {
    this.process = undefined;
    this.ready = false;
    this.retiring = false;
    this.crashes.push(performance.now());
  }
}
