import { Loaded, LoadSpec } from '../engine/engine';
import { shuttingDown, unavailable } from '../errors';
import { pssOf } from '../pss';
import { PoolOptions, RestartReason } from './options';
import { RunnerProcess } from './runner-process';
import { Seat } from './seat';
import { NameOf, Op } from '../frames/frame';

const STOP_MS = 5000;
const WEIGH_EVERY_MS = 5000;
/** Until a model that could not be opened again is tried once more. */
const RETRY_MS = 10_000;
const MIB = 1024 * 1024;

/** What a crew tells the pool that gives it work. */
export interface CrewOwner {
  readonly nameOf: NameOf;
  /** A runner may have become free. */
  onRoom(): void;
  /** No runner works, nor can be expected to in a moment. */
  onDown(reason: string): void;
}

/** Keeps a runner with all models in each seat. */
export class Crew {
  public readonly seats: readonly Seat[];
  /** What every runner holds; one that starts again gets it too. */
  private readonly specs = new Map<number, LoadSpec>();
  private stopped = false;
  private lastEnd = '';
  private readonly memoryTimer: NodeJS.Timeout | undefined;

  public constructor(private readonly options: PoolOptions, private readonly owner: CrewOwner) {
    this.seats = Array.from({ length: options.size }, () => new Seat());
    const { memoryMiB } = options;
    if (memoryMiB !== undefined) {
      this.memoryTimer = setInterval(() => void this.weigh(memoryMiB), WEIGH_EVERY_MS);
      this.memoryTimer.unref();
    }
  }

  /** Whether work can be done now or in a moment. */
  public get healthy(): boolean {
    return this.seats.some((seat) => seat.healthy);
  }

  public get pids(): number[] {
    return this.seats.flatMap((seat) => seat.process?.pid ?? []);
  }

  /** Why no runner can open a model again; undefined where one holds it, or can be expected to in a moment. */
  public refusal(slot: number): string | undefined {
    let reason: string | undefined;
    for (const seat of this.seats) {
      if (seat.healthy) {
        reason = seat.refused.get(slot);
        if (reason === undefined) {
          return undefined;
        }
      }
    }
    return reason;
  }

  /** The seat with the fewest runs under way that may be given one more of this model. */
  public freest(slot: number): Seat | undefined {
    let best: Seat | undefined;
    const others = this.seats.some((seat) => seat.open && seat.loading === 0 && seat.held.has(slot));
    for (const seat of this.seats) {
      if (others && seat.loading > 0) {
        continue;
      }
      if (seat.open && seat.held.has(slot) && seat.flights.size < this.options.depth && (best === undefined || seat.flights.size < best.flights.size)) {
        best = seat;
      }
    }
    return best;
  }

  /** Loads a model into every runner; all or nothing. */
  public async load(slot: number, spec: LoadSpec): Promise<Loaded> {
    const first = this.seats.find((seat) => seat.ready) ?? this.seats[0]!;
    await this.raised(first);
    const loaded = await this.loadInto(first, slot, spec);
    const measured = { ...spec, policy: loaded.policy };
    this.specs.set(slot, measured);
    try {
      // one after the other: those that are not loading answer meanwhile
      for (const seat of this.seats) {
        await this.raised(seat);
        if (!seat.held.has(slot)) {
          await this.loadInto(seat, slot, measured);
        }
      }
    } catch (error) {
      await this.release(slot);
      throw error;
    }
    return loaded;
  }

  /** Releases a model everywhere. A runner hears of it after its run, which the watchdog bounds: the wait needs no end of its own. */
  public async release(slot: number): Promise<void> {
    this.specs.delete(slot);
    for (const seat of this.seats) {
      seat.refused.delete(slot);
    }
    await Promise.allSettled(this.seats.map((seat) => this.unloadFrom(seat, slot)));
  }

  /** All that can be done between runs: a runner that outgrew its memory ends, another run begins. */
  public settle(seat: Seat): void {
    if (seat.retiringSince !== undefined && seat.flights.size === 0 && seat.loading === 0) {
      void this.replace(seat);
    }
    this.owner.onRoom();
  }

  /** Ends a seat's runner at once and starts another. */
  public end(seat: Seat, why: RestartReason, reason: string): void {
    const runner = seat.process;
    this.ended(seat, runner, reason, why);
    runner?.kill(reason);
  }

