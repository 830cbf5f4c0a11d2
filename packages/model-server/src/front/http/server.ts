import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { FrontContext } from '../context';
import { listenOn } from '../listen';
import { TlsFiles } from '../tls';
import { Exchange } from './exchange';
import { embeddings, listModels, oneModel, openAiPrefix, rerank } from './openai';
import { Router } from './router';
import { Handler, ROUTES } from './routes';
import { serveWebSockets } from './websocket';

/** Without a request for this long, the server counts as drained. */
const QUIET_MS = 300;

/** The REST server. */
export class HttpFront {
  private readonly server: Server;
  private readonly router = new Router<Handler>();
  private closing = false;
  private active = 0;

  public constructor(private readonly context: FrontContext, tls: TlsFiles | undefined) {
    for (const [method, pattern, handler] of ROUTES) {
      this.router.add(method, pattern, handler);
    }
    const openAi = openAiPrefix(context.env);
    this.router.add('POST', `${openAi}/v1/embeddings`, embeddings);
    this.router.add('POST', `${openAi}/v1/rerank`, rerank);
    if (openAi !== '') {
      // without a prefix these are V1's own paths
      this.router.add('GET', `${openAi}/v1/models`, listModels);
      this.router.add('GET', `${openAi}/v1/models/{n}`, oneModel);
    }
    const { settings } = context;
    const keepAliveTimeout = settings.timeout_keep_alive * 1000;
    const options = { keepAliveTimeout, headersTimeout: keepAliveTimeout + 5000, requestTimeout: 0, noDelay: true };
    const listener = (req: IncomingMessage, res: ServerResponse): void => this.handle(req, res);
    if (tls === undefined) {
      this.server = createServer(options, listener);
    } else {
      const secure = createTlsServer({ ...options, ...tls.read() }, listener);
      tls.onChange((material) => secure.setSecureContext(material));
      this.server = secure;
    }
    serveWebSockets(this.server, context);
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (socket.writable && error.code !== 'ECONNRESET') {
        const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
        socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 41\r\n\r\n{"error":"the request is not valid HTTP"}`);
      } else {
        socket.destroy();
      }
    });
  }

  public get nodeServer(): Server {
    return this.server;
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
    this.server.close(() => { closed = true; });
    const until = performance.now() + timeoutMs;
    let quietSince = performance.now();
    // a connection may have been accepted whose request is still on its way
    while (!closed && performance.now() < until && performance.now() - quietSince < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      this.server.closeIdleConnections();
      if (this.active > 0) {
        quietSince = performance.now();
      }
    }
  }

  public destroy(): void {
    this.server.closeAllConnections();
  }

  private handle(req: IncomingMessage, res: ServerResponse): void {
    this.active++;
    res.on('close', () => {
      this.active--;
    });
    if (this.closing) {
      res.setHeader('Connection', 'close');
    }
    const url = req.url!;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const match = this.router.find(req.method!, path);
    const exchange = new Exchange(req, res, match !== undefined && 'params' in match ? match.params : [], this.context.settings.max_body_bytes, mark === -1 ? '' : url.slice(mark + 1));
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
    try {
      const late = match.handler(this.context, exchange);
      if (late instanceof Promise) {
        late.catch((error: unknown) => exchange.fail(error));
      }
    } catch (error) {
      req.resume();
      exchange.fail(error);
    }
  }
}
