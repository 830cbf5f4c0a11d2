import { FrontContext } from './context';
import { remainingMs } from './deadline';
import { hotOf, rowsIn, submit, Wait } from './infer';
import { watch } from './observation';
import { callerGone, ServerError, toServerError } from '../errors';
import { Frame, Op } from '../frames/frame';
import { Job, JobPayload } from '../pool/job';
import type { Headers } from '../protocol/cloud-event';
import { Bound, Caller, callMeta } from '../protocol/raw';
import { ServedModel } from '../registry/served';

export interface StreamEvents {
  /** A piece, encoded where the request was not decoded here; `next` asks for the following one. What is thrown ends the stream. */
  onPiece(piece: Frame, next: () => void): void;
  /** The end, or what went wrong. Called once. */
  onEnd(error: ServerError | undefined): void;
}

/** Since when a caller waits, and how many milliseconds it will. */
export interface Patience {
  readonly startedAt: number;
  readonly ms: number | undefined;
}

/** What a stream runs on: tensors, or a body as it came. */
export interface StreamInput extends Pick<JobPayload, 'inputs' | 'bytes'> {
  readonly meta: { readonly headers?: { readonly [name: string]: string } };
}

/** A decoded request as the input of a stream. */
export function streamInput(model: ServedModel, bound: Bound, caller: Caller): StreamInput {
  rowsIn(model, bound);
  return { inputs: bound.inputs, meta: callMeta(bound, caller) };
}

/** Starts a stream; what is given back may be abandoned, which ends the model's generator. */
export function openStream(context: FrontContext, model: ServedModel, headers: Headers, input: StreamInput, { startedAt, ms }: Patience, events: StreamEvents): Wait {
  if (model.metadata.streams !== true) {
    throw new ServerError('unimplemented', `Model with name ${model.name} does not stream.`);
  }
  const call = watch(context, model, 'stream', headers, startedAt);
  const { inputs, bytes, meta } = input;
  const job = new Job({
    inputs,
    bytes,
    meta: meta.headers === undefined ? meta : { ...meta, headers: call.forward(meta.headers) },
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
    call.end(error, result);
    if (result !== undefined) {
      hotOf(model).queueTime.observe(result.queuedMs / 1000);
    }
    events.onEnd(error);
  }, ms === undefined ? undefined : remainingMs(startedAt, ms));
  submit(model, job);
  return {
    get over() { return job.over; },
    abandon() {
      if (!job.over) {
        job.abandon();
        call.end(callerGone());
      }
    },
  };
}
