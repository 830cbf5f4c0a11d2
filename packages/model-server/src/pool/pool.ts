import { Loaded, LoadSpec } from '../engine/engine';
import { ServerError, shuttingDown, unavailable } from '../errors';
import { Crew } from './crew';
import { Job } from './job';
import { PoolModel, PoolOptions } from './options';
import { errorOf } from './runner-process';
import { Flight, Seat } from './seat';
import { Frame, indexed, IndexedTensor, Op } from '../frames/frame';
import { concatRows, sliceRows } from '../tensor/rows';

/** Runner processes that share models and work. */
export class RunnerPool {
  private readonly crew: Crew;
  private readonly models = new Map<number, PoolModel>();
  private pumping = false;
  private stopped = false;
  private rotation = 0;
  private readonly watchdog: NodeJS.Timeout;

  public constructor(options: PoolOptions) {
    this.crew = new Crew(options, {
      nameOf: (slot, index) => this.models.get(slot)?.metadata.outputs[index]?.name ?? String(index),
      onRoom: () => this.pump(),
      onDown: (reason) => {
        for (const model of this.models.values()) {
          model.queue.failAll(unavailable(`the runner of model '${model.name}' keeps ending: ${reason}`, 10));
        }
      },
    });
    this.watchdog = setInterval(() => this.watch(), 250);
    this.watchdog.unref();
  }

  /** Whether work can be done now or in a moment. */
  public get healthy(): boolean {
    return this.crew.healthy;
  }

  /** Why a model cannot be run now nor in a moment. */
  public unready(model: PoolModel): string | undefined {
    const { name } = model;
    if (!this.healthy) {
      return `the runner of model '${name}' keeps ending`;
    }
    const refusal = this.crew.refusal(model.slot);
    return refusal === undefined ? undefined : `model '${name}' cannot be opened again: ${refusal}`;
  }

  public get pids(): number[] {
    return this.crew.pids;
  }

  /** Loads a model into every runner; all or nothing. */
  public load(slot: number, spec: LoadSpec): Promise<Loaded> {
    return this.crew.load(slot, spec);
  }

  /** Makes a loaded model take work. */
  public add(model: PoolModel): void {
    this.models.set(model.slot, model);
  }

  /** Lets queued and running work end; the model then takes no more. */
  public async drain(model: PoolModel): Promise<void> {
    const until = performance.now() + model.runSeconds * 1000;
    while (performance.now() < until && (model.queue.waiting > 0 || this.crew.seats.some((seat) => [...seat.flights].some((flight) => flight.model === model)))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.models.delete(model.slot);
    model.queue.failAll(unloaded(model));
  }

  /** Drains a model and releases it in every runner. */
  public async remove(model: PoolModel): Promise<void> {
    await this.drain(model);
    await this.crew.release(model.slot);
  }

  public submit(model: PoolModel, job: Job): void {
    if (this.stopped) {
      job.fail(shuttingDown());
      return;
    }
    if (this.models.get(model.slot) !== model) {
      job.fail(unloaded(model));
      return;
    }
    const unready = this.unready(model);
    if (unready !== undefined) {
      job.fail(unavailable(unready, 10));
      return;
    }
    model.queue.push(job);
    this.pump();
  }

  /** Stops all runners; what still waits is answered 503. */
  public async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watchdog);
    for (const model of this.models.values()) {
      model.queue.failAll(shuttingDown());
    }
    await this.crew.stop();
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
      const seat = this.crew.freest(model.slot);
      if (seat === undefined) {
        const unready = this.unready(model);
        if (unready !== undefined) {
          model.queue.failAll(unavailable(unready, 10));
        }
        idle++;
        continue;
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

  private send(seat: Seat, model: PoolModel, jobs: readonly Job[]): void {
    const now = performance.now();
    let rows = 0;
    for (const job of jobs) {
      job.dispatchedAt = now;
      rows += Math.max(job.payload.rows, 1);
    }
    const runner = seat.process!;
    const flight: Flight = { runner, model, jobs, rows, askedAt: now, startedAt: 0, ranMs: 0 };
    seat.flights.add(flight);
    seat.begin(now);
    const { op, outputs, meta, bytes } = jobs[0]!.payload;
    const tensors = jobs.length === 1 ? inputsOf(jobs[0]!) : concatRows(jobs.map(inputsOf));
    const id = runner.ask(
      { op, slot: model.slot, tensors, meta: meta ?? outputs, bytes },
      (frame) => {
        if (frame.op === Op.BEGUN) {
          seat.heardAt = performance.now();
          flight.startedAt = seat.heardAt - (frame.meta as number);
          return;
        }
        if (frame.op === Op.CHUNK) {
          const at = performance.now();
          flight.ranMs = seat.ran(flight, at);
          seat.heardAt = at;
          // the time until the caller has taken the piece is not the model's
          flight.startedAt = Infinity;
          jobs[0]!.payload.onChunk?.(frame, () => {
            flight.askedAt = performance.now();
            flight.startedAt = 0;
            // behind those that were asked before
            seat.flights.delete(flight);
            seat.flights.add(flight);
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
    flight.ranMs = seat.ran(flight, now);
    seat.heardAt = now;
    seat.begin(now);
    this.crew.settle(seat);
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
    model.onRun?.(flight.rows, flight.ranMs);
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
    if (this.models.get(model.slot) !== model) {
      for (const job of jobs) {
        job.fail(unloaded(model));
      }
      return;
    }
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

  /** Ends runs that take longer than they may, and runners that wait longer than that for their end. */
  private watch(): void {
    const now = performance.now();
    for (const seat of this.crew.seats) {
      if (seat.overdue(now)) {
        this.crew.end(seat, 'memory', 'it outgrew its memory, and what ran in it did not end in the time that a run may take');
        continue;
      }
      for (const flight of seat.flights) {
        const limit = flight.model.runSeconds * 1000;
        const since = seat.busySince(flight);
        if (flight.runner !== seat.process || since === undefined || now - since < limit) {
          continue;
        }
        const reason = `a run of model '${flight.model.name}' took longer than ${flight.model.runSeconds} s`;
        if (flight.jobs.length === 1) {
          // alone, so surely the cause: it is not run again
          flight.jobs[0]!.fail(new ServerError('deadline', reason));
        }
        this.crew.end(seat, 'watchdog', reason);
        break;
      }
    }
  }
}

const unloaded = (model: PoolModel): ServerError => unavailable(`model '${model.name}' has been unloaded`);

const inputsOf = ({ payload }: Job): IndexedTensor[] => indexed(payload.inputs ?? []);
