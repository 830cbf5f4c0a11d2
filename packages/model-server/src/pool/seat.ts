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
  /** Milliseconds that it has kept its runner, without its present piece. */
  ranMs: number;
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
  /** When it began to open models; Infinity where it opens none. */
  public loadingSince = Infinity;
  /** Since when it waits for its flights to end because it outgrew its memory. */
  public retiringSince: number | undefined;
  /** When its process last told something of a run. */
  public heardAt = 0;
  private crashes: number[] = [];

  /**
   * Since when a flight has kept the process, as far as is known here; undefined while it waits.
   * User code that has not begun, as far as the process tells, waits behind other user code or keeps
   * the process from telling: the silence counts. Nothing healthy waits long in silence, as answers leave between those that begin.
   */
  public busySince({ model, askedAt, startedAt }: Flight): number | undefined {
    return startedAt !== 0 ? startedAt : model.pure ? undefined : Math.max(askedAt, this.heardAt);
  }

  /** Milliseconds that a flight has kept the process. */
  public ran(flight: Flight, now: number): number {
    // where a reader has not taken a piece yet, the process is not kept
    return flight.ranMs + Math.max(now - (this.busySince(flight) ?? flight.askedAt), 0);
  }

  /** The process comes to the first of its flights, unless it opens models before. */
  public begin(now: number): void {
    for (const first of this.flights) {
      if (first.model.pure && first.startedAt === 0 && first.askedAt < this.loadingSince) {
        first.startedAt = now;
      }
      break;
    }
  }

  /** Whether it has waited for its flights as long as one of them may take. */
  public overdue(now: number): boolean {
    return this.retiringSince !== undefined && this.flights.size > 0 && [...this.flights].every(({ model }) => now - this.retiringSince! >= model.runSeconds * 1000);
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
    return this.ready && this.retiringSince === undefined;
  }

  /** Lets go of its process. */
  public vacate(): void {
    this.process = undefined;
    this.ready = false;
    this.retiringSince = undefined;
    this.held.clear();
    this.refused.clear();
  }

  /** Its process has ended unasked, or could not be started. */
  public crashed(): void {
    this.vacate();
    this.crashes.push(performance.now());
  }
}
