import { remainingMs } from './deadline';
import { Caller, callMeta, count, outcomeOf, rowsIn, submit, Wait } from './infer';
import { ServerError, toServerError } from '../errors';
import { IndexedTensor, Op } from '../frames/frame';
import { Job } from '../pool/job';
import { Bound } from '../protocol/raw';
import { ServedModel } from '../registry/served';

export interface StreamEvents {
  /** A piece; `next` asks for the following one. What is thrown ends the stream. */
  onPiece(tensors: readonly IndexedTensor[], next: () => void): void;
  /** The end, or what went wrong. Called once. */
  onEnd(error: ServerError | undefined): void;
}

/** Since when a caller waits, and how many milliseconds it will. */
export interface Patience {
  readonly startedAt: number;
  readonly ms: number | undefined;
}

/** Starts a stream; what is given back may be abandoned, which ends the model's generator. */
export function openStream(model: ServedModel, bound: Bound, caller: Caller, { startedAt, ms }: Patience, events: StreamEvents): Wait {
  if (model.metadata.streams !== true) {
    throw new ServerError('unimplemented', `Model with name ${model.name} does not stream.`);
  }
  rowsIn(model, bound);
  const job = new Job({
    op: Op.STREAM,
    inputs: bound.inputs,
    rows: -1,
    key: 'stream',
    meta: callMeta(bound, caller),
    onChunk: (frame, next) => {
      if (job.over) {
        return;
      }
      try {
        events.onPiece(frame.tensors!, next);
      } catch (error) {
        job.onAbandon?.();
        job.fail(toServerError(error));
      }
    },
  }, (error) => {
    count(model, 'stream', outcomeOf(error), startedAt);
    events.onEnd(error);
  }, ms === undefined ? undefined : remainingMs(startedAt, ms));
  submit(model, job);
  return {
    get over() { return job.over; },
    abandon() {
      if (!job.over) {
        job.abandon();
        count(model, 'stream', 'cancelled', startedAt);
      }
    },
  };
}
