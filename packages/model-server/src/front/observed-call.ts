import type { Span } from '@opentelemetry/api';
import { FrontContext } from './context';
import { outcomeOf, seriesOf } from './series';
import { endSpan, startSpan, withSpan } from './trace';
import { ServerError, stackOf, STATUSES } from '../errors';
import type { Body, LoggedCall } from '../logging/request-log';
import { Protocol } from '../metrics/catalogue';
import type { JobResult } from '../pool/job';
import type { Headers } from '../protocol/cloud-event';
import { ServedModel } from '../registry/served';

/** A call of a model from its begin to its end, as metrics, traces, the access log and the request log see it, whichever protocol brought it. */
export class ObservedCall {
  private readonly span: Span | undefined;
  private readonly logged: LoggedCall | undefined;
  private result: JobResult | undefined;
  private over = false;

  /** `caller` has the call's headers, which are read only where they are told; what has no path is not in the request log. */
  public constructor(
    private readonly context: FrontContext,
    private readonly model: ServedModel,
    private readonly protocol: Protocol,
    private readonly caller: { readonly headers: Headers },
    public readonly startedAt: number,
    path?: string,
  ) {
    const { metrics, requestLog, tracing } = context;
    metrics.inFlight.add(1);
    this.span = tracing ? startSpan(model, protocol, caller.headers) : undefined;
    this.logged = path !== undefined && requestLog?.sampled() === true ? { id: requestLog.idOf(caller.headers), headers: caller.headers, path } : undefined;
  }

  /** Whether what came is still looked at after the answer. */
  public get keepsBodies(): boolean {
    return this.logged !== undefined;
  }

  /** Headers for user code and what it calls: below the span of this call. */
  public forward(headers: { readonly [name: string]: string }): { readonly [name: string]: string } {
    return this.span === undefined ? headers : withSpan(this.span, headers);
  }

  /** The body that came. */
  public request(body: Body): void {
    if (this.logged !== undefined) {
      this.context.requestLog!.request(this.logged, body);
    }
  }

  /** The body that leaves. */
  public reply(body: Body): void {
    if (this.logged !== undefined) {
      this.context.requestLog!.response(this.logged, body);
    }
  }

  /** The run that answers it. */
  public ran(result: JobResult | undefined): void {
    this.result = result;
  }

  /** The end, of which the first counts. */
  public end(error: ServerError | undefined): void {
    if (this.over) {
      return;
    }
    this.over = true;
    this.context.metrics.inFlight.add(-1);
    const { outcomes, duration } = seriesOf(this.model).byProtocol[this.protocol];
    outcomes[outcomeOf(error)].add();
    duration.observe((performance.now() - this.startedAt) / 1000);
    if (this.context.observing) {
      this.tell(error);
    }
    if (error?.code === 'inference' || error?.code === 'internal') {
      // the caller's mistakes are the caller's
      this.context.log.error({ ...this.identity, stack: stackOf(error) }, error.message);
    }
  }

  private tell(error: ServerError | undefined): void {
    const { context, result, protocol } = this;
    const { http, grpc } = error === undefined ? { http: 200, grpc: 0 } : STATUSES[error.code];
    const status = protocol === 'grpc' ? grpc : http;
    const stages: { readonly [name: string]: number } = result === undefined ? {} : { queueMs: round(result.queuedMs), runMs: round(result.runMs), batchRows: result.batch };
    if (this.span !== undefined) {
      endSpan(this.span, status, http >= 500, stages);
    }
    const { access_log_sample: sample, enable_latency_logging: latency } = context.settings;
    if (latency || (sample > 0 && Math.random() < sample)) {
      context.log.info({ ...this.identity, status, milliseconds: round(performance.now() - this.startedAt), ...stages }, 'request');
    }
  }

  /** Which call a line of the log tells of. */
  private get identity(): object {
    const { name: model, version } = this.model;
    return { requestId: this.caller.headers['x-request-id'], model, version, protocol: this.protocol };
  }
}

const round = (ms: number): number => Number(ms.toFixed(3));
