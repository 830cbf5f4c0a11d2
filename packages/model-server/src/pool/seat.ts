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
  /** When it was sent, or its next piece was asked for. */
  askedAt: number;
  /** When a pure one came to the head of its runner, or user code began as its runner told; 0 before that, Infinity until the reader of a stream has taken its piece. */
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
  /** When its process last told something of a run. */
  public heardAt = 0;
  private crashes: number[] = [];

  /**
   * Since when a flight has kept the process, as far as is known here; undefined while it waits.
   * User code that has not begun, as far as the process tells, waits behind other user code or keeps
   * the process from telling: the silence counts. Nothing healthy waits long in silence, as one begins in a turn.
   */
  public busySince({ model, askedAt, startedAt }: Flight): number | undefined {
    return startedAt !== 0 ? startedAt : model.pure ? undefined : Math.max(askedAt, this.heardAt);
  }

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
