import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { callerHeaders } from './caller-headers';
import { pathOf, Router } from './router';
import { callerGone, ErrorCode, ServerError, shuttingDown, STATUSES, toServerError } from '../../errors';
import { IndexedTensor } from '../../frames/frame';
import { Bound, Caller, decodeBody } from '../../protocol/raw';
import { encodeV2 } from '../../protocol/v2';
import { ServedModel } from '../../registry/served';
import { FrontContext } from '../context';
import { patienceIn, remainingMs } from '../deadline';
import { infer, Wait } from '../infer';
import { ObservedCall } from '../observed-call';
import { openStream, streamInput } from '../stream';

const GOING_AWAY = 1001;
const TOO_BIG = 1009;
/** Close codes by failure. The caller's mistakes, and what takes too long, are errors of their messages and end nothing. */
const CLOSES: { readonly [C in ErrorCode]?: number } = { internal: 1011, inference: 1011, unavailable: 1013, exhausted: 1013 };
/** Bytes of replies that may wait for their reader before its messages do. */
const MOST_UNREAD = 1024 * 1024;
const PATHS = new Router<true>();
PATHS.add('GET', '/v2/models/{model}/stream', true);
PATHS.add('GET', '/v2/models/{model}/versions/{version}/stream', true);

type Headers = { readonly [name: string]: string };
type Done = (error: ServerError | undefined) => void;

/** Why a connection is closed, in the 123 bytes that there are for it. */
const reasonOf = (error: ServerError): string => Buffer.from(error.message).subarray(0, 120).toString();

/** A binary message: u32 little-endian length of the JSON part, the JSON part, tensors. */
function unwrap(message: Buffer): { body: Buffer; headerLength: string } {
  if (message.length < 4) {
    throw new ServerError('invalid', 'a binary message begins with the length of its JSON part in 4 bytes');
  }
  return { body: message.subarray(4), headerLength: String(message.readUInt32LE(0)) };
}

/** Connections that say why they end when a message is too long; `ws` gives the code alone. */
const connections = (reason: string): typeof WebSocket => class extends WebSocket {
  public override close(code?: number, data?: string | Buffer): void {
    super.close(code, code === TOO_BIG ? reason : data);
  }
};

