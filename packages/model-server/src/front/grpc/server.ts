import { createSecureServer, createServer, Http2SecureServer, Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { CallLimits, GrpcCall } from './call';
import { healthMethods } from './health';
import { inferMethods } from './infer';
import { inferenceMethods } from './inference';
import { decodeRequest } from './messages';
import { reflect } from './reflection';
import { ServerError } from '../../errors';
import { FILES, MESSAGES, MethodDef } from '../../grpc/schema';
import { Decoded, encodeMessage } from '../../protobuf/message';
import { FrontContext } from '../context';
import { ALIVE, listenOn } from '../listen';
import { TlsFiles } from '../tls';

/** A method of one message in and one out; `message` is the decoded request. */
export type Unary = (message: Decoded, call: GrpcCall) => Decoded | Promise<Decoded>;
/** The same on undecoded messages; answers the call itself. */
export type RawUnary = (call: GrpcCall, message: Buffer) => void;
/** A method that answers the call itself, message by message. */
export type Streaming = (call: GrpcCall) => void;

/** Bytes that a caller may send ahead on one stream and on one connection: the default of 64 KiB would make it wait within a message. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const CONNECTION_WINDOW = 16 * 1024 * 1024;
const MAX_STREAMS = 1000;

/** Methods whose large messages go to the runner as they are. */
const INFERENCE: ReadonlySet<string> = new Set(['/inference.GRPCInferenceService/ModelInfer', '/inference.GRPCInferenceService/ModelStreamInfer']);

/** Waits for the one message of a unary call. */
function single(handle: RawUnary): Streaming {
  return (call) => {
    let message: Buffer | undefined;
    call.onMessage = (bytes) => {
      if (message !== undefined) {
        call.fail(new ServerError('unimplemented', 'the method takes one message, but more were sent'));
        return;
      }
      message = bytes;
    };
    call.onEnd = () => {
      if (message === undefined) {
        call.fail(new ServerError('unimplemented', 'the method takes one message, but none was sent'));
      } else {
        handle(call, message);
      }
    };
  };
}

/** Decodes, calls and encodes by the method's definition. */
function unary(method: MethodDef, handle: Unary): Streaming {
  const answer = single((call, bytes) => {
    Promise.resolve()
      .then(() => handle(decodeRequest(method.request, bytes), call))
      .then((reply) => call.reply(encodeMessage(MESSAGES, method.response, reply)))
      .catch((error: unknown) => call.fail(error));
  });
  return (call) => {
    call.enforceDeadline();
    answer(call);
  };
}

/** All methods by their paths. */
function methodsOf(context: FrontContext): ReadonlyMap<string, Streaming> {
  const { ModelInfer, ModelStreamInfer } = inferMethods(context);
  const health = healthMethods(context);
  const plain: { readonly [method: string]: Unary } = { ...inferenceMethods(context), ...health.plain };
  const streaming: { readonly [method: string]: Streaming } = { ModelInfer: single(ModelInfer), ModelStreamInfer, ...health.streams, ServerReflectionInfo: (call) => reflect(context, call) };
  return new Map(FILES.flatMap(({ services }) => Object.entries(services).flatMap(([service, methods]) =>
    Object.entries(methods).map(([name, method]) => [`/${service}/${name}`, streaming[name] ?? unary(method, plain[name]!)] as const))));
}

/** The gRPC server, on Node's own HTTP/2. */
export class GrpcFront {
  private readonly server: Http2Server | Http2SecureServer;
  private readonly methods: ReadonlyMap<string, Streaming>;
  private readonly limits: CallLimits;
  /** Of methods whose messages are decoded here whatever their size. */
  private readonly smallLimits: CallLimits;
  private readonly sessions = new Set<ServerHttp2Session>();

  public constructor(context: FrontContext, tls: TlsFiles | undefined) {
    const { settings } = context;
    const limit = (setting: 'grpc_max_receive_message_length' | 'max_body_bytes' | 'max_front_body_bytes'): CallLimits => ({ receive: { most: settings[setting]!, setting }, send: settings.grpc_max_send_message_length });
    this.limits = limit(settings.grpc_max_receive_message_length === undefined ? 'max_body_bytes' : 'grpc_max_receive_message_length');
    this.smallLimits = settings.max_front_body_bytes < this.limits.receive.most ? limit('max_front_body_bytes') : this.limits;
    this.methods = methodsOf(context);
    // bodies have limits of their own; this one would refuse calls beside a large one
    const options = { ...ALIVE, maxSessionMemory: Number.MAX_SAFE_INTEGER, settings: { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams: MAX_STREAMS, enablePush: false } };
    if (tls === undefined) {
      this.server = createServer(options);
    } else {
      const secure = createSecureServer({ ...options, ...tls.read(), ALPNProtocols: ['h2'] });
      tls.onChange((material) => secure.setSecureContext(material));
      this.server = secure;
    }
    this.server.on('session', (session) => this.greet(session));
    this.server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => this.open(stream, headers));
    // a broken connection concerns its calls only, which hear of it themselves
    this.server.on('sessionError', () => undefined);
  }

  public async listen(port: number, host: string): Promise<number> {
    await listenOn(this.server, port, host);
    return (this.server.address() as AddressInfo).port;
  }

  /** Sends GOAWAY and waits for the calls under way, at most this long. */
  public async close(timeoutMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.sessions) {
      // what a client opens meanwhile is not processed, which it learns and tries elsewhere
      session.close();
    }
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
  }

  public destroy(): void {
    for (const session of this.sessions) {
      session.destroy();
    }
  }

  private greet(session: ServerHttp2Session): void {
    session.setLocalWindowSize(CONNECTION_WINDOW);
    this.sessions.add(session);
    session.on('close', () => this.sessions.delete(session));
  }

  private open(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined);
    if (stream.closed) { // reset in the packet that opened it
      stream.resume();
      return;
    }
    if (headers[':method'] !== 'POST' || headers['content-type']?.startsWith('application/grpc') !== true) {
      stream.respond({ ':status': headers[':method'] === 'POST' ? 415 : 405 }, { endStream: true });
      stream.resume();
      return;
    }
    const path = headers[':path'] as string;
    const call = new GrpcCall(stream, headers, INFERENCE.has(path) ? this.limits : this.smallLimits);
    const method = this.methods.get(path);
    if (method === undefined) {
      call.fail(new ServerError('unimplemented', `there is no method ${path.slice(0, 200)}`));
    } else if (!call.isOver) {
      method(call);
    }
  }
}
