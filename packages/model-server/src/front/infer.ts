import { ResponseCache } from '../cache/response-cache';
import { ServerError, STATUSES, toServerError, unavailable } from '../errors';
import { IndexedTensor, Op } from '../frames/frame';
import { Outcome, OUTCOMES, Protocol, PROTOCOLS } from '../metrics/catalogue';
import { Histogram, Value } from '../metrics/registry';
import { Job, JobResult } from '../pool/job';
import { Bound, Caller, callMeta } from '../protocol/raw';
import { ServedModel } from '../registry/served';
import { leadingRows, rowsOf } from '../tensor/rows';

/** Outcomes of statuses that are not told by their hundred. */
const OUTCOME_OF: { readonly [status: number]: Outcome } = { 429: 'overload', 499: 'cancelled', 501: 'client_error', 503: 'overload', 504: 'timeout' };

/** The outcome behind an HTTP status, as the metrics count it. */
export function outcomeOfStatus(status: number): Outcome {
  return OUTCOME_OF[status] ?? (status < 400 ? 'success' : status < 500 ? 'client_error' : 'server_error');
}

/** The same of an error, whichever protocol it is told in. */
export function outcomeOf(error: ServerError | undefined): Outcome {
  return error === undefined ? 'success' : outcomeOfStatus(STATUSES[error.code].http);
}

/** Series of a model that every request touches, looked up once. */
interface Hot {
  readonly preprocess: Histogram;
  readonly predict: Histogram;
  readonly postprocess: Histogram;
  readonly explain: Histogram;
  readonly queueTime: Histogram;
  readonly byProtocol: { readonly [P in Protocol]: { readonly duration: Histogram; readonly outcomes: { readonly [O in Outcome]: Value } } };
}

const each = <K extends string, V>(keys: readonly K[], make: (key: K) => V): { readonly [P in K]: V } => Object.fromEntries(keys.map((key) => [key, make(key)])) as { [P in K]: V };

const HOT = new WeakMap<ServedModel, Hot>();

export function hotOf(model: ServedModel): Hot {
  let hot = HOT.get(model);
  if (hot === undefined) {
    const { metrics } = model;
    hot = {
      preprocess: metrics.histogram('preprocess'),
      predict: metrics.histogram('predict'),
      postprocess: metrics.histogram('postprocess'),
      explain: metrics.histogram('explain'),
      queueTime: metrics.histogram('queueTime'),
      byProtocol: each(PROTOCOLS, (protocol) => ({
        duration: metrics.histogram('duration', protocol),
        outcomes: each(OUTCOMES, (outcome) => metrics.value('requests', protocol, outcome)),
      })),
    };
    HOT.set(model, hot);
  }
  return hot;
}

/** Counts a finished request. */
export function count(model: ServedModel, protocol: Protocol, outcome: Outcome, startedAt: number): void {
  const { duration, outcomes } = hotOf(model).byProtocol[protocol];
  outcomes[outcome].add();
  duration.observe((performance.now() - startedAt) / 1000);
}

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
  const rows = rowsOf(inputs);
  model.checkRows(Math.max(rows, leadingRows(inputs)));
  return rows;
}

function run(model: ServedModel, bound: Bound, caller: Caller | undefined, deadlineMs: number | undefined, done: Inferred): Job {
  const rows = rowsIn(model, bound);
  const hot = hotOf(model);
  const start = performance.now();
  const meta = caller === undefined ? undefined : callMeta(bound, caller);
  const job = new Job(
    { op: Op.INFER, inputs: bound.inputs, outputs: bound.outputs, rows: model.policy.maxBatch > 1 && rows > 0 ? rows : -1, key: model.keyOf(bound.inputs, bound.outputs, meta), meta },
    (error, result) => {
      hot.predict.observe((performance.now() - start) / 1000);
      if (result !== undefined) {
        hot.queueTime.observe(result.queuedMs / 1000);
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
