import { remainingMs } from './deadline';
import { rowsIn, submit, Wait } from './infer';
import { ObservedCall } from './observed-call';
import { seriesOf } from './series';
import { callerGone, ServerError, toServerError } from '../errors';
import { Frame, Op } from '../frames/frame';
import { Job, JobPayload } from '../pool/job';
import { Bound, Caller, callMeta } from '../protocol/raw';
import { ServedModel } from '../registry/served';

export interface StreamEvents {
  /** A piece, encoded where the request was not decoded here; `next` asks for the following one. What is thrown ends the stream. */
  onPiece(piece: Frame, next: () => void): void;
  /** The end, or what went wrong. Called once. */
  onEnd(error: ServerError | undefined): void;
}

/** What a stream runs on: tensors, or a body as it came. */
export type StreamInput = Pick<JobPayload, 'inputs' | 'bytes' | 'meta'>;

/** A decoded request as the input of a stream. */
export function streamInput(model: ServedModel, bound: Bound, caller: Caller): StreamInput {
  rowsIn(model, bound);
  return { inputs: bound.inputs, meta: callMeta(bound, caller) };
}

/** Starts a stream, whose end is the call's; what is given back may be abandoned, which ends the model's generator. */
export function openStream(model: ServedModel, call: ObservedCall, input: StreamInput, patienceMs: number | undefined, events: StreamEvents): Wait {
  if (model.metadata.streams !== true) {
    throw new ServerError('unimplemented', `Model with name ${model.name} does not stream.`);
  }
  const job = new Job({
    ...input,
    op: Op.STREAM,
    rows: -1,
    key: 'stream',
    onChunk: (frame, next) => {
      if (job.over) {
        return;
      }
      try {
        events.onPiece(frame, next);
      } catch (error) {
        job.onAbandon?.();
        job.fail(toServerError(error));
      }
    },
  }, (error, result) => {
    if (result !== undefined) {
      seriesOf(model).queueTime.observe(result.queuedMs / 1000);
    }
    call.ran(result);
    call.end(error);
    events.onEnd(error);
  }, patienceMs === undefined ? undefined : remainingMs(call.startedAt, patienceMs));
  submit(model, job);
  return {
    get over() { return job.over; },
    abandon() {
      job.abandon();
      call.end(callerGone());
    },
  };
}
