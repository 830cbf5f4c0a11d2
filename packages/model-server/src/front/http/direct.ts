import { Server, STATUS_CODES, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import type { Headers } from '../../protocol/cloud-event';
import { HEADER_LENGTH, jsonLengthOf } from '../../protocol/v2';
import { freeChunk, LONGEST_WHOLE, placeFor } from '../bodies';
import { BodyLimits, bytesIn, Exchange, LargeBody, ReplyBody } from './exchange';
import { PlainHead, readPlainHead } from './plain-head';

const END = Buffer.from('\r\n\r\n');
/** Longest head that is looked at; Node's parser admits no longer one. */
const LONGEST_HEAD = 16 * 1024;
/** Chunks up to this size are joined with the head: one buffer is cheaper to write than two. */
const LARGEST_JOINED = 16 * 1024;

/** What answers a request, and the parts of its path. */
export interface Target {
  readonly handle: (exchange: Exchange) => void;
  readonly params: readonly string[];
}

export interface DirectOptions {
  readonly limits: BodyLimits;
  readonly keepAliveMs: number;
  /** Longest time in which a body may come. */
  readonly requestMs: number;
  /** Ends a connection whose body took longer. */
  readonly onLate: (socket: Socket) => void;
  /** What answers a request in one piece; undefined where Node's server must. */
  readonly find: (method: string, url: string) => Target | undefined;
  /** Whether replies end their connections. */
  readonly closing: () => boolean;
  /** Told of a failure that ended its connection and nothing else. */
  readonly onError: (error: unknown) => void;
}

/**
 * Serves the connections of an HTTP server as long as their requests are plain ones,
 * without Node's streams for each request: they take half of what a small request costs.
 * At the first other request a connection is the server's own again, for good.
 */
export class DirectConnections {
  private readonly open = new Set<DirectConnection>();

  public constructor(server: Server, public readonly options: DirectOptions) {
    const listeners = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      const connection = new DirectConnection(socket, this.options, () => this.open.delete(connection), (rest) => {
        for (const listener of listeners) {
          listener.call(server, socket);
        }
        socket.unshift(rest);
        socket.resume();
      });
      this.open.add(connection);
    });
  }

  /** Requests that are not answered yet. */
  public get active(): number {
    let active = 0;
    for (const connection of this.open) {
      active += connection.busy ? 1 : 0;
    }
    return active;
  }

  /** Ends connections that have had an answer and wait for the next request. */
  public closeIdle(): void {
    for (const connection of this.open) {
      connection.closeIdle();
    }
  }

  public closeAll(): void {
    for (const connection of this.open) {
      connection.close();
    }
  }
}

class DirectConnection {
  private head: PlainHead | undefined;
  private target: Target | undefined;
  /** The request that is being answered. */
  private exchange: DirectExchange | undefined;
  /** A body of which some is still to come. */
  private place: Buffer | undefined;
  private filled = 0;
  private lateness: NodeJS.Timeout | undefined;
  private used = false;
  /** What came before the last answer. */
  private early: Buffer | undefined;

  public constructor(private readonly socket: Socket, private readonly options: DirectOptions, private readonly onLeave: () => void, private readonly onOther: (rest: Buffer) => void) {
    socket.on('data', this.receive);
    socket.on('end', this.end);
    socket.on('close', this.closed);
    socket.on('error', ignore);
    socket.on('timeout', this.timeout);
    socket.setTimeout(options.keepAliveMs);
  }

  /** Whether a request or some of a reply is under way. */
  public get busy(): boolean {
    return this.exchange !== undefined || this.place !== undefined || this.socket.writableLength > 0;
  }

  public closeIdle(): void {
    if (this.used && !this.busy) {
      this.socket.destroySoon();
    }
  }

  public close(): void {
    this.socket.destroy();
  }