  /** Stops all runners. */
  public async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.memoryTimer);
    await Promise.all(this.seats.map((seat) => seat.process?.stop(STOP_MS)));
  }

  /** Waits until a seat has its runner; gives up when its runners keep ending. */
  private async raised(seat: Seat): Promise<void> {
    while (!seat.ready) {
      await this.raise(seat);
      if (!seat.ready && (this.stopped || !seat.healthy)) {
        throw unavailable(this.stopped ? shuttingDown().message : `the runner keeps ending: ${this.lastEnd}`, 10);
      }
    }
  }

  /** Gives a seat a runner with all models. One attempt at a time, and while there are models another after each that failed. */
  private raise(seat: Seat): Promise<void> {
    // a start that fails at once finds the attempt it belongs to
    seat.rising ??= Promise.resolve().then(() => this.attempt(seat)).then(() => {
      seat.rising = undefined;
      if (!seat.ready && this.specs.size > 0 && !this.stopped) {
        void this.raise(seat);
      }
    });
    return seat.rising;
  }

  private async attempt(seat: Seat): Promise<void> {
    if (seat.backOffMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, seat.backOffMs).unref());
    }
    if (this.stopped) {
      return;
    }
    let runner: RunnerProcess | undefined;
    try {
      runner = this.start(seat);
      for (let next = this.missing(seat); next !== undefined; next = this.missing(seat)) {
        await this.reopen(seat, runner, ...next);
      }
      seat.ready = seat.process === runner;
      this.retryLater(seat, runner);
      this.owner.onRoom();
    } catch (error) {
      const reason = `it could not ${runner === undefined ? 'be started' : 'load its models again'}: ${(error as Error).message}`;
      this.ended(seat, runner, reason, 'crash');
      runner?.kill(reason);
    }
  }

  private missing(seat: Seat): [number, LoadSpec] | undefined {
    return [...this.specs].find(([slot]) => !seat.held.has(slot) && !seat.refused.has(slot));
  }

  /** Opens a model that was loaded before. One that cannot be opened any more leaves the others alone. */
  private async reopen(seat: Seat, runner: RunnerProcess, slot: number, spec: LoadSpec): Promise<void> {
    try {
      await this.loadInto(seat, slot, spec);
      seat.refused.delete(slot);
    } catch (error) {
      if (!runner.alive || seat.process !== runner) {
        throw error;
      }
      if (this.specs.has(slot)) {
        seat.refused.set(slot, (error as Error).message);
        this.options.events.log('error', `a runner cannot open model '${spec.name}' again: ${(error as Error).message}`);
      }
      return;
    }
    if (!this.specs.has(slot)) {
      await this.unloadFrom(seat, slot);
    }
  }

  private retryLater(seat: Seat, runner: RunnerProcess): void {
    if (seat.refused.size > 0) {
      // a runner that ends meanwhile has a successor, which tries by itself
      setTimeout(() => void this.retry(seat, runner).catch(() => undefined), RETRY_MS).unref();
    }
  }

  private async retry(seat: Seat, runner: RunnerProcess): Promise<void> {
    for (const slot of [...seat.refused.keys()]) {
      const spec = this.specs.get(slot);
      if (this.stopped || seat.process !== runner) {
        return;
      }
      if (spec !== undefined) {
        await this.reopen(seat, runner, slot, spec);
      }
    }
    this.retryLater(seat, runner);
  }

  private start(seat: Seat): RunnerProcess {
    const runner = new RunnerProcess({
      entry: this.options.entry,
      args: this.options.args,
      nodeFlags: this.options.nodeFlags,
      nameOf: this.owner.nameOf,
      onExit: (reason) => this.ended(seat, runner, reason, 'crash'),
    });
    seat.process = runner;
    return runner;
  }

  private ended(seat: Seat, runner: RunnerProcess | undefined, reason: string, why: RestartReason): void {
    if (seat.process !== runner || this.stopped) {
      return;
    }
    seat.crashed();
    this.lastEnd = reason;
    this.options.events.log('error', `a runner ended: ${reason}`, { crashes: seat.recentCrashes });
    this.options.events.onRestart(why);
    if (!this.healthy) {
      this.owner.onDown(reason);
    }
    if (this.specs.size > 0) {
      void this.raise(seat);
    }
  }

  private async loadInto(seat: Seat, slot: number, spec: LoadSpec): Promise<Loaded> {
    const runner = seat.process!;
    if (seat.loading++ === 0) {
      seat.loadingSince = performance.now();
    }
    try {
      const frame = await runner.request({ op: Op.LOAD, slot, meta: spec }, this.options.loadSeconds * 1000);
      if (seat.process === runner) {
        seat.held.add(slot);
      }
      return frame.meta as Loaded;
    } finally {
      if (--seat.loading === 0) {
        seat.loadingSince = Infinity;
        seat.begin(performance.now());
      }
      this.settle(seat);
    }
  }

  private async unloadFrom(seat: Seat, slot: number): Promise<void> {
    if (seat.held.delete(slot)) {
      await seat.process!.request({ op: Op.UNLOAD, slot });
    }
  }

  private async weigh(limit: number): Promise<void> {
    for (const seat of this.seats) {
      const runner = seat.process;
      const bytes = await pssOf(runner?.pid);
      if (bytes === undefined || seat.process !== runner || !seat.ready || bytes <= limit * MIB) {
        continue;
      }
      const used = Math.round(bytes / MIB);
      this.options.events.log('warn', `a runner uses ${used} MiB, its soft limit is ${limit} MiB: it restarts`);
      if (bytes > limit * MIB * 1.25) {
        this.end(seat, 'memory', `it used ${used} MiB, more than 1.25 times its limit of ${limit} MiB`);
      } else {
        seat.retiringSince ??= performance.now();
        this.settle(seat);
      }
    }
  }

  private async replace(seat: Seat): Promise<void> {
    const old = seat.process;
    seat.vacate();
    this.options.events.onRestart('memory');
    await Promise.all([old?.stop(STOP_MS), this.raise(seat)]);
  }
}
