import { ServerError } from '../errors';
import { Caller, callMeta, count, outcomeOf, submit } from './infer';
import { IndexedTensor, Op } from '../frames/frame';
import { Job } from '../pool/job';
import { ServedModel } from '../registry/served';
import { Bound } from '../runner/raw';

export interface StreamEvents {
  /** A piece; `next` asks for the following one. */
  onPiece(tensors: readonly IndexedTensor[], next: () => void): void;
  /** The end, or what went wrong. Called once. */
  onEnd(error: ServerError | undefined): void;
}

/** Starts a stream; the job given back may be abandoned, which ends the model's generator. */
export function openStream(model: ServedModel, bound: Bound, caller: Caller, events: StreamEvents): Job {
  if (model.metadata.streams !== true) {
    throw new ServerError('unimplemented', `Model with name ${model.name} does not stream.`);
  }
  const startedAt = performance.now();
  const job = new Job({
    op: Op.STREAM,
    inputs: bound.inputs,
    rows: -1,
    key: 'stream',
    meta: callMeta(bound, caller),
    onChunk: (frame, next) => {
      if (!job.over) {
        events.onPiece(frame.tensors!, next);
      }
    },
  }, (error) => {
    count(model, 'stream', outcomeOf(error), startedAt);
    events.onEnd(error);
  }, undefined);
  submit(model, job);
  return job;
}
