import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { ServerError, STATUSES, toServerError } from '../../errors';
import { IndexedTensor } from '../../frames/frame';
import { encodeV2 } from '../../protocol/v2';
import { ServedModel } from '../../registry/served';
import { decodeBody } from '../../runner/raw';
import { FrontContext } from '../context';
import { infer } from '../infer';
import { openStream } from '../stream';

const GOING_AWAY = 1001;
const TRY_AGAIN = 1013;
const INTERNAL = 1011;
const PATH = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/stream\/?$/;

/** A binary message: u32 little-endian length of the JSON part, the JSON part, tensors. */
function unwrap(message: Buffer): { body: Buffer; headerLength: string } {
  if (message.length < 4) {
    throw new ServerError('invalid', 'a binary message begins with the length of its JSON part in 4 bytes');
  }
  return { body: message.subarray(4), headerLength: String(message.readUInt32LE(0)) };
}

/** Serves `GET /v2/models/N/stream`: each message is a V2 request, replies carry its id. */
export function serveWebSockets(server: Server, context: FrontContext): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: context.settings.max_body_bytes, perMessageDeflate: false });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (error: ServerError): void => {
      const body = JSON.stringify({ error: error.message });
      socket.end(`HTTP/1.1 ${STATUSES[error.code].http} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    socket.on('error', () => undefined);
    try {
      const match = PATH.exec(req.url!.split('?')[0]!);
      if (match === null) {
        throw new ServerError('not-found', 'there is no WebSocket here');
      }
      const model = context.registry.ready(decodeURIComponent(match[1]!), match[2]);
      const headers = Object.fromEntries(Object.entries(req.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
      sockets.handleUpgrade(req, socket, head, (client) => converse(client, context, model, headers));
    } catch (error) {
      refuse(toServerError(error));
    }
  });
}

function converse(client: WebSocket, context: FrontContext, model: ServedModel, headers: { readonly [name: string]: string }): void {
  const running = new Set<{ abandon(): void }>();
  const end = (): void => client.close(GOING_AWAY, 'the server is shutting down');
  context.streams.add(end);
  client.on('close', () => {
    context.streams.delete(end);
    for (const job of running) {
      job.abandon();
    }
  });
  client.on('error', () => undefined);
  client.on('message', (message: Buffer, isBinary: boolean) => {
    let id: string | undefined;
    const fail = (error: ServerError): void => {
      client.send(JSON.stringify({ ...(id === undefined ? {} : { id }), error: error.message }));
      // the caller's mistakes end nothing; the server's do
      if (error.code === 'unavailable' || error.code === 'exhausted') {
        client.close(TRY_AGAIN, error.message.slice(0, 100));
      } else if (STATUSES[error.code].http >= 500 && error.code !== 'unimplemented') {
        client.close(INTERNAL, error.message.slice(0, 100));
      }
    };
    try {
      const { body, headerLength } = isBinary ? unwrap(message) : { body: message, headerLength: undefined };
      const bound = decodeBody(model.metadata, 'v2', body, headerLength);
      ({ id } = bound.call);
      const send = (tensors: readonly IndexedTensor[], then: () => void): void => {
        const reply = encodeV2({ model: model.name, version: model.version, id }, tensors, isBinary ? { ...bound.call, binary: bound.call.binary ?? true } : { inputs: [], outputs: bound.call.outputs });
        if (typeof reply.body === 'string') {
          client.send(reply.body, then);
        } else {
          const length = Buffer.alloc(4);
          length.writeUInt32LE(reply.jsonLength!);
          client.send(Buffer.concat([length, ...reply.body]), { binary: true }, then);
        }
      };
      const caller = { protocol: 'v2', headers } as const;
      if (model.metadata.streams !== true) {
        const job = infer(model, bound, model.isUser ? caller : undefined, undefined, (error, tensors) => {
          running.delete(job);
          if (error === undefined) {
            send(tensors!, () => undefined);
          } else {
            fail(error);
          }
        });
        running.add(job);
        return;
      }
      const job = openStream(model, bound, caller, {
        onPiece: (tensors, next) => send(tensors, next),
        onEnd: (error) => {
          running.delete(job);
          if (error !== undefined) {
            fail(error);
          } else {
            client.send(JSON.stringify({ ...(id === undefined ? {} : { id }), final: true }));
          }
        },
      });
      running.add(job);
    } catch (error) {
      fail(toServerError(error));
    }
  });
}

