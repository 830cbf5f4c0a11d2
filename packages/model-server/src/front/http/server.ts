import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AddressInfo, Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { FrontContext } from '../context';
import { ALIVE, listenOn } from '../listen';
import { TlsFiles } from '../tls';
import { DirectConnections } from './direct';
import { BodyLimits, Exchange } from './exchange';
import { HttpExchange } from './http-exchange';
import { embeddings, listModels, oneModel, openAiPrefix, rerank } from './openai';
import { pathOf, Router } from './router';
import { Handler, ROUTES, StreamHandler } from './routes';
import { serveWebSockets } from './websocket';

/** Without a request for this long, the server counts as drained. */
const QUIET_MS = 300;

/** Longest time in which a request may come: 64 MiB at 2 Mbit/s. */
const REQUEST_MS = 300_000;

/** Node's code for a request that did not come in time. */
const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Answers to what Node's parser gives up on; all else is 400. */
const UNPARSED: { readonly [code: string]: readonly [status: string, error: string] } = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too long'],
  [LATE]: ['408 Request Timeout', 'the request did not come to its end in time'],
};

/** Clients that would rather speak HTTP/2, as Java's, offer it with a request that is to be answered. */
const asksForWebSocket = (req: IncomingMessage): boolean => /\bwebsocket\b/i.test(req.headers.upgrade ?? '');

/** What answers a route: alike on every connection, and where it may answer with a stream. */
interface Entry {
  readonly whole?: Handler;
  readonly stream?: StreamHandler;
}

/** The REST server. */
export class HttpFront {
  private readonly server: Server;
  /** Undefined with TLS. */
  private readonly direct: DirectConnections | undefined;
  private readonly router = new Router<Entry>();
  private readonly limits: BodyLimits;
  private closing = false;
  private active = 0;

  public constructor(private readonly context: FrontContext, tls: TlsFiles | undefined) {
    for (const [method, pattern, whole, stream] of ROUTES) {
      this.router.add(method, pattern, { whole, stream });
    }
    const openAi = openAiPrefix(context.env);
    this.router.add('POST', `${openAi}/v1/embeddings`, { whole: embeddings });
    this.router.add('POST', `${openAi}/v1/rerank`, { whole: rerank });
    if (openAi !== '') {
      // without a prefix these are V1's own paths
      this.router.add('GET', `${openAi}/v1/models`, { whole: listModels });
      this.router.add('GET', `${openAi}/v1/models/{n}`, { whole: oneModel });
    }
    const { settings } = context;
    this.limits = { most: settings.max_body_bytes, front: settings.max_front_body_bytes };
    const keepAliveTimeout = settings.timeout_keep_alive * 1000;
    const headersTimeout = keepAliveTimeout + 5000;
    const requestTimeout = Math.max(REQUEST_MS, headersTimeout);
    const options = { ...ALIVE, keepAliveTimeout, headersTimeout, requestTimeout, noDelay: true, shouldUpgradeCallback: asksForWebSocket };
    const onError = (error: unknown): void => context.log.error({ err: error }, 'a connection was ended by a failure');
    const listener = (req: IncomingMessage, res: ServerResponse): void => {
      try {
        this.handle(req, res);
      } catch (error) {
        // thrown on, it would end the server with all its connections
        res.destroy();
        onError(error);
      }
    };
    if (tls === undefined) {
      this.server = createServer(options, listener);
      this.direct = new DirectConnections(this.server, {
        limits: this.limits,
        keepAliveMs: keepAliveTimeout,
        requestMs: requestTimeout,
        onLate: (socket) => this.server.emit('clientError', Object.assign(new Error('late'), { code: LATE }), socket),
        find: (method, url) => {
          const match = this.router.find(method, pathOf(url));
          if (match === undefined || !('params' in match) || match.handler.whole === undefined) {
            return undefined;
          }
          const { whole } = match.handler;
          return { params: match.params, handle: (exchange) => this.run(whole, exchange) };
        },
        closing: () => this.closing,
        onError,
      });
    } else {
      const secure = createTlsServer({ ...options, ...tls.read() }, listener);
      tls.onChange((material) => secure.setSecureContext(material));
      this.server = secure;
    }
    serveWebSockets(this.server, context);
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex & { readonly _httpMessage?: ServerResponse }) => {
      // what would be written into a reply would be taken for some of it
      if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
        socket.destroy();
        return;
      }
      const [status, message] = UNPARSED[error.code!] ?? ['400 Bad Request', 'the request is not valid HTTP'];
      const body = JSON.stringify({ error: message });
      socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`, () => {
        if (error.code === LATE) { // the peer may have gone: it would never end its side
          socket.destroy();
        }
      });
    });
  }

  public async listen(port: number, host: string): Promise<number> {
    await listenOn(this.server, port, host);
    return (this.server.address() as AddressInfo).port;
  }

  /** Replies from now on end their connections. */
  public discourage(): void {
    this.closing = true;
  }

  /** Stops listening; resolves when the last reply is out or the time is over. */
  public async close(timeoutMs: number): Promise<void> {
    this.closing = true;
    let closed = false;
    // HTTP's own way ends connections whose last reply is not out yet
    NetServer.prototype.close.call(this.server, () => { closed = true; });
    const until = performance.now() + timeoutMs;
    let quietSince = performance.now();
    // a connection may have been accepted whose request is still on its way
    while (!closed && performance.now() < until && performance.now() - quietSince < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (this.active === 0) {
        this.server.closeIdleConnections();
      }
      this.direct?.closeIdle();
      if (this.active > 0 || (this.direct?.active ?? 0) > 0 || this.context.streams.size > 0) {
        quietSince = performance.now();
      }
    }
  }

  public destroy(): void {
    this.server.closeAllConnections();
    this.direct?.closeAll();
  }

  private handle(req: IncomingMessage, res: ServerResponse): void {
    const path = pathOf(req.url!);
    const match = this.router.find(req.method!, path);
    this.active++;
    if (this.closing) {
      res.setHeader('Connection', 'close');
    }
    const exchange = new HttpExchange(req, res, match !== undefined && 'params' in match ? match.params : [], this.limits, () => { this.active--; });
    if (match === undefined) {
      req.resume();
      exchange.json(404, { error: `there is nothing at ${req.method} ${path.slice(0, 200)}` });
      return;
    }
    if (!('params' in match)) {
      req.resume();
      res.setHeader('Allow', match.join(', '));
      exchange.json(405, { error: `${req.method} is not allowed here; allowed: ${match.join(', ')}` });
      return;
    }
    this.run((match.handler.stream ?? match.handler.whole)!, exchange, () => req.resume());
  }

  private run<E extends Exchange>(handler: (context: FrontContext, exchange: E) => void | Promise<void>, exchange: E, onThrow?: () => void): void {
    try {
      const late = handler(this.context, exchange);
      if (late instanceof Promise) {
        late.catch((error: unknown) => exchange.fail(error));
      }
    } catch (error) {
      onThrow?.();
      exchange.fail(error);
    }
  }
}