/** Serves `GET /v2/models/N/stream`: each message is a V2 request, replies carry its id. */
export function serveWebSockets(server: Server, context: FrontContext): void {
  const { max_front_body_bytes: front, max_body_bytes: most } = context.settings;
  const maxPayload = Math.min(front, most);
  const tooBig = `a message may have ${maxPayload} bytes, see --${front < most ? 'max_front_body_bytes' : 'max_body_bytes'}`;
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, WebSocket: connections(tooBig) });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex & { readonly _httpMessage?: unknown }, head: Buffer) => {
    const refuse = (error: ServerError): void => {
      const body = JSON.stringify({ error: error.message });
      socket.end(`HTTP/1.1 ${STATUSES[error.code].http} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    socket.on('error', () => undefined);
    if (socket._httpMessage !== undefined && socket._httpMessage !== null) {
      // whoever waits for the reply to an earlier request would take this one for it
      socket.destroy();
      return;
    }
    try {
      const match = PATHS.find('GET', pathOf(req.url!));
      if (match === undefined || !('params' in match)) {
        throw new ServerError('not-found', 'there is no WebSocket here');
      }
      const [model, version] = match.params as [string, string?];
      const find = (): ServedModel => context.registry.ready(model, version);
      find();
      sockets.handleUpgrade(req, socket, head, (client) => converse(client, context, find, callerHeaders(req.headers)));
    } catch (error) {
      refuse(toServerError(error));
    }
  });
}

/** `find` gives the model as it is at each message: it may be loaded again meanwhile. */
function converse(client: WebSocket, context: FrontContext, find: () => ServedModel, headers: Headers): void {
  const answers = new Set<Wait>();
  const pieces = new Set<Wait>();
  let leaving = false;
  const maybeLeave = (): void => {
    if (leaving && answers.size === 0) {
      context.streams.delete(leave);
      client.close(GOING_AWAY, shuttingDown().message);
    }
  };
  // answers under way are given; streams may have no end
  const leave = (): void => {
    leaving = true;
    maybeLeave();
  };
  context.streams.add(leave);
  client.on('close', () => {
    context.streams.delete(leave);
    for (const job of [...answers, ...pieces]) {
      job.abandon();
    }
  });
  client.on('error', () => undefined);
  const say = (data: string | Buffer, then?: () => void): void => {
    client.send(data, { binary: typeof data !== 'string' }, () => {
      if (client.isPaused && client.bufferedAmount <= MOST_UNREAD) {
        client.resume();
      }
      then?.();
    });
    if (client.bufferedAmount > MOST_UNREAD) {
      client.pause();
    }
  };
  client.on('message', (message: Buffer, isBinary: boolean) => {
    if (leaving || client.readyState !== WebSocket.OPEN) { // closing: nobody waits for an answer, or may try elsewhere
      return;
    }
    const startedAt = performance.now();
    let id: string | undefined;
    const fail = (error: ServerError): void => {
      say(JSON.stringify({ ...(id === undefined ? {} : { id }), error: error.message }));
      const code = CLOSES[error.code];
      if (code !== undefined) {
        client.close(code, reasonOf(error));
      }
    };
    let model: ServedModel;
    try {
      model = find();
    } catch (error) {
      fail(toServerError(error));
      return;
    }
    const protocol = model.metadata.streams === true ? 'stream' : 'v2';
    const running = protocol === 'stream' ? pieces : answers;
    const call = new ObservedCall(context, model, protocol, { headers }, startedAt);
    const caller = { protocol: 'v2', headers: call.forward(headers) } as const;
    let job: Wait | undefined;
    const done: Done = (error) => {
      if (job !== undefined) {
        running.delete(job);
      }
      if (error !== undefined) {
        fail(error);
      }
      maybeLeave();
    };
    try {
      const { body, headerLength } = isBinary ? unwrap(message) : { body: message, headerLength: undefined };
      const bound = decodeBody(model.metadata, 'v2', body, headerLength);
      ({ id } = bound.call);
      const send = (tensors: readonly IndexedTensor[], then?: () => void): void => {
        const reply = encodeV2({ model: model.name, version: model.version, id }, tensors, isBinary ? { ...bound.call, binary: bound.call.binary ?? true } : { inputs: [], outputs: bound.call.outputs });
        if (typeof reply.body === 'string') {
          say(reply.body, then);
        } else {
          const length = Buffer.alloc(4);
          length.writeUInt32LE(reply.jsonLength!);
          say(Buffer.concat([length, ...reply.body]), then);
        }
      };
      // Envoy's header tells of the connection, this one of each request
      const patienceMs = patienceIn(headers['x-request-timeout-ms']);
      job = protocol === 'v2' ? answer(model, call, bound, caller, patienceMs, send, done) : openStream(model, call, streamInput(model, bound, caller), patienceMs, {
        onPiece: ({ tensors }, next) => send(tensors!, next),
        onEnd: (error) => {
          if (error === undefined) {
            say(JSON.stringify({ ...(id === undefined ? {} : { id }), final: true }));
          }
          done(error);
        },
      });
      if (!job.over) {
        running.add(job);
      }
    } catch (error) {
      const refusal = toServerError(error);
      call.end(refusal);
      fail(refusal);
    }
  });
}

/** Answers one message of a model that does not stream. */
function answer(model: ServedModel, call: ObservedCall, bound: Bound, caller: Caller, patienceMs: number | undefined, send: (tensors: readonly IndexedTensor[]) => void, done: Done): Wait {
  const wait = infer(model, bound, model.isUser ? caller : undefined, patienceMs === undefined ? undefined : remainingMs(call.startedAt, patienceMs), (failure, tensors, result) => {
    let error = failure;
    if (error === undefined) {
      try {
        send(tensors!);
      } catch (thrown) {
        error = toServerError(thrown);
      }
    }
    call.ran(result);
    call.end(error);
    done(error);
  });
  return {
    get over() { return wait.over; },
    abandon() {
      wait.abandon();
      call.end(callerGone());
    },
  };
}
