import { seriesOf } from './series';
import { ResponseCache } from '../cache/response-cache';
import { ServerError, toServerError, unavailable } from '../errors';
import { IndexedTensor, Op } from '../frames/frame';
import { Job, JobResult } from '../pool/job';
import { Bound, Caller, callMeta } from '../protocol/raw';
import { ServedModel } from '../registry/served';
import { leadingRows, rowsOf } from '../tensor/rows';

export type Inferred = (error: ServerError | undefined, tensors: readonly IndexedTensor[] | undefined, result?: JobResult) => void;

/** Sends a decoded request to its model. The job given back may be abandoned. */
export function infer(model: ServedModel, bound: Bound, caller: Caller | undefined, deadlineMs: number | undefined, done: Inferred): Wait {
  const { cache } = model;
  if (cache === undefined) {
    return run(model, bound, caller, deadlineMs, done);
  }
  const key = ResponseCache.keyOf(bound);
  const known = cache.get(key);
  if (known !== undefined) {
    model.metrics.value('cacheHits').add();
    queueMicrotask(() => done(undefined, known));
    return NOTHING;
  }
  const flight = cache.join(key);
  const { queue } = model.executor;
  const full = flight === undefined ? undefined : queue.full;
  if (full !== undefined) {
    done(full, undefined);
    return NOTHING;
  }
  let waiting = true;
  const wait: Wait = {
    get over() { return !waiting; },
    abandon() {
      if (waiting) {
        waiting = false;
        clearTimeout(timer);
        if (flight?.delete(answer) === true) {
          queue.joined--;
        }
      }
    },
  };
  const answer: Inferred = (error, tensors, result) => {
    if (waiting) {
      wait.abandon();
      done(error, tensors, result);
    }
  };
  const timer = deadlineMs === undefined ? undefined : setTimeout(() => answer(new ServerError('deadline', 'the deadline of the request has passed'), undefined), deadlineMs);
  if (flight !== undefined) {
    flight.add(answer);
    queue.joined++;
    model.metrics.value('cacheHits').add();
    return wait;
  }
  model.metrics.value('cacheMisses').add();
  // the run goes on when its first caller leaves: others may wait for it
  try {
    run(model, bound, caller, undefined, (error, tensors, result) => {
      cache.settle(key, error, tensors);
      model.metrics.value('cacheBytes').set(cache.bytes);
      answer(error, tensors, result);
    });
  } catch (error) {
    wait.abandon(); // the caller hears of it from what is thrown
    cache.settle(key, toServerError(error), undefined);
    throw error;
  }
  return wait;
}

/** A caller's wait, which may be given up. */
export interface Wait {
  readonly over: boolean;
  abandon(): void;
}

const NOTHING: Wait = { over: true, abandon: () => undefined };

/** Rows of a request, or -1 where its inputs disagree; refuses more than are admitted. */
export function rowsIn(model: ServedModel, { inputs }: Bound): number {
  model.checkRows(leadingRows(inputs));
  return rowsOf(inputs);
}

function run(model: ServedModel, bound: Bound, caller: Caller | undefined, deadlineMs: number | undefined, done: Inferred): Job {
  const rows = rowsIn(model, bound);
  const { predict, queueTime } = seriesOf(model);
  const start = performance.now();
  const meta = caller === undefined ? undefined : callMeta(bound, caller);
  const job = new Job(
    { op: Op.INFER, inputs: bound.inputs, outputs: bound.outputs, rows: model.policy.maxBatch > 1 && rows > 0 ? rows : -1, key: model.keyOf(bound.inputs, bound.outputs, meta), meta },
    (error, result) => {
      predict.observe((performance.now() - start) / 1000);
      if (result !== undefined) {
        queueTime.observe(result.queuedMs / 1000);
      }
      done(error, result?.tensors, result);
    },
    deadlineMs,
  );
  submit(model, job);
  return job;
}

/** Hands a job over unless the model has gone meanwhile. */
export function submit(model: ServedModel, job: Job): void {
  if (!model.ready) {
    job.fail(unavailable(`Model with name ${model.name} is not ready.`));
    return;
  }
  model.executor.submit(job);
}
