import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest, IncomingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { codeOf, invalid, ServerError } from '../errors';
import { GrpcChannel, openGrpc } from './grpc-client';
import { InferRequest, InferResponse } from './messages';
import { pause, secondsOf } from './retry';
import { nestedJson, valueJson } from '../json/write';
import { Writer } from '../protobuf/wire';
import { HEADER_LENGTH } from '../protocol/v2';

export interface PredictorClientOptions {
  /** Host and, unless it is the protocol's own, port; `https://` before it is TLS. */
  readonly host: string;
  /** @default 'v1' */
  readonly protocol?: 'v1' | 'v2' | 'grpc-v2';
  /** @default false */
  readonly useSsl?: boolean;
  /** Longest wait for a reply. @default 600 */
  readonly timeoutSeconds?: number;
  /** New tries when no connection comes about; a prediction that was sent is never sent twice, since nobody knows what it has done. @default 0 */
  readonly retries?: number;
  /** Connections kept open. @default 100 */
  readonly connections?: number;
  /** PEM file of the CAs to trust. @default - those of Node.js */
  readonly caFile?: string;
  /** Sent as a bearer with every request. */
  readonly apiKey?: string;
}

export interface PredictorCallOptions {
  /** Sent as they are given, so that a caller's own can be handed on; but those that tell of a connection, of a body or of the replies that can be read are the client's. */
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly signal?: AbortSignal;
  /** Send and ask for tensors in binary form, with V2. @default true */
  readonly binary?: boolean;
}

/** Headers that no call sends as given: they tell of a connection, of a body or of the replies that can be read. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings', 'expect', 'host',
  'accept', 'accept-encoding', 'content-type', 'content-length', 'content-encoding', HEADER_LENGTH,
]);
const OWN_PREFIXES: readonly string[] = [':', 'grpc-', 'sec-websocket-'];

const isOwn = (name: string): boolean => OWN_HEADERS.has(name) || OWN_PREFIXES.some((prefix) => name.startsWith(prefix));

/** How long an idle connection is kept: shorter than servers do (uvicorn 5 s), so that a request hardly ever meets one that is being closed. */
const KEPT_MS = 4000;

/** Longest wait for a predictor's word on whether it is ready. */
const READY_MS = 5000;

