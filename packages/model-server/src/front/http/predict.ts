import { callerHeaders } from './caller-headers';
import { bytesIn, Exchange, JSON_TYPE } from './exchange';
import { ServerError } from '../../errors';
import { Op, IndexedTensor } from '../../frames/frame';
import type { CallRequest, RawReplyHead, RawRequest } from '../../frames/meta';
import { Protocol } from '../../metrics/catalogue';
import { Histogram } from '../../metrics/registry';
import { InferCall } from '../../model/metadata';
import { Job, JobDone } from '../../pool/job';
import { CloudEvent, isStructuredEvent, readCloudEvent } from '../../protocol/cloud-event';
import { decodeBody } from '../../protocol/raw';
import { encodeV1 } from '../../protocol/v1';
import { encodeV2, HEADER_LENGTH, REPLY_HEADER_LENGTH } from '../../protocol/v2';
import { ServedModel } from '../../registry/served';
import { leadingRows } from '../../tensor/rows';
import { LONGEST_WHOLE, recycleBody } from '../bodies';
import { FrontContext } from '../context';
import { patienceIn, remainingMs } from '../deadline';
import { infer, submit } from '../infer';
import { ObservedCall } from '../observed-call';
import { repliesAtLength, sawReply } from '../replies';
import { seriesOf } from '../series';

const BINARY_TYPE = 'application/octet-stream';

/** The caller's patience with the whole exchange, in milliseconds, where a header tells. */
export function patienceOf(exchange: Exchange): number | undefined {
  return patienceIn(exchange.header('x-request-timeout-ms') ?? exchange.header('x-envoy-expected-rq-timeout-ms'));
}

/** Milliseconds that are left of it. */
export function deadlineOf(exchange: Exchange): number | undefined {
  const patience = patienceOf(exchange);
  return patience === undefined ? undefined : remainingMs(exchange.startedAt, patience);
}

/** Headers that user code sees, below the span of this call. */
export function headersOf(exchange: Exchange): { readonly [name: string]: string } {
  const headers = callerHeaders(exchange.headers);
  return exchange.call?.forward(headers) ?? headers;
}

/** Writes a reply and sends it; gives its length. */
function finish(exchange: Exchange, model: ServedModel, protocol: 'v1' | 'v2', call: InferCall, tensors: readonly IndexedTensor[]): number {
  const start = performance.now();
  const { body, jsonLength } = protocol === 'v1' ? { body: encodeV1(tensors), jsonLength: undefined } : encodeV2({ model: model.name, version: model.version, id: call.id }, tensors, call);
  seriesOf(model).postprocess.observe((performance.now() - start) / 1000);
  if (typeof body === 'string') {
    exchange.text(200, body);
    return body.length;
  }
  exchange.bytes(200, body, BINARY_TYPE, [REPLY_HEADER_LENGTH, String(jsonLength)]);
  return bytesIn(body);
}

/** Sends a reply that the runner has encoded, timed by `time`, and tells `saw` of it; whoever has answered has read the whole body. */
function relay(exchange: Exchange, model: ServedModel, body: readonly Buffer[], time: Histogram, saw?: (rows: number, bytes: number) => void): JobDone {
  const start = performance.now();
  return (error, result) => {
    time.observe((performance.now() - start) / 1000);
    if (error !== undefined) {
      exchange.fail(error);
      return;
    }
    seriesOf(model).queueTime.observe(result!.queuedMs / 1000);
    exchange.call?.ran(result);
    if (exchange.call?.keepsBodies !== true) {
      body.forEach(recycleBody);
    }
    const { rows, jsonLength } = result!.meta as RawReplyHead;
    const binary = jsonLength !== undefined;
    const reply = result!.bytes ?? [];
    saw?.(rows, bytesIn(reply));
    try {
      exchange.bytes(200, reply, binary ? BINARY_TYPE : JSON_TYPE, binary ? [REPLY_HEADER_LENGTH, String(jsonLength)] : []);
    } catch (thrown) {
      exchange.fail(thrown);
    }
  };
}

/** What the runner must know to decode a body. */
export function rawRequest(exchange: Exchange, model: ServedModel, protocol: 'v1' | 'v2'): RawRequest {
  return {
    protocol,
    headerLength: exchange.header(HEADER_LENGTH),
    model: model.name,
    version: model.version,
    maxRows: model.maxRows,
    headers: model.isUser ? headersOf(exchange) : undefined,
  };
}

/** Forwards a body to the runner, which decodes, runs and encodes. */
function forward(exchange: Exchange, model: ServedModel, protocol: 'v1' | 'v2', chunks: readonly Buffer[]): void {
  const done = relay(exchange, model, chunks, seriesOf(model).predict, (rows, bytes) => sawReply(model, protocol, rows, bytes));
  const job = new Job({ op: Op.RAW, rows: -1, key: 'raw', meta: rawRequest(exchange, model, protocol), bytes: chunks }, done, deadlineOf(exchange));
  exchange.onGone = () => job.abandon();
  submit(model, job);
}

