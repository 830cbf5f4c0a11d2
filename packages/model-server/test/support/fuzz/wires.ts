import { ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { mutateBytes, mutateHead } from './mutate';
import { Random } from './random';
import { exchange } from '../exchanges';
import { TestServer } from '../server';

const PATIENCE_MS = 20_000;

/** Damage below the level of requests; each gives what went wrong, if anything. */
export class Wires {
  private socket: WebSocket | undefined;
  private session: ClientHttp2Session | undefined;

  public constructor(private readonly server: TestServer) {}

  /** A damaged HTTP message, headers and all, mostly on a connection that could be kept, whole or in pieces; the server must end it when the client does. */
  public http(random: Random): Promise<string | undefined> {
    const { path, body, headers } = exchange(random.pick(['v1', 'v2', 'v2 binary', 'sse']), random.int(1000));
    const keeps = random.chance(0.8);
    const lines = [`POST ${path} HTTP/1.1`, 'Host: localhost', ...(keeps ? [] : ['Connection: close']), `Content-Length: ${body.length}`, ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`)];
    const odd = random.chance(0.3);
    const head = odd ? mutateHead(lines.join('\r\n'), random) : lines.join('\r\n');
    const whole = Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
    const sent = odd && random.chance(0.5) ? whole : mutateBytes(whole, random);
    const cut = random.chance(0.5) ? random.int(sent.length + 1) : sent.length;
    return this.within(`raw HTTP ${sent.toString('base64')}`, (done) => {
      const socket = connect(this.server.httpPort, '127.0.0.1', () => {
        socket.write(sent.subarray(0, cut));
        setTimeout(() => {
          socket.write(sent.subarray(cut));
          // what is damaged may have no answer
          setTimeout(() => socket.end(), keeps ? 100 : 0);
        }, 5);
      });
      socket.on('data', () => socket.end());
      socket.on('error', () => undefined);
      socket.on('close', () => done());
      return () => socket.destroy();
    });
  }

  /** A damaged message on a WebSocket, then a valid one that must be answered right, on a new connection where the first was closed. */
  public async webSocket(random: Random): Promise<string | undefined> {
    const i = random.int(1000);
    const { body: text } = exchange('v2', i);
    const { body: whole, headers } = exchange('v2 binary', i);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(Number(headers!['inference-header-content-length']));
    const valid = random.chance(0.5) ? text.toString() : Buffer.concat([length, whole]);
    const sent = mutateBytes(Buffer.from(valid), random);
    const bad = await this.converse(typeof valid === 'string' ? sent.toString() : sent, () => true);
    return bad ?? this.converse(valid, (reply, binary) => (binary
      ? reply.subarray(-8).equals(whole.subarray(-8))
      : JSON.stringify((JSON.parse(reply.toString()) as { outputs: { data: unknown }[] }).outputs[0]?.data) === `[${i},${i + 0.5}]`));
  }

  /** A gRPC message in a damaged frame; the stream must end. */
  public http2(random: Random): Promise<string | undefined> {
    const { path, body } = exchange(random.pick(['grpc raw', 'grpc typed']), random.int(1000));
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(body.length, 1);
    const sent = mutateBytes(Buffer.concat([prefix, body]), random);
    if (this.session === undefined || this.session.destroyed || this.session.closed) {
      this.session = connectHttp2(`http://127.0.0.1:${this.server.grpcPort}`);
      this.session.on('error', () => undefined);
    }
    const { session } = this;
    return this.within(`raw gRPC ${sent.toString('base64')}`, (done) => {
      const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', 'te': 'trailers' });
      stream.on('data', () => undefined);
      stream.on('error', () => undefined);
      stream.on('close', () => done());
      stream.end(sent);
      return () => stream.destroy();
    });
  }

  public close(): void {
    this.socket?.terminate();
    this.session?.destroy();
  }

  private async converse(message: string | Buffer, right: (reply: Buffer, binary: boolean) => boolean): Promise<string | undefined> {
    const shown = `WebSocket ${Buffer.from(message).toString('base64')}`;
    return this.within(shown, (done) => {
      if (this.socket === undefined || this.socket.readyState !== WebSocket.OPEN) {
        this.socket = new WebSocket(`ws://127.0.0.1:${this.server.httpPort}/v2/models/fp32/stream`);
      }
      const { socket } = this;
      socket.removeAllListeners();
      socket.on('error', () => done());
      socket.on('close', () => done());
      socket.on('message', (reply: Buffer, binary: boolean) => done(right(reply, binary) ? undefined : `${shown} was answered ${reply.toString().slice(0, 200)}`));
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(message);
      } else {
        socket.on('open', () => socket.send(message));
      }
      return () => socket.terminate();
    });
  }

  private within(what: string, start: (done: (failure?: string) => void) => () => void): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        giveUp();
        resolve(`no end of ${what}`);
      }, PATIENCE_MS);
      const giveUp = start((failure) => {
        clearTimeout(timer);
        resolve(failure);
      });
    });
  }
}