  /** Sends the reply of the exchange under way. */
  public reply(status: number, type: string, headers: readonly string[], body: ReplyBody): void {
    const { socket, options } = this;
    const last = options.closing();
    const length = bytesIn(body);
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n`;
    for (let i = 0; i < headers.length; i += 2) {
      validateHeaderValue(headers[i]!, headers[i + 1]!);
      head += `${headers[i]}: ${headers[i + 1]}\r\n`;
    }
    head += `Date: ${date()}\r\n${last ? 'Connection: close' : `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(options.keepAliveMs / 1000)}`}\r\n\r\n`;
    if (typeof body === 'string') {
      socket.write(head + body, length === body.length ? 'latin1' : 'utf8');
    } else if (length <= LARGEST_JOINED) {
      socket.write(Buffer.concat([Buffer.from(head, 'latin1'), ...body]));
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      for (const chunk of body) {
        socket.write(chunk);
      }
      socket.uncork();
    }
    this.exchange = undefined;
    if (last) {
      socket.destroySoon();
    } else if (this.early !== undefined) {
      this.leave(this.early);
    } else if (socket.writableNeedDrain && socket.writableLength > 0) {
      // who does not read gets no further answers
      socket.pause();
      socket.once('drain', this.resume);
    }
  }

  private readonly resume = (): void => {
    this.socket.resume();
  };

  private readonly receive = (chunk: Buffer): void => {
    try {
      if (this.place !== undefined) {
        this.fill(chunk, 0);
      } else if (this.exchange !== undefined) {
        this.early = this.early === undefined ? chunk : Buffer.concat([this.early, chunk]);
        this.socket.pause();
      } else {
        this.begin(chunk);
      }
    } catch (error) {
      this.socket.destroy();
      this.options.onError(error);
    }
  };

  private begin(chunk: Buffer): void {
    const end = chunk.indexOf(END);
    if (end === -1 || end > LONGEST_HEAD || !this.recognise(chunk.toString('latin1', 0, end))) {
      this.leave(chunk);
      return;
    }
    const { length, headers } = this.head!;
    const start = end + END.length;
    if (chunk.length - start > length || length > LONGEST_WHOLE || length > this.options.limits.most) {
      this.leave(chunk);
      return;
    }
    const jsonLength = headers[HEADER_LENGTH];
    if (chunk.length - start === length && jsonLength === undefined) {
      this.answer(chunk.subarray(start));
      return;
    }
    this.place = placeFor(length, jsonLengthOf(jsonLength)) ?? Buffer.allocUnsafe(length);
    this.filled = 0;
    this.fill(chunk, start);
    if (this.place !== undefined) {
      this.lateness = setTimeout(this.late, this.options.requestMs);
    }
  }

  /** Reads a head; that of the last request is known already. */
  private recognise(text: string): boolean {
    if (this.head?.text !== text) {
      this.head = readPlainHead(text);
      this.target = this.head === undefined ? undefined : this.options.find(this.head.method, this.head.url);
    }
    return this.target !== undefined;
  }

  private fill(chunk: Buffer, from: number): void {
    const place = this.place!;
    const missing = place.length - this.filled;
    const part = chunk.length - from > missing ? chunk.subarray(from, from + missing) : from === 0 ? chunk : chunk.subarray(from);
    place.set(part, this.filled);
    this.filled += part.length;
    if (this.filled === place.length) {
      this.place = undefined;
      clearTimeout(this.lateness);
      if (from + part.length < chunk.length) {
        this.early = chunk.subarray(from + part.length);
        this.socket.pause();
      } else {
        freeChunk(chunk);
      }
      this.answer(place);
    } else {
      freeChunk(chunk);
    }
  }

  private answer(body: Buffer): void {
    this.used = true;
    const exchange = new DirectExchange(this, this.head!, this.target!.params, body, this.options.limits);
    this.exchange = exchange;
    this.target!.handle(exchange);
  }

  private readonly end = (): void => {
    // as Node's server has it, who sends no more waits no more
    this.socket.destroySoon();
  };

  private readonly closed = (): void => {
    this.onLeave();
    clearTimeout(this.lateness);
    this.exchange?.disconnected();
  };

  private readonly timeout = (): void => {
    if (!this.busy) {
      this.socket.destroy();
    }
  };

  private readonly late = (): void => {
    this.place = undefined;
    this.socket.off('data', this.receive);
    this.options.onLate(this.socket);
  };

  /** Node's server takes the connection, beginning with these bytes. */
  private leave(rest: Buffer): void {
    const { socket } = this;
    socket.off('data', this.receive);
    socket.off('end', this.end);
    socket.off('close', this.closed);
    socket.off('error', ignore);
    socket.off('timeout', this.timeout);
    socket.setTimeout(0);
    this.onLeave();
    this.onOther(rest);
  }
}

/** An exchange whose body is there when it begins. */
class DirectExchange extends Exchange {
  public constructor(private readonly connection: DirectConnection, private readonly head: PlainHead, params: readonly string[], private readonly body: Buffer, limits: BodyLimits) {
    super(params, head.url, limits);
  }

  public get headers(): Headers {
    return this.head.headers;
  }

  public readBody(then: (body: Buffer) => void, large?: LargeBody): void {
    try {
      const refusal = this.refusalOf(this.body.length, large);
      if (refusal !== undefined) {
        throw refusal;
      }
      then(this.body);
    } catch (error) {
      this.fail(error);
    }
  }

  public disconnected(): void {
    this.gone();
  }

  protected write(status: number, type: string, headers: readonly string[], body: ReplyBody): void {
    this.connection.reply(status, type, headers, body);
  }

  protected drop(): void {
    this.connection.close();
  }
}

const ignore = (): void => undefined;

let second = 0;
let dateText = '';

/** The value of the header Date, made once a second. */
function date(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    dateText = new Date(now * 1000).toUTCString();
  }
  return dateText;
}
