import type { GrpcCall } from './call';
import type { RawUnary, Streaming } from './server';
import { callerGone, invalid, ServerError, shuttingDown, toServerError } from '../../errors';
import { Op } from '../../frames/frame';
import type { CallRequest, RawReplyHead, RawRequest } from '../../frames/meta';
import { decodeInferRequest, decodeInferResponse, encodeInferResponse, GrpcInferCall } from '../../grpc/infer-codec';
import { peekModel } from '../../grpc/peek';
import { MESSAGES } from '../../grpc/schema';
import { bindInputs, bindOutputs } from '../../model/metadata';
import { Job } from '../../pool/job';
import { encodeMessage } from '../../protobuf/message';
import { Writer } from '../../protobuf/wire';
import { encodeV2, encodeV2Request } from '../../protocol/v2';
import { ServedModel } from '../../registry/served';
import { leadingRows } from '../../tensor/rows';
import { LONGEST_WHOLE, recycleBody } from '../bodies';
import { FrontContext } from '../context';
import { JSON_TYPE } from '../http/exchange';
import { infer, submit, Wait } from '../infer';
import { ObservedCall } from '../observed-call';
import { repliesAtLength, sawReply } from '../replies';
import { seriesOf } from '../series';

type Done = (error: ServerError | undefined, message: Buffer | undefined) => void;

const PATH = '/inference.GRPCInferenceService/ModelInfer';

/** A message as it came. */
interface Incoming {
  readonly call: GrpcCall;
  readonly bytes: Buffer;
  readonly startedAt: number;
  /** Its reply as the message that is sent. */
  readonly envelope: (reply: Buffer) => Buffer;
}

/** A request as the log has it: the same in JSON, made when it is sent. */
function requestAsJson(bytes: Buffer): Buffer {
  const call = decodeInferRequest(bytes);
  const { chunks: [json], jsonLength } = encodeV2Request({ ...call, outputs: call.outputs?.map(({ name }) => name) }, false);
  if (jsonLength !== undefined) {
    throw invalid('a tensor of the request has no form in JSON');
  }
  return json as Buffer;
}

function responseAsJson(bytes: Buffer): Buffer {
  const { outputs, ...head } = decodeInferResponse(bytes);
  return Buffer.from(encodeV2(head, outputs, { inputs: [] }).body as string);
}

/** A request for a model that is known, to be answered once or given up. */
class Inference implements Wait {
  private readonly call: ObservedCall;
  private job: Wait | undefined;

  public constructor(context: FrontContext, private readonly model: ServedModel, private readonly incoming: Incoming, private readonly done: Done) {
    this.call = new ObservedCall(context, model, 'grpc', this, incoming.startedAt, PATH);
    this.call.request({ bytes: incoming.bytes, type: JSON_TYPE, convert: requestAsJson });
  }

  /** The caller's. */
  public get headers(): { readonly [name: string]: string } {
    return this.incoming.call.metadata;
  }

  public get over(): boolean {
    return this.job?.over ?? true;
  }

  public abandon(): void {
    if (!this.over) {
      this.job!.abandon();
      this.call.end(callerGone());
    }
  }

  /** Answers by what the model needs; `request` is decoded unless it is large. */
  public start(request: GrpcInferCall | undefined): void {
    const { model } = this;
    const { name, version } = model;
    try {
      if (model.metadata.untyped === true) {
        this.forward(Op.CALL, { verb: 'predict', wire: 'grpc', protocol: 'v2', model: name, version, headers: this.forwarded() });
      } else if (request === undefined && !model.executor.inline) {
        this.forwardWhole();
      } else {
        this.run(request ?? decodeInferRequest(this.incoming.bytes));
      }
    } catch (error) {
      this.finish(toServerError(error), undefined);
    }
  }

  private finish(failure: ServerError | undefined, reply: Buffer | undefined): void {
    const { call, incoming } = this;
    const message = reply === undefined ? undefined : incoming.envelope(reply);
    const error = failure ?? incoming.call.refusalOf(message!);
    if (call.keepsBodies) {
      call.reply(error === undefined ? { bytes: reply!, type: JSON_TYPE, convert: responseAsJson } : { bytes: Buffer.from(JSON.stringify({ error: error.message })), type: JSON_TYPE });
    }
    call.end(error);
    this.done(error, message);
  }

  private forwardWhole(): void {
    const { name, version, maxRows, isUser } = this.model;
    this.forward(Op.RAW, { protocol: 'grpc', model: name, version, maxRows, headers: isUser ? this.forwarded() : undefined });
  }

