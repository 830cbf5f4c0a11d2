import type * as grpc from '@grpc/grpc-js';
import type { Bidirectional, RawUnary } from './server';
import { statusOf } from './status';
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
import { FrontContext } from '../context';
import { count, hotOf, infer, outcomeOf, RAW_LIMIT, submit, Wait } from '../infer';

/** Text metadata of a call, by name. */
function headersOf(metadata: grpc.Metadata): { [name: string]: string } {
  return Object.fromEntries(Object.entries(metadata.getMap()).filter(([, value]) => typeof value === 'string')) as { [name: string]: string };
}

type Done = (error: ServerError | undefined, reply: Buffer | undefined) => void;

/** Milliseconds until a call's deadline, where it has one. */
function patience(deadline: Date | number): number | undefined {
  const at = typeof deadline === 'number' ? deadline : deadline.getTime();
  return Number.isFinite(at) ? Math.max(1, at - Date.now()) : undefined;
}

/** Hands a large message to the runner, which decodes, runs and encodes. */
function forward(model: ServedModel, bytes: Buffer, headers: grpc.Metadata, deadlineMs: number | undefined, startedAt: number, done: Done): Job {
  const meta: RawRequest = { protocol: 'grpc', model: model.name, version: model.version, maxRows: model.maxRows, headers: model.isUser ? headersOf(headers) : undefined };
  const job = new Job({ op: Op.RAW, rows: -1, key: 'raw', meta, bytes: [bytes] }, (error, result) => {
    count(model, 'grpc', outcomeOf(error), startedAt);
    done(error, result === undefined ? undefined : Buffer.concat(result.bytes ?? []));
  }, deadlineMs);
  submit(model, job);
  return job;
}

/** Answers one ModelInferRequest; gives the job that may be abandoned. */
function answer(context: FrontContext, bytes: Buffer, headers: grpc.Metadata, deadlineMs: number | undefined, done: Done): Wait | undefined {
  const startedAt = performance.now();
  let call: GrpcInferCall;
  let model;
  try {
    const decoded = bytes.length > RAW_LIMIT ? undefined : decodeInferRequest(bytes);
    const wanted = decoded ?? peekModel(bytes);
    model = context.registry.ready(wanted.model, wanted.version);
    if (decoded === undefined && model.metadata.untyped !== true && !(model.executor instanceof InlineExecutor)) {
      return forward(model, bytes, headers, deadlineMs, startedAt, done);
    }
    call = decoded ?? decodeInferRequest(bytes);
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
      const meta: CallRequest = { verb: 'predict', wire: 'grpc', protocol: 'v2', model: served.name, version: served.version, headers: headersOf(headers) };
      const job = new Job({ op: Op.CALL, rows: -1, key: 'call', meta, bytes: [bytes] }, (error, result) => finish(error, result === undefined ? undefined : Buffer.concat(result.bytes ?? [])), deadlineMs);
      submit(served, job);
      return job;
    }
    const bound = { call, inputs: bindInputs(served.metadata, call.inputs), outputs: bindOutputs(served.metadata, call.outputs) };
    hotOf(served).preprocess.observe((performance.now() - startedAt) / 1000);
    return infer(served, bound, served.isUser ? { protocol: 'v2', headers: headersOf(headers) } : undefined, deadlineMs, (error, tensors) => {
      if (error !== undefined) {
        finish(error, undefined);
        return;
      }
      const start = performance.now();
      let reply: Buffer | undefined;
      try {
        reply = encodeInferResponse(served.name, served.version, call, tensors!);
        hotOf(served).postprocess.observe((performance.now() - start) / 1000);
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

export function inferMethods(context: FrontContext): { readonly ModelInfer: RawUnary; readonly ModelStreamInfer: Bidirectional } {
  return {
    ModelInfer: (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>) => {
      const inFlight = context.metrics.server.value('inFlight');
      inFlight.add(1);
      const job = answer(context, call.request, call.metadata, patience(call.getDeadline()), (error, reply) => {
        inFlight.add(-1);
        callback(error === undefined ? null : statusOf(error), reply);
      });
      call.on('cancelled', () => {
        if (job?.over === false) {
          job.abandon();
          inFlight.add(-1);
        }
      });
    },
    /** Requests of a stream are answered in order; a bad one is answered in place, the stream goes on. */
    ModelStreamInfer: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
      let open = 0;
      let ended = false;
      let tail: Promise<void> = Promise.resolve();
      const jobs = new Set<Wait>();
      const maybeEnd = (): void => {
        if (ended && open === 0) {
          void tail.then(() => call.end());
        }
      };
      call.on('data', (bytes: Buffer) => {
        open++;
        // enough under way: the client waits
        if (open >= 64) {
          call.pause();
        }
        let job: Wait | undefined;
        const reply = new Promise<Buffer>((resolve) => {
          job = answer(context, bytes, call.metadata, patience(call.getDeadline()), (error, response) => {
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
          call.write(message);
          open--;
          call.resume();
          maybeEnd();
        });
      });
      call.on('end', () => {
        ended = true;
        maybeEnd();
      });
      call.on('cancelled', () => {
        for (const job of jobs) {
          job.abandon();
        }
      });
      call.on('error', () => undefined);
    },
  };
}
