import { ServerError, shuttingDown } from '../../errors';
import { decodeBody } from '../../protocol/raw';
import { encodeV1 } from '../../protocol/v1';
import { encodeV2, HEADER_LENGTH } from '../../protocol/v2';
import { FrontContext } from '../context';
import { count, outcomeOfStatus, Wait } from '../infer';
import { openStream } from '../stream';
import { StreamingExchange } from './exchange';
import { headersOf, patienceOf } from './predict';

/** Answers in server-sent events, one reply each; a failure is an event of its own, then the end. */
export function streamEvents(context: FrontContext, exchange: StreamingExchange, protocol: 'v1' | 'v2', name: string, version: string | undefined): void {
  const model = context.registry.ready(name, version);
  let job: Wait | undefined;
  let ended = false;
  exchange.onSent = (status) => {
    if (job === undefined && !ended) { // refused before it began, which nobody else counts
      count(model, 'stream', outcomeOfStatus(status), exchange.startedAt);
    }
  };
  exchange.readBody((body) => {
    const bound = decodeBody(model.metadata, protocol, body, exchange.header(HEADER_LENGTH));
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
    job = openStream(model, bound, { protocol, headers: headersOf(exchange) }, { startedAt: exchange.startedAt, ms: patienceOf(exchange) }, {
      onPiece(tensors, next) {
        const text = (protocol === 'v1' ? encodeV1(tensors) : encodeV2({ model: model.name, version: model.version, id: bound.call.id }, tensors, { inputs: [] }).body) as string;
        begin();
        // a reader that falls behind holds the model back
        if (res.write(`data: ${text}\n\n`)) {
          next();
        } else {
          res.once('drain', next);
        }
      },
      onEnd(error) {
        ended = true;
        finish(error);
      },
    });
    const end = (): void => {
      job!.abandon();
      finish(shuttingDown());
    };
    context.streams.add(end);
    res.on('close', () => {
      context.streams.delete(end);
      job!.abandon();
    });
  });
}
