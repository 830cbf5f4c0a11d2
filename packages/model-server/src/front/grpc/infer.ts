import type { GrpcCall } from './call';
import type { RawUnary, Streaming } from './server';
import { ServerError, toServerError } from '../../errors';
import { Op } from '../../frames/frame';
import { decodeInferRequest, encodeInferResponse, GrpcInferCall, peekModel } from '../../grpc/infer-codec';
import { MESSAGES } from '../../grpc/schema';
import { bindInputs, bindOutputs } from '../../model/metadata';
import { Job } from '../../pool/job';
import { encodeMessage } from '../../protobuf/message';
import { Writer } from '../../protobuf/wire';
import { InlineExecutor } from '../../registry/inline';
import { ServedModel } from '../../registry/served';
import type { CallRequest } from '../../runner/call';
import type { RawRequest } from '../../runner/raw';
import { recycleBody } from '../bodies';
import { FrontContext } from '../context';
import { count, hotOf, infer, outcomeOf, RAW_LIMIT, submit, Wait } from '../infer';

type Done = (error: ServerError | undefined, reply: Buffer | undefined) => void;

/** Hands a large message to the runner, which decodes, runs and encodes. */
function forward(model: ServedModel, bytes: Buffer, call: GrpcCall, startedAt: number, done: Done): Job {
  const meta: RawRequest = { protocol: 'grpc', model: model.name, version: model.version, maxRows: model.maxRows, headers: model.isUser ? call.metadata : undefined };
  const job = new Job({ op: Op.RAW, rows: -1, key: 'raw', meta, bytes: [bytes] }, (error, result) => {
    count(model, 'grpc', outcomeOf(error), startedAt);
    done(error, result === undefined ? undefined : Buffer.concat(result.bytes ?? []));
  }, call.patienceMs);
  submit(model, job);
  return job;
}

/** Answers one ModelInferRequest; gives the job that may be abandoned. */
function answer(context: FrontContext, call: GrpcCall, bytes: Buffer, done: Done): Wait | undefined {
  const startedAt = performance.now();
  let request: GrpcInferCall;
  let model;
  try {
    const decoded = bytes.length > RAW_LIMIT ? undefined : decodeInferRequest(bytes);
    const wanted = decoded ?? peekModel(bytes);
    model = context.registry.ready(wanted.model, wanted.version);
    if (decoded === undefined && model.metadata.untyped !== true && !(model.executor instanceof InlineExecutor)) {
      return forward(model, bytes, call, startedAt, done);
    }
    request = decoded ?? decodeInferRequest(bytes);
  } catch (error) {
    done(toServerError(error), undefined);
    return undefined;
  }
  const served = model;
  const finish: Done = (error, reply) => {
    count(served, 'grpc', outcomeOf(error), startedAt);
    done(error, reply);
  };
  try {
    if (served.metadata.untyped === true) {
      const meta: CallRequest = { verb: 'predict', wire: 'grpc', protocol: 'v2', model: served.name, version: served.version, headers: call.metadata };
      const job = new Job({ op: Op.CALL, rows: -1, key: 'call', meta, bytes: [bytes] }, (error, result) => finish(error, result === undefined ? undefined : Buffer.concat(result.bytes ?? [])), call.patienceMs);
      submit(served, job);
      return job;
    }
    const bound = { call: request, inputs: bindInputs(served.metadata, request.inputs), outputs: bindOutputs(served.metadata, request.outputs) };
    hotOf(served).preprocess.observe((performance.now() - startedAt) / 1000);
    return infer(served, bound, served.isUser ? { protocol: 'v2', headers: call.metadata } : undefined, call.patienceMs, (error, tensors) => {
      if (error !== undefined) {
        finish(error, undefined);
        return;
      }
      const start = performance.now();
      let reply: Buffer | undefined;
      try {
        reply = encodeInferResponse(served.name, served.version, request, tensors!);
        hotOf(served).postprocess.observe((performance.now() - start) / 1000);
        recycleBody(bytes);
      } catch (thrown) {
        finish(toServerError(thrown), undefined);
        return;
      }
      finish(undefined, reply);
    });
  } catch (error) {
    finish(toServerError(error), undefined);
    return undefined;
  }
}

/** Requests of a stream that may be under way; beyond that the caller waits. */
const MAX_OPEN = 64;

export function inferMethods(context: FrontContext): { readonly ModelInfer: RawUnary; readonly ModelStreamInfer: Streaming } {
  return {
    ModelInfer: (call, bytes) => {
      const inFlight = context.metrics.server.value('inFlight');
      inFlight.add(1);
      const job = answer(context, call, bytes, (error, reply) => {
        inFlight.add(-1);
        if (error === undefined) {
          call.reply(reply!);
        } else {
          call.fail(error);
        }
      });
      call.onCancel = () => {
        if (job?.over === false) {
          job.abandon();
          inFlight.add(-1);
        }
      };
    },
    /** Requests of a stream are answered in order; a bad one is answered in place, the stream goes on. */
    ModelStreamInfer: (call) => {
      let open = 0;
      let ended = false;
      let tail: Promise<void> = Promise.resolve();
      const jobs = new Set<Wait>();
      const maybeEnd = (): void => {
        if (ended && open === 0) {
          void tail.then(() => call.end());
        }
      };
      call.onMessage = (bytes) => {
        open++;
        if (open >= MAX_OPEN) {
          call.pause();
        }
        let job: Wait | undefined;
        const reply = new Promise<Buffer>((resolve) => {
          job = answer(context, call, bytes, (error, response) => {
            if (job !== undefined) {
              jobs.delete(job);
            }
            resolve(error === undefined ? new Writer(response!.length + 16).bytes(2, response!).finish() : encodeMessage(MESSAGES, '.inference.ModelStreamInferResponse', { error_message: error.message }));
          });
        });
        if (job !== undefined && !job.over) {
          jobs.add(job);
        }
        tail = tail.then(() => reply).then((message) => {
          const room = call.send(message);
          return room || call.isOver ? undefined : new Promise<void>((resolve) => call.onceDrained(resolve));
        }).then(() => {
          open--;
          call.resume();
          maybeEnd();
        });
      };
      call.onEnd = () => {
        ended = true;
        maybeEnd();
      };
      call.onCancel = () => {
        for (const job of jobs) {
          job.abandon();
        }
      };
    },
  };
}