const CONNECT_ERRORS = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What `read` makes of a reply; one that it cannot read is the predictor's failure, no caller's. */
function readReply<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ServerError('inference', `the predictor's reply cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

const readJson = ({ body }: Reply): { [key: string]: unknown } => readReply(() => JSON.parse(body.toString()) as { [key: string]: unknown });

/** A V1 body as text; a request's one tensor is its instances. */
function v1Text(body: object): string {
  if (!(body instanceof InferRequest)) {
    return valueJson(body)!;
  }
  const [only, more] = body.inputs;
  if (only === undefined || more !== undefined) {
    throw invalid(`V1 cannot carry this request of ${body.inputs.length} tensors to the predictor; use V2 (--predictor_protocol=v2) or send a V1 body`);
  }
  return `{"instances":${nestedJson(only)}}`;
}

/** Calls a model server over V1, V2 or gRPC. */
export class PredictorClient {
  private readonly agent: Agent;
  private readonly base: URL;
  private readonly options: PredictorClientOptions;
  private readonly timeoutMs: number;
  private channel: GrpcChannel | undefined;

  public constructor(options: PredictorClientOptions) {
    this.options = options;
    this.timeoutMs = (options.timeoutSeconds ?? 600) * 1000;
    const { host, useSsl = false, connections = 100, caFile } = options;
    this.base = baseOf(host, useSsl);
    this.agent = this.base.protocol === 'https:'
      ? new TlsAgent({ keepAlive: true, timeout: KEPT_MS, maxSockets: connections, ca: caFile === undefined ? undefined : readFileSync(caFile) })
      : new Agent({ keepAlive: true, timeout: KEPT_MS, maxSockets: connections });
  }

  public get protocol(): 'v1' | 'v2' | 'grpc-v2' {
    return this.options.protocol ?? 'v1';
  }

  /** Calls `:predict` with a V1 body, or with a request of one tensor, whose values are the instances. */
  public predict(model: string, body: object, options: PredictorCallOptions = {}): Promise<{ [key: string]: unknown }> {
    return this.v1(model, 'predict', body, options);
  }

  /** Calls `:explain` with a V1 body. */
  public explain(model: string, body: object, options: PredictorCallOptions = {}): Promise<{ [key: string]: unknown }> {
    return this.v1(model, 'explain', body, options);
  }

  /** Infers over gRPC or V2, as the client's protocol is. */
  public async infer(request: InferRequest, options: PredictorCallOptions = {}): Promise<InferResponse> {
    const { modelName, modelVersion } = request;
    if (this.protocol === 'grpc-v2') {
      const reply = await this.grpc().call('ModelInfer', request.toGrpc(), this.headers(options), this.timeoutMs, options.signal);
      return readReply(() => InferResponse.fromGrpc(reply));
    }
    const { body, headers } = request.toRest({ binary: options.binary ?? true });
    const version = modelVersion === undefined ? '' : `/versions/${encodeURIComponent(modelVersion)}`;
    const reply = await this.send('POST', `/v2/models/${encodeURIComponent(modelName)}${version}/infer`, body, { ...headers, ...this.headers(options) }, options.signal);
    return readReply(() => InferResponse.fromRest(reply.body, reply.headers as { [name: string]: string }));
  }

  /** Metadata of a model, over REST. */
  public async metadata(model: string, options: PredictorCallOptions = {}): Promise<{ [key: string]: unknown }> {
    return readJson(await this.send('GET', `/v2/models/${encodeURIComponent(model)}`, undefined, this.headers(options), options.signal));
  }

  /** Whether a model takes requests; false also where no answer comes within 5 seconds. */
  public async isReady(model: string): Promise<boolean> {
    const headers = this.headers({});
    const timeoutMs = Math.min(this.timeoutMs, READY_MS);
    try {
      if (this.protocol === 'grpc-v2') {
        const reply = await this.grpc().call('ModelReady', new Writer().string(1, model).finish(), headers, timeoutMs, undefined);
        return reply.length > 0;
      }
      const path = this.protocol === 'v1' ? `/v1/models/${encodeURIComponent(model)}` : `/v2/models/${encodeURIComponent(model)}/ready`;
      await this.send('GET', path, undefined, headers, AbortSignal.timeout(timeoutMs));
      return true;
    } catch {
      return false;
    }
  }

  /** Closes the connections. */
  public close(): void {
    this.agent.destroy();
    this.channel?.close();
  }

  private async v1(model: string, verb: string, body: object, options: PredictorCallOptions): Promise<{ [key: string]: unknown }> {
    const payload = Buffer.from(v1Text(body));
    return readJson(await this.send('POST', `/v1/models/${encodeURIComponent(model)}:${verb}`, payload, { 'content-type': 'application/json', ...this.headers(options) }, options.signal));
  }

  private grpc(): GrpcChannel {
    const { hostname, port, protocol } = this.base;
    const useSsl = protocol === 'https:';
    return this.channel ??= openGrpc(`${hostname}:${port || (useSsl ? 443 : 80)}`, useSsl, this.options);
  }

  private headers(options: PredictorCallOptions): { [name: string]: string } {
    const headers: { [name: string]: string } = {};
    for (const [given, value] of Object.entries(options.headers ?? {})) {
      const name = given.toLowerCase();
      if (value !== undefined && !isOwn(name)) {
        validateHeaderName(name);
        validateHeaderValue(name, value);
        headers[name] = value;
      }
    }
    if (this.options.apiKey !== undefined) {
      headers.authorization = `Bearer ${this.options.apiKey}`;
    }
    return headers;
  }

  private async send(method: string, path: string, body: Buffer | undefined, headers: { readonly [name: string]: string }, signal: AbortSignal | undefined): Promise<Reply> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(method, path, body, headers, signal);
      } catch (error) {
        if (signal?.aborted === true) {
          throw new ServerError('cancelled', 'the call was cancelled', { cause: error });
        }
        const { code, stale } = error as NodeJS.ErrnoException & { stale?: boolean };
        const again = stale === true || (CONNECT_ERRORS.has(code ?? '') && attempt < (this.options.retries ?? 0));
        if (!again) {
          throw error instanceof ServerError ? error : new ServerError('unavailable', `the predictor at ${this.base.host} cannot be reached: ${(error as Error).message}`, { cause: error, retryAfterSeconds: 1 });
        }
        if (stale !== true) {
          await pause(attempt);
        }
      }
    }
  }

  private once(method: string, path: string, body: Buffer | undefined, headers: { readonly [name: string]: string }, signal: AbortSignal | undefined): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const send = this.base.protocol === 'https:' ? tlsRequest : httpRequest;
      const { timeoutMs } = this;
      const req = send({
        host: this.base.hostname.replace(/^\[|\]$/g, ''),
        port: this.base.port || undefined,
        path,
        method,
        agent: this.agent,
        headers: body === undefined ? headers : { ...headers, 'content-length': String(body.length) },
        signal,
      }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const reply = { status: res.statusCode!, headers: res.headers, body: Buffer.concat(chunks) };
          if (reply.status >= 200 && reply.status < 300) {
            resolve(reply);
          } else {
            reject(failureOf(reply));
          }
        });
      });
      const timer = setTimeout(() => req.destroy(new ServerError('deadline', `the predictor at ${this.base.host} did not answer within ${timeoutMs / 1000} s`)), timeoutMs);
      req.on('error', (error: NodeJS.ErrnoException & { stale?: boolean }) => {
        // the server closed a kept connection at the moment of its reuse, which only a request that changes nothing may ignore
        if (method === 'GET' && req.reusedSocket && error.code === 'ECONNRESET') {
          error.stale = true;
        }
        reject(error);
      });
      req.on('close', () => clearTimeout(timer));
      req.end(body);
    });
  }
}

/** A redirection, which the caller can do nothing about, is the predictor's failure as one of 500 and more is. */
function failureOf(reply: Reply): ServerError {
  const { status, headers } = reply;
  return new ServerError(codeOf('http', status) ?? (status >= 400 && status < 500 ? 'invalid' : 'inference'), messageOf(reply), { retryAfterSeconds: secondsOf(headers['retry-after']) });
}

function messageOf(reply: Reply): string {
  try {
    const { error } = JSON.parse(reply.body.toString()) as { error?: unknown };
    return error === undefined ? `the predictor answered ${reply.status}` : `the predictor answered ${reply.status}: ${typeof error === 'string' ? error : JSON.stringify(error)}`;
  } catch {
    return `the predictor answered ${reply.status}`;
  }
}

function baseOf(host: string, useSsl: boolean): URL {
  const base = URL.parse(/^https?:\/\//i.test(host) ? host : `${useSsl ? 'https' : 'http'}://${host}`);
  if (base === null) {
    throw new Error(`the predictor's host '${host}' is no host; write name:port, with https:// before it for TLS`);
  }
  if (base.pathname !== '/' || base.search !== '' || base.hash !== '' || base.username !== '') {
    throw new Error(`the predictor's host '${host}' is more than a host, but models are called at its root; write name:port, with https:// before it for TLS`);
  }
  if (useSsl && base.protocol === 'http:') {
    throw new Error(`the predictor's host '${host}' says no TLS, but useSsl (--predictor_use_ssl) asks for it; write https:// or leave the scheme out`);
  }
  return base;
}
