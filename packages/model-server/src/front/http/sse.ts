import { ServerError, shuttingDown } from '../../errors';
import { Frame } from '../../frames/frame';
import { decodeBody, encodePiece } from '../../protocol/raw';
import { HEADER_LENGTH } from '../../protocol/v2';
import { LONGEST_WHOLE, recycleBody } from '../bodies';
import { FrontContext } from '../context';
import { Wait } from '../infer';
import { ObservedCall } from '../observed-call';
import { openStream, StreamInput, streamInput } from '../stream';
import { StreamingExchange } from './exchange';
import { headersOf, patienceOf, rawRequest } from './predict';

const DATA = Buffer.from('data: ');
const END = Buffer.from('\n\n');

/** Answers in server-sent events, one reply each; a failure is an event of its own, then the end. */
export function streamEvents(context: FrontContext, exchange: StreamingExchange, protocol: 'v1' | 'v2', name: string, version: string | undefined): void {
  const model = context.registry.ready(name, version);
  const call = new ObservedCall(context, model, 'stream', exchange, exchange.startedAt);
  exchange.call = call;
  const open = (body: readonly Buffer[], input: StreamInput, eventOf: (piece: Frame) => string | Uint8Array): void => {
    const { res } = exchange;
    let begun = false;
    const begin = (): void => {
      if (!begun) {
        begun = true;
        exchange.takeOver();
        res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' });
      }
    };
    const finish = (error: ServerError | undefined): void => {
      if (error === undefined) {
        begin();
        context.streams.delete(end);
        res.end();
      } else if (begun) {
        context.streams.delete(end);
        res.end(`event: error\ndata: ${JSON.stringify({ error: error.message })}\n\n`);
      } else {
        exchange.fail(error);
      }
    };
    const job: Wait = openStream(model, call, input, patienceOf(exchange), {
      onPiece(piece, next) {
        const event = eventOf(piece);
        begin();
        // a reader that falls behind holds the model back
        if (res.write(event)) {
          next();
        } else {
          res.once('drain', next);
        }
      },
      onEnd(error) {
        if (error === undefined) {
          body.forEach(recycleBody);
        }
        finish(error);
      },
    });
    const end = (): void => {
      job.abandon();
      finish(shuttingDown());
    };
    context.streams.add(end);
    res.on('close', () => {
      context.streams.delete(end);
      job.abandon();
    });
  };
  exchange.readBody((body) => {
    const bound = decodeBody(model.metadata, protocol, body, exchange.header(HEADER_LENGTH));
    const head = { model: model.name, version: model.version, id: bound.call.id };
    open([body], streamInput(model, bound, { protocol, headers: headersOf(exchange) }), ({ tensors }) => `data: ${encodePiece(protocol, head, tensors!)}\n\n`);
  }, {
    beyond: LONGEST_WHOLE,
    then: (chunks) => open(chunks, { bytes: chunks, meta: rawRequest(exchange, model, protocol) }, ({ bytes }) => Buffer.concat([DATA, ...bytes!, END])),
  });
}
