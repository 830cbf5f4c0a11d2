import * as grpc from '@grpc/grpc-js';
import { FILES, MESSAGES, MethodDef } from '../../grpc/schema';
import { decodeMessage, Decoded, encodeMessage } from '../../protobuf/message';
import { FrontContext } from '../context';
import { TlsFiles } from '../tls';
import { healthMethods } from './health';
import { inferMethods } from './infer';
import { inferenceMethods } from './inference';
import { reflect } from './reflection';
import { statusOf } from './status';
import { ServerError } from '../../errors';

/** A unary method; `message` is the decoded request. */
export type Unary = (message: Decoded, call: grpc.ServerUnaryCall<Buffer, Buffer>) => Decoded | Promise<Decoded>;
export type RawUnary = grpc.handleUnaryCall<Buffer, Buffer>;
export type Bidirectional = grpc.handleBidiStreamingCall<Buffer, Buffer>;
export type ServerStream = grpc.handleServerStreamingCall<Buffer, Buffer>;

/** Decodes, calls and encodes by the method's definition. */
function unary(method: MethodDef, handle: Unary): RawUnary {
  return (call, callback) => {
    Promise.resolve()
      .then(() => {
        try {
          return decodeMessage(MESSAGES, method.request, call.request);
        } catch (error) {
          throw error instanceof RangeError ? new ServerError('invalid', `the message is malformed: ${error.message}`) : error;
        }
      })
      .then((message) => handle(message, call))
      .then((reply) => callback(null, encodeMessage(MESSAGES, method.response, reply)), (error: unknown) => callback(statusOf(error)));
  };
}

const same = (bytes: Buffer): Buffer => bytes;

/** The gRPC server. */
export class GrpcFront {
  private readonly server: grpc.Server;

  public constructor(context: FrontContext, private readonly tls: TlsFiles | undefined) {
    const { settings } = context;
    this.server = new grpc.Server({
      'grpc.max_receive_message_length': settings.grpc_max_receive_message_length ?? settings.max_body_bytes,
      'grpc.max_send_message_length': settings.grpc_max_send_message_length,
    });
    const raw: { readonly [method: string]: RawUnary | Bidirectional } = inferMethods(context);
    const plain: { readonly [method: string]: Unary } = { ...inferenceMethods(context), ...healthMethods(context).plain };
    const streams: { readonly [method: string]: Bidirectional | ServerStream } = { ...healthMethods(context).streams, ServerReflectionInfo: reflect };
    for (const file of FILES) {
      for (const [service, methods] of Object.entries(file.services)) {
        const definition: { [name: string]: grpc.MethodDefinition<Buffer, Buffer> } = {};
        const handlers: grpc.UntypedServiceImplementation = {};
        for (const [name, method] of Object.entries(methods)) {
          definition[name] = {
            path: `/${service}/${name}`,
            requestStream: method.requestStream === true,
            responseStream: method.responseStream === true,
            requestSerialize: same,
            requestDeserialize: same,
            responseSerialize: same,
            responseDeserialize: same,
          };
          handlers[name] = (raw[name] ?? streams[name] ?? unary(method, plain[name]!)) as grpc.UntypedHandleCall;
        }
        this.server.addService(definition, handlers);
      }
    }
  }

  public async listen(port: number, host: string): Promise<number> {
    const { tls } = this;
    let credentials = grpc.ServerCredentials.createInsecure();
    if (tls !== undefined) {
      const { cert, key } = tls.read();
      credentials = grpc.ServerCredentials.createSsl(null, [{ cert_chain: cert, private_key: key }]);
    }
    const bind = (address: string): Promise<number> => new Promise((resolve, reject) => {
      this.server.bindAsync(`${address.includes(':') ? `[${address}]` : address}:${port}`, credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
    });
    return bind(host).catch((error: Error) => (host === '::' ? bind('0.0.0.0') : Promise.reject(error)));
  }

  /** Sends GOAWAY and waits for the calls under way, at most this long. */
  public async close(timeoutMs: number): Promise<void> {
    await Promise.race([
      new Promise<void>((resolve) => this.server.tryShutdown(() => resolve())),
      new Promise((resolve) => setTimeout(resolve, timeoutMs).unref()),
    ]);
  }

  public destroy(): void {
    this.server.forceShutdown();
  }
}