/** Forwards a call to user code that takes bodies as they are; an event says itself whether its data is JSON. */
export function callFree(exchange: Exchange, model: ServedModel, protocol: 'v1' | 'v2', verb: 'predict' | 'explain', chunks: readonly Buffer[], isJson?: boolean): void {
  const meta: CallRequest = { verb, wire: protocol, isJson, protocol, headerLength: exchange.header(HEADER_LENGTH), model: model.name, version: model.version, headers: headersOf(exchange) };
  const job = new Job({ op: Op.CALL, rows: -1, key: 'call', meta, bytes: chunks }, relay(exchange, model, chunks, seriesOf(model)[verb]), deadlineOf(exchange));
  exchange.onGone = () => job.abandon();
  submit(model, job);
}

/** Makes an exchange the call of a model. */
export function observe(context: FrontContext, exchange: Exchange, model: ServedModel, protocol: Protocol): void {
  exchange.call = new ObservedCall(context, model, protocol, exchange, exchange.startedAt, exchange.url);
}

/** Tells the log of the body that came. */
export function logRequest(exchange: Exchange, bytes: Buffer): void {
  exchange.call!.request({ bytes, type: exchange.header('content-type') ?? JSON_TYPE, jsonLength: exchange.header(HEADER_LENGTH) });
}

/** The CloudEvent that a body may be; the reply then becomes one too. */
function openEvent(context: FrontContext, exchange: Exchange, model: ServedModel, body: readonly Buffer[]): CloudEvent | undefined {
  const event = readCloudEvent(exchange.headers, body, { model: model.name, env: context.env });
  if (event === undefined) {
    return undefined;
  }
  exchange.envelope = (reply) => event.reply(reply);
  if (!event.isJson && model.metadata.untyped !== true) {
    throw new ServerError('unsupported-media', 'the data of the CloudEvent must be JSON; only a model with preprocess and without declared inputs takes other data');
  }
  return event;
}

/** Reads the body of an observed call, out of its CloudEvent, which says whether it is JSON; a large one comes in chunks unless all of it is looked at here. */
export function readCall(context: FrontContext, exchange: Exchange, model: ServedModel, protocol: 'v1' | 'v2', then: (body: readonly Buffer[], isJson?: boolean) => void): void {
  const keepsBodies = exchange.call!.keepsBodies;
  const take = (received: readonly Buffer[]): void => {
    if (keepsBodies) {
      logRequest(exchange, received[0]!);
    }
    const event = protocol === 'v1' ? openEvent(context, exchange, model, received) : undefined;
    then(event?.data ?? received, event?.isJson);
  };
  const whole = keepsBodies || model.executor.inline;
  exchange.readBody((body) => take([body]), protocol === 'v1' && isStructuredEvent(exchange.headers) ? undefined : { beyond: whole ? Infinity : LONGEST_WHOLE, then: take });
}

/** Answers a prediction by V1 or V2. */
export function predict(context: FrontContext, exchange: Exchange, protocol: 'v1' | 'v2', name: string, version: string | undefined): void {
  const model = context.registry.ready(name, version);
  observe(context, exchange, model, protocol);
  readCall(context, exchange, model, protocol, (chunks, isJson) => {
    if (model.metadata.untyped === true) {
      callFree(exchange, model, protocol, 'predict', chunks, isJson);
    } else if (bytesIn(chunks) > LONGEST_WHOLE && !model.executor.inline) {
      forward(exchange, model, protocol, chunks);
    } else {
      run(exchange, model, protocol, chunks[0]!);
    }
  });
}

/** Decodes a body here and runs it. */
function run(exchange: Exchange, model: ServedModel, protocol: 'v1' | 'v2', body: Buffer): void {
  const start = performance.now();
  const bound = decodeBody(model.metadata, protocol, body, exchange.header(HEADER_LENGTH));
  seriesOf(model).preprocess.observe((performance.now() - start) / 1000);
  const rows = leadingRows(bound.inputs);
  if (repliesAtLength(model, protocol, rows)) {
    forward(exchange, model, protocol, [body]);
    return;
  }
  const job = infer(model, bound, model.isUser ? { protocol, headers: headersOf(exchange) } : undefined, deadlineOf(exchange), (error, tensors, result) => {
    exchange.call?.ran(result);
    if (error !== undefined) {
      exchange.fail(error);
      return;
    }
    try {
      sawReply(model, protocol, rows, finish(exchange, model, protocol, bound.call, tensors!));
      if (exchange.call?.keepsBodies !== true) {
        recycleBody(body);
      }
    } catch (thrown) {
      exchange.fail(thrown);
    }
  });
  exchange.onGone = () => job.abandon();
}
