import type { GrpcCall } from './call';
import type { RawUnary, Streaming } from './server';
import { ServerError, shuttingDown, STATUSES, toServerError } from '../../errors';
import { Op } from '../../frames/frame';
import type { CallRequest, RawReplyHead, RawRequest } from '../../frames/meta';
import { decodeInferRequest, encodeInferResponse, GrpcInferCall } from '../../grpc/infer-codec';
import { peekModel } from '../../grpc/peek';
import { MESSAGES } from '../../grpc/schema';
import { bindInputs, bindOutputs } from '../../model/metadata';
import { Job } from '../../pool/job';
import { encodeMessage } from '../../protobuf/message';
import { Writer } from '../../protobuf/wire';
import { InlineExecutor } from '../../registry/inline-executor';
import { ServedModel } from '../../registry/served';
import { leadingRows } from '../../tensor/rows';
import { LONGEST_WHOLE, recycleBody } from '../bodies';
import { FrontContext } from '../context';
import { count, hotOf, infer, outcomeOf, submit, Wait } from '../infer';
import { logFailure, Observation } from '../observation';
import { repliesAtLength, sawReply } from '../replies';

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

/** A request for a model that is known, to be answered once or given up. */
class Inference implements Wait {
  private readonly observation: Observation | undefined;
  private job: Wait | undefined;

  public constructor(private readonly context: FrontContext, private readonly model: ServedModel, private readonly incoming: Incoming, private readonly done: Done) {
    const { bytes, call } = incoming;
    context.metrics.inFlight.add(1);
    this.observation = context.observing ? Observation.begin(context, model, 'grpc', call.metadata, PATH) : undefined;
    this.observation?.request(bytes, undefined);
  }

  public get over(): boolean {
    return this.job?.over ?? true;
  }

  public abandon(): void {
    if (!this.over) {
      this.job!.abandon();
      this.context.metrics.inFlight.add(-1);
      count(this.model, 'grpc', 'cancelled', this.incoming.startedAt);
      this.observation?.end(STATUSES.cancelled.grpc, false);
    }
  }

  /** Answers by what the model needs; `request` is decoded unless it is large. */
  public start(request: GrpcInferCall | undefined): void {
    const { model } = this;
    const { name, version } = model;
    try {
      if (model.metadata.untyped === true) {
        this.forward(Op.CALL, { verb: 'predict', wire: 'grpc', protocol: 'v2', model: name, version, headers: this.headers() });
      } else if (request === undefined && !(model.executor instanceof InlineExecutor)) {
        this.forwardWhole();
      } else {
        this.run(request ?? decodeInferRequest(this.incoming.bytes));
      }
    } catch (error) {
      this.finish(toServerError(error), undefined);
    }
  }

  private finish(failure: ServerError | undefined, reply: Buffer | undefined): void {
    const { model, observation, incoming } = this;
    const message = reply === undefined ? undefined : incoming.envelope(reply);
    const error = failure ?? incoming.call.refusalOf(message!);
    this.context.metrics.inFlight.add(-1);
    count(model, 'grpc', outcomeOf(error), incoming.startedAt);
    if (observation !== undefined) {
      observation.grpcReply(error, reply);
      observation.end(error === undefined ? 0 : STATUSES[error.code].grpc, error !== undefined && STATUSES[error.code].http >= 500);
    }
    if (error !== undefined) {
      logFailure(this.context, model, 'grpc', incoming.call.metadata, error);
    }
    this.done(error, message);
  }

  private forwardWhole(): void {
    const { name, version, maxRows, isUser } = this.model;
    this.forward(Op.RAW, { protocol: 'grpc', model: name, version, maxRows, headers: isUser ? this.headers() : undefined });
  }

  /** Hands the message as it is to the runner, which decodes, runs and encodes. */
  private forward(op: number, meta: RawRequest | CallRequest): void {
    const { model, incoming } = this;
    const start = performance.now();
    const job = new Job({ op, rows: -1, key: 'raw', meta, bytes: [incoming.bytes] }, (error, result) => {
      const { predict, queueTime } = hotOf(model);
      predict.observe((performance.now() - start) / 1000);
      this.observation?.ran(result);
      if (result === undefined) {
        this.finish(error, undefined);
        return;
      }
      queueTime.observe(result.queuedMs / 1000);
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
    const { model, observation, incoming } = this;
    const bound = { call: request, inputs: bindInputs(model.metadata, request.inputs), outputs: bindOutputs(model.metadata, request.outputs) };
    hotOf(model).preprocess.observe((performance.now() - incoming.startedAt) / 1000);
    const rows = leadingRows(bound.inputs);
    if (repliesAtLength(model, 'grpc', rows)) {
      this.forwardWhole();
      return;
    }
    this.job = infer(model, bound, model.isUser ? { protocol: 'v2', headers: this.headers() } : undefined, incoming.call.patienceMs, (error, tensors, result) => {
      observation?.ran(result);
      if (error !== undefined) {
        this.finish(error, undefined);
        return;
      }
      const start = performance.now();
      let reply: Buffer | undefined;
      try {
        reply = encodeInferResponse(model.name, model.version, request, tensors!);
        hotOf(model).postprocess.observe((performance.now() - start) / 1000);
        sawReply(model, 'grpc', rows, reply.length);
        if (this.observation?.keepsBodies !== true) {
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
  private headers(): { [name: string]: string } {
    const { metadata } = this.incoming.call;
    return this.observation?.forward(metadata) ?? metadata;
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
