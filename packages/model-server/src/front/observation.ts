import type { Span } from '@opentelemetry/api';
import { invalid, ServerError, STATUSES } from '../errors';
import { FrontContext } from './context';
import { JSON_TYPE } from './http/exchange';
import { count, outcomeOf } from './infer';
import { endSpan, startSpan, withSpan } from './trace';
import { decodeInferRequest, decodeInferResponse } from '../grpc/infer-codec';
import type { Body, LoggedCall } from '../logging/request-log';
import { Protocol } from '../metrics/catalogue';
import type { JobResult } from '../pool/job';
import type { Headers } from '../protocol/cloud-event';
import { encodeV2, encodeV2Request, HEADER_LENGTH } from '../protocol/v2';
import { ServedModel } from '../registry/served';

/** A message of gRPC as the log has it: the same in JSON, made when it is sent. */
const REQUEST = (bytes: Buffer): Buffer => {
  const call = decodeInferRequest(bytes);
  const { chunks: [json], jsonLength } = encodeV2Request({ ...call, outputs: call.outputs?.map(({ name }) => name) }, false);
  if (jsonLength !== undefined) {
    throw invalid('a tensor of the request has no form in JSON');
  }
  return json as Buffer;
};
const RESPONSE = (bytes: Buffer): Buffer => {
  const { outputs, ...head } = decodeInferResponse(bytes);
  return Buffer.from(encodeV2(head, outputs, { inputs: [] }).body as string);
};

/** One inference as traces, the access log and the request log see it, whichever protocol brought it. */
export class Observation {
  private readonly span: Span | undefined;
  private readonly logged: LoggedCall | undefined;
  private readonly startedAt = performance.now();
  private result: JobResult | undefined;

  private constructor(private readonly context: FrontContext, private readonly model: ServedModel, private readonly protocol: Protocol, private readonly headers: Headers, path: string | undefined) {
    const { requestLog, tracing } = context;
    this.span = tracing ? startSpan(model, protocol, headers) : undefined;
    this.logged = path !== undefined && requestLog?.sampled() === true ? { id: requestLog.idOf(headers), headers, path } : undefined;
  }

  /** Begins to observe; undefined where nothing is to be told. What has no path is not in the request log. */
  public static begin(context: FrontContext, model: ServedModel, protocol: Protocol, headers: Headers, path?: string): Observation | undefined {
    return context.observing ? new Observation(context, model, protocol, headers, path) : undefined;
  }

  /** Whether what came is still looked at after the answer. */
  public get keepsBodies(): boolean {
    return this.logged !== undefined;
  }

  /** Headers for user code and what it calls: below the span of this call. */
  public forward(headers: { readonly [name: string]: string }): { [name: string]: string } {
    return this.span === undefined ? headers : withSpan(this.span, headers);
  }

  /** The body that came. */
  public request(bytes: Buffer, type: string | undefined): void {
    if (this.logged !== undefined) {
      this.context.requestLog!.request(this.logged, this.protocol === 'grpc' ? { bytes, type: JSON_TYPE, convert: REQUEST } : { bytes, type: type ?? JSON_TYPE, jsonLength: this.headers[HEADER_LENGTH] as string });
    }
  }

  /** The body that leaves. */
  public reply(body: Body): void {
    if (this.logged !== undefined) {
      this.context.requestLog!.response(this.logged, body);
    }
  }

  /** A reply, or an error, of gRPC. */
  public grpcReply(error: ServerError | undefined, bytes: Buffer | undefined): void {
    this.reply(error === undefined ? { bytes: bytes!, type: JSON_TYPE, convert: RESPONSE } : { bytes: Buffer.from(JSON.stringify({ error: error.message })), type: JSON_TYPE });
  }

  public ran(result: JobResult | undefined): void {
    this.result = result;
  }

  /** The end; `status` is the protocol's own. */
  public end(status: number, failed: boolean): void {
    const { model, protocol, result } = this;
    const stages: { readonly [name: string]: number } = result === undefined ? {} : { queueMs: round(result.queuedMs), runMs: round(result.runMs), batchRows: result.batch };
    if (this.span !== undefined) {
      endSpan(this.span, status, failed, stages);
    }
    const { access_log_sample: sample, enable_latency_logging: latency } = this.context.settings;
    if (latency || (sample > 0 && Math.random() < sample)) {
      const milliseconds = round(performance.now() - this.startedAt);
      this.context.log.info({ requestId: this.headers['x-request-id'], model: model.name, version: model.version, protocol, status, milliseconds, ...stages }, 'request');
    }
  }
}

const round = (ms: number): number => Number(ms.toFixed(3));

/** Tells of a failure that is the model's or the server's; callers' mistakes are theirs. */
export function logFailure(context: FrontContext, model: ServedModel, protocol: Protocol, headers: Headers, error: ServerError): void {
  if (error.code === 'inference' || error.code === 'internal') {
    const { stack } = (error.cause ?? {}) as { stack?: string };
    context.log.error({ requestId: headers['x-request-id'], model: model.name, version: model.version, protocol, stack }, error.message);
  }
}

type Forwarded = { readonly [name: string]: string };

/** A call that is no exchange of HTTP by itself: a message, or a stream. */
export interface WatchedCall {
  /** Headers for user code and what it calls. */
  forward(headers: Forwarded): Forwarded;
  end(error: ServerError | undefined, result?: JobResult): void;
}

/** Counts, traces and logs a call from now to its end. */
export function watch(context: FrontContext, model: ServedModel, protocol: Protocol, headers: Headers, startedAt: number): WatchedCall {
  const { inFlight } = context.metrics;
  const observation = Observation.begin(context, model, protocol, headers);
  inFlight.add(1);
  return {
    forward: (own) => observation?.forward(own) ?? own,
    end(error, result) {
      const status = error === undefined ? 200 : STATUSES[error.code].http;
      inFlight.add(-1);
      count(model, protocol, outcomeOf(error), startedAt);
      observation?.ran(result);
      observation?.end(status, status >= 500);
      if (error !== undefined) {
        logFailure(context, model, protocol, headers, error);
      }
    },
  };
}