  /** Hands the message as it is to the runner, which decodes, runs and encodes. */
  private forward(op: number, meta: RawRequest | CallRequest): void {
    const { model, incoming } = this;
    const start = performance.now();
    const job = new Job({ op, rows: -1, key: 'raw', meta, bytes: [incoming.bytes] }, (error, result) => {
      const { predict, queueTime } = seriesOf(model);
      predict.observe((performance.now() - start) / 1000);
      this.call.ran(result);
      if (result === undefined) {
        this.finish(error, undefined);
        return;
      }
      queueTime.observe(result.queuedMs / 1000);
      if (!this.call.keepsBodies) {
        recycleBody(incoming.bytes);
      }
      const reply = Buffer.concat(result.bytes ?? []);
      if (op === Op.RAW) {
        sawReply(model, 'grpc', (result.meta as RawReplyHead).rows, reply.length);
      }
      this.finish(error, reply);
    }, incoming.call.patienceMs);
    this.job = job;
    submit(model, job);
  }

  /** Runs a decoded request. */
  private run(request: GrpcInferCall): void {
    const { model, call, incoming } = this;
    const bound = { call: request, inputs: bindInputs(model.metadata, request.inputs), outputs: bindOutputs(model.metadata, request.outputs) };
    seriesOf(model).preprocess.observe((performance.now() - incoming.startedAt) / 1000);
    const rows = leadingRows(bound.inputs);
    if (repliesAtLength(model, 'grpc', rows)) {
      this.forwardWhole();
      return;
    }
    this.job = infer(model, bound, model.isUser ? { protocol: 'v2', headers: this.forwarded() } : undefined, incoming.call.patienceMs, (error, tensors, result) => {
      call.ran(result);
      if (error !== undefined) {
        this.finish(error, undefined);
        return;
      }
      const start = performance.now();
      let reply: Buffer | undefined;
      try {
        reply = encodeInferResponse(model.name, model.version, request, tensors!);
        seriesOf(model).postprocess.observe((performance.now() - start) / 1000);
        sawReply(model, 'grpc', rows, reply.length);
        if (!call.keepsBodies) {
          recycleBody(incoming.bytes);
        }
      } catch (thrown) {
        this.finish(toServerError(thrown), undefined);
        return;
      }
      this.finish(undefined, reply);
    });
  }

  /** Headers for user code. */
  private forwarded(): { readonly [name: string]: string } {
    return this.call.forward(this.headers);
  }
}

/** Answers one ModelInferRequest; gives what may be abandoned. */
function answer(context: FrontContext, call: GrpcCall, bytes: Buffer, envelope: (reply: Buffer) => Buffer, done: Done): Wait | undefined {
  const startedAt = performance.now();
  let decoded: GrpcInferCall | undefined;
  let inference: Inference;
  try {
    decoded = bytes.length > LONGEST_WHOLE ? undefined : decodeInferRequest(bytes);
    const wanted = decoded ?? peekModel(bytes);
    inference = new Inference(context, context.registry.ready(wanted.model, wanted.version), { call, bytes, startedAt, envelope }, done);
  } catch (error) {
    done(toServerError(error), undefined);
    return undefined;
  }
  inference.start(decoded);
  return inference;
}

/** A reply within a stream. */
const PIECE = (reply: Buffer): Buffer => new Writer(reply.length + 16).bytes(2, reply).finish();

/** Requests of a stream that may be under way; beyond that the caller waits. */
const MAX_OPEN = 64;

export function inferMethods(context: FrontContext): { readonly ModelInfer: RawUnary; readonly ModelStreamInfer: Streaming } {
  return {
    ModelInfer: (call, bytes) => {
      const job = answer(context, call, bytes, (reply) => reply, (error, message) => {
        if (error === undefined) {
          call.reply(message!);
        } else {
          call.fail(error);
        }
      });
      call.onCancel = () => job?.abandon();
    },
    /** Requests of a stream are answered in order; a bad one is answered in place, the stream goes on. */
    ModelStreamInfer: (call) => {
      let open = 0;
      let ended = false;
      let leaving = false;
      let tail: Promise<void> = Promise.resolve();
      const jobs = new Set<Wait>();
      const maybeEnd = (): void => {
        if (open === 0 && (ended || leaving)) {
          void tail.then(() => (ended ? call.end() : call.fail(shuttingDown())));
        }
      };
      const leave = (): void => {
        leaving = true;
        maybeEnd();
      };
      context.streams.add(leave);
      call.onOver = () => context.streams.delete(leave);
      call.onMessage = (bytes) => {
        if (leaving) { // what is not begun may be tried elsewhere
          return;
        }
        open++;
        if (open >= MAX_OPEN) {
          call.pause();
        }
        let job: Wait | undefined;
        const reply = new Promise<Buffer>((resolve) => {
          job = answer(context, call, bytes, PIECE, (error, message) => {
            if (job !== undefined) {
              jobs.delete(job);
            }
            resolve(error === undefined ? message! : encodeMessage(MESSAGES, '.inference.ModelStreamInferResponse', { error_message: error.message }));
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
