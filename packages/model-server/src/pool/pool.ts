import { Loaded, LoadSpec } from '../engine/engine';
import { ServerError, unavailable } from '../errors';
import { Job } from './job';
import { PoolModel, PoolOptions } from './options';
import { errorOf, RunnerProcess } from './runner-process';
import { Flight, Seat } from './seat';
import { Frame, IndexedTensor, Op } from '../frames/frame';
import { concatRows, sliceRows } from '../tensor/rows';

const STOP_MS = 5000;

/** Runner processes that share models and work. */
export class RunnerPool {
  private readonly seats: Seat[];
  private readonly models = new Map<number, PoolModel>();
  private pumping = false;
  private stopped = false;
  private rotation = 0;
  private readonly watchdog: NodeJS.Timeout;
  private readonly memoryTimer: NodeJS.Timeout | undefined;

  public constructor(private readonly options: PoolOptions) {
    this.seats = Array.from({ length: options.size }, () => new Seat());
    this.watchdog = setInterval(() => this.watch(), 250);
    this.watchdog.unref();
    if (options.memoryMiB !== undefined) {
      this.memoryTimer = setInterval(() => void this.weigh(options.memoryMiB!), 5000);
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

  /** Loads a model into every runner; all or nothing. */
  public async load(slot: number, spec: LoadSpec): Promise<Loaded> {
    const first = this.seats.find((seat) => seat.ready) ?? this.seats[0]!;
    const loaded = await this.loadInto(first, slot, spec);
    try {
      // one after the other: those that are not loading answer meanwhile
      for (const seat of this.seats.filter((other) => other !== first)) {
        await this.loadInto(seat, slot, { ...spec, policy: loaded.policy });
      }
    } catch (error) {
      await this.release(slot);
      throw error;
    }
    return loaded;
  }

  /** Makes a loaded model take work. */
  public add(model: PoolModel): void {
    this.models.set(model.slot, model);
  }

  /** Lets queued and running work end, then releases the model everywhere. */
  public async remove(model: PoolModel): Promise<void> {
    const until = performance.now() + model.runSeconds * 1000;
    while (performance.now() < until && (model.queue.waiting > 0 || this.seats.some((seat) => [...seat.flights].some((flight) => flight.model === model)))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.models.delete(model.slot);
    model.queue.failAll(unavailable(`model '${model.spec.name}' has been unloaded`));
    await this.release(model.slot);
  }

  public submit(model: PoolModel, job: Job): void {
    if (this.stopped) {
      job.fail(unavailable('the server is shutting down'));
      return;
    }
    if (!this.healthy) {
      job.fail(unavailable(`the runner of model '${model.spec.name}' keeps ending`, 10));
      return;
    }
    model.queue.push(job);
    this.pump();
  }

  /** Stops all runners; what still waits is answered 503. */
  public async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watchdog);
    clearInterval(this.memoryTimer);
    for (const model of this.models.values()) {
      model.queue.failAll(unavailable('the server is shutting down'));
    }
    await Promise.all(this.seats.map((seat) => seat.process?.stop(STOP_MS)));
  }

  private pump(): void {
    if (!this.pumping) {
      // requests read in one turn of the event loop leave together
      this.pumping = true;
      setImmediate(() => {
        this.pumping = false;
        this.dispatch();
      });
    }
  }

  private dispatch(): void {
    const models = [...this.models.values()];
    let idle = 0;
    while (idle < models.length) {
      const model = models[this.rotation++ % models.length]!;
      if (model.queue.waiting === 0) {
        idle++;
        continue;
      }
      const seat = this.freest();
      if (seat === undefined) {
        return;
      }
      const jobs = model.queue.take();
      if (jobs.length === 0) {
        idle++;
        continue;
      }
      idle = 0;
      this.send(seat, model, jobs);
    }
  }

  private freest(): Seat | undefined {
    let best: Seat | undefined;
    const others = this.seats.some((seat) => seat.open && seat.loading === 0);
    for (const seat of this.seats) {
      if (others && seat.loading > 0) {
        continue;
      }
      if (seat.open && seat.flights.size < this.options.depth && (best === undefined || seat.flights.size < best.flights.size)) {
        best = seat;
      }
    }
    return best;
  }

  private send(seat: Seat, model: PoolModel, jobs: readonly Job[]): void {
    const now = performance.now();
    let rows = 0;
    for (const job of jobs) {
      job.dispatchedAt = now;
      rows += Math.max(job.payload.rows, 1);
    }
    const flight: Flight = { model, jobs, rows, sentAt: now, startedAt: seat.flights.size === 0 || !model.pure ? now : 0 };
    seat.flights.add(flight);
    const { op, outputs, meta, bytes } = jobs[0]!.payload;
    const tensors = jobs.length === 1 ? indexed(jobs[0]!) : concatRows(jobs.map(indexed));
    const runner = seat.process!;
    const id = runner.ask(
      { op, slot: model.slot, tensors, meta: meta ?? outputs, bytes },
      (frame) => {
        if (frame.op === Op.CHUNK) {
          // the time until the caller has taken the piece is not the model's
          flight.startedAt = Infinity;
          jobs[0]!.payload.onChunk?.(frame, () => {
            flight.startedAt = performance.now();
            runner.tell({ op: Op.PULL, id, slot: model.slot });
          });
          return;
        }
        this.land(seat, flight);
        this.answer(flight, frame);
      },
      (error) => {
        this.land(seat, flight);
        this.lost(flight, error);
      },
    );
    if (!model.pure && jobs.length === 1) {
      jobs[0]!.onAbandon = () => runner.tell({ op: Op.CANCEL, id, slot: model.slot });
    }
  }

  private land(seat: Seat, flight: Flight): void {
    seat.flights.delete(flight);
    const now = performance.now();
    for (const next of seat.flights) {
      if (next.startedAt === 0) {
        next.startedAt = now;
      }
      break;
    }
    if (seat.retiring && seat.flights.size === 0) {
      void this.replace(seat);
    }
    this.pump();
  }

  private answer(flight: Flight, frame: Frame): void {
    const { model, jobs } = flight;
    if (frame.op === Op.ERROR) {
      if (jobs.length > 1) {
        this.again(model, jobs);
      } else {
        jobs[0]!.fail(errorOf(frame));
      }
      return;
    }
    const now = performance.now();
    const tensors = frame.tensors as readonly IndexedTensor[];
    this.options.events.onRun?.(model, flight.rows, now - (flight.startedAt || flight.sentAt));
    if (jobs.length === 1) {
      const job = jobs[0]!;
      job.succeed({ tensors, meta: frame.meta, bytes: frame.bytes, batch: flight.rows, queuedMs: job.dispatchedAt - job.createdAt, runMs: now - job.dispatchedAt });
      return;
    }
    if (tensors.some((tensor) => tensor.shape[0] !== flight.rows)) {
      // the model does not answer row by row after all
      model.queue.limits.maxBatch = 1;
      this.again(model, jobs);
      return;
    }
    let at = 0;
    for (const job of jobs) {
      const { rows } = job.payload;
      if (!job.over) {
        job.succeed({ tensors: sliceRows(tensors, at, rows), batch: flight.rows, queuedMs: job.dispatchedAt - job.createdAt, runMs: now - job.dispatchedAt });
      }
      at += rows;
    }
  }

  /** Runs the jobs of a failed batch one by one, so that only the bad one fails. */
  private again(model: PoolModel, jobs: readonly Job[]): void {
    for (const job of jobs) {
      job.alone = true;
    }
    model.queue.unshift(jobs);
    this.pump();
  }

  private lost(flight: Flight, error: ServerError): void {
    const { model, jobs } = flight;
    for (const job of jobs) {
      job.attempts++;
    }
    if (model.pure && !this.stopped && error.code === 'unavailable' && jobs.every((job) => job.attempts < 2) && this.healthy) {
      this.again(model, jobs);
      return;
    }
    for (const job of jobs) {
      job.fail(error);
    }
  }

  /** Ends runs that take longer than they may. */
  private watch(): void {
    const now = performance.now();
    for (const seat of this.seats) {
      for (const flight of seat.flights) {
        const limit = flight.model.runSeconds * 1000;
        if (flight.startedAt === 0 || now - flight.startedAt < limit) {
          continue;
        }
        const reason = `a run of model '${flight.model.spec.name}' took longer than ${flight.model.runSeconds} s`;
        if (flight.jobs.length === 1) {
          // alone, so surely the cause: it is not run again
          flight.jobs[0]!.fail(new ServerError('deadline', reason));
        }
        // nothing more for a runner that is about to end
        seat.ready = false;
        seat.ending = 'watchdog';
        seat.process?.kill(reason);
        break;
      }
    }
  }

  private async weigh(limit: number): Promise<void> {
    for (const seat of this.seats) {
      const used = await seat.process?.memoryMiB();
      if (used !== undefined && used > limit && seat.ready) {
        this.options.events.log?.('warn', `a runner uses ${Math.round(used)} MiB, its soft limit is ${limit} MiB: it restarts`);
        if (used > limit * 1.25) {
          seat.ready = false;
          seat.ending = 'memory';
          seat.process?.kill(`it used ${Math.round(used)} MiB, more than 1.25 times its limit of ${limit} MiB`);
        } else if (seat.flights.size === 0) {
          await this.replace(seat);
        } else {
          seat.retiring = true;
        }
      }
    }
  }

  private async replace(seat: Seat): Promise<void> {
    const { process: old } = seat;
    seat.process = undefined;
    seat.ready = false;
    seat.retiring = false;
    this.options.events.onRestart?.('memory');
    await Promise.all([old?.stop(STOP_MS), this.revive(seat)]);
  }

  private start(seat: Seat): RunnerProcess {
    const runner = new RunnerProcess({
      entry: this.options.entry,
      args: this.options.args,
      nameOf: (slot, index) => this.models.get(slot)?.metadata.outputs[index]?.name ?? String(index),
      onHello: () => undefined,
      onExit: (reason) => this.ended(seat, runner, reason),
    });
    seat.process = runner;
    return runner;
  }

  private ended(seat: Seat, runner: RunnerProcess, reason: string): void {
    if (seat.process !== runner || this.stopped) {
      return;
    }
    seat.crashed();
    const crashes = seat.recentCrashes;
    this.options.events.log?.('error', `a runner ended: ${reason}`, { crashes });
    this.options.events.onRestart?.(seat.ending ?? 'crash');
    seat.ending = undefined;
    if (!this.healthy) {
      for (const model of this.models.values()) {
        model.queue.failAll(unavailable(`the runner of model '${model.spec.name}' keeps ending: ${reason}`, 10));
      }
    }
    this.options.events.onStateChange?.();
    if (this.models.size > 0) {
      const delay = crashes <= 1 ? 0 : Math.min(100 * 2 ** crashes, 10_000);
      setTimeout(() => void this.revive(seat), delay).unref();
    }
  }

  /** Starts a runner and gives it all models again. */
  private async revive(seat: Seat): Promise<void> {
    if (this.stopped || seat.process !== undefined) {
      return;
    }
    const runner = this.start(seat);
    try {
      for (const { slot, spec } of [...this.models.values()]) {
        await runner.request({ op: Op.LOAD, slot, meta: spec }, this.options.loadSeconds * 1000);
      }
      if (seat.process === runner) {
        seat.ready = true;
        this.options.events.onStateChange?.();
        this.pump();
      }
    } catch (error) {
      runner.kill(`it could not load its models again: ${(error as Error).message}`);
    }
  }

  private async loadInto(seat: Seat, slot: number, spec: LoadSpec): Promise<Loaded> {
    const runner = seat.process ?? this.start(seat);
    seat.loading++;
    try {
      const frame = await runner.request({ op: Op.LOAD, slot, meta: spec }, this.options.loadSeconds * 1000);
      seat.ready = seat.process === runner;
      return frame.meta as Loaded;
    } finally {
      seat.loading--;
      this.pump();
    }
  }

  private async release(slot: number): Promise<void> {
    await Promise.allSettled(this.seats.map((seat) => seat.process?.request({ op: Op.UNLOAD, slot }, STOP_MS)));
  }
}

function indexed(job: Job): IndexedTensor[] {
  const tensors: IndexedTensor[] = [];
  const { inputs } = job.payload;
  if (inputs !== undefined) {
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (input !== undefined) {
        tensors.push({ index: i, name: input.name, datatype: input.datatype, shape: input.shape, data: input.data });
      }
    }
  }
  return tensors;
}
