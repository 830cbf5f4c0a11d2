import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { parsePaths, redact } from './redact';
import { Settings } from '../cli/flags';
import { Metrics } from '../metrics/registry';
import { HEADER_LENGTH } from '../protocol/v2';

/** A body and what it is. */
export interface Body {
  readonly bytes: Buffer;
  readonly type: string;
  /** Length of the JSON part where binary tensors follow. */
  readonly jsonLength?: string;
  /** Gives the bytes in the form of the log; called when they are sent. */
  readonly convert?: (bytes: Buffer) => Buffer;
}

interface Event {
  readonly headers: { readonly [name: string]: string };
  readonly body: Body;
}

export interface LoggedCall {
  readonly id: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly path: string;
}

const WORKERS = 5;
const MOST_EVENTS = 1000;
const MOST_BYTES = 64 * 1024 * 1024;
const LARGEST = 16 * 1024 * 1024;
/** To convert or redact more would hold up requests. */
const LARGEST_READ = 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** An attribute as a header's value can carry it: what is no printable ASCII is percent-encoded, as the HTTP binding says. */
const printable = (text: string): string => text.toWellFormed().replace(/[^ -~]+/g, encodeURIComponent);

function sinkOf(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(`--log_url is '${text}', but must be the URL of a CloudEvents sink, http://… or https://…`);
  }
  return url;
}

/** Sends requests and replies to a CloudEvents sink: never waited for, what is lost is counted. */
export class RequestLog {
  private readonly queue: Event[] = [];
  private bytes = 0;
  private working = 0;
  private readonly url: URL;
  private readonly agent: Agent;
  private readonly paths: readonly (readonly string[])[];
  private readonly allowed: readonly string[];
  private whenEmpty: (() => void) | undefined;

  public constructor(private readonly settings: Settings, private readonly metrics: Metrics, private readonly env: NodeJS.ProcessEnv) {
    this.url = sinkOf(settings.log_url!);
    this.agent = this.url.protocol === 'https:' ? new TlsAgent({ keepAlive: true, maxSockets: WORKERS }) : new Agent({ keepAlive: true, maxSockets: WORKERS });
    this.paths = parsePaths(settings.log_redact);
    this.allowed = (settings.log_headers ?? '').split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  }

  /** Whether the next request is among the sampled. */
  public sampled(): boolean {
    return this.settings.log_sample >= 1 || Math.random() < this.settings.log_sample;
  }

  /** The id that a request and its reply share. */
  public idOf(headers: LoggedCall['headers']): string {
    const given = headers['ce-id'] ?? headers['x-request-id'];
    return typeof given === 'string' ? given : randomUUID();
  }

  public request(call: LoggedCall, body: Body): void {
    if (this.settings.log_mode !== 'response') {
      this.push('request', call, body);
    }
  }

  public response(call: LoggedCall, body: Body): void {
    if (this.settings.log_mode !== 'request') {
      this.push('response', call, body);
    }
  }

  /** Waits until the queue is empty, at most this long. */
  public async flush(timeoutMs: number): Promise<void> {
    if (this.queue.length > 0 || this.working > 0) {
      await Promise.race([new Promise<void>((resolve) => { this.whenEmpty = resolve; }), new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
    }
    this.agent.destroy();
  }

  private lost(reason: 'queue' | 'sink' | 'size' | 'form'): void {
    this.metrics.server.value('logLost', reason).add();
  }

  private push(kind: 'request' | 'response', call: LoggedCall, body: Body): void {
    const { length } = body.bytes;
    if (length > (body.convert === undefined && this.paths.length === 0 ? LARGEST : LARGEST_READ)) {
      this.lost('size');
      return;
    }
    if (this.queue.length >= MOST_EVENTS || this.bytes + length > MOST_BYTES) {
      this.lost('queue');
      return;
    }
    const attributes: { [name: string]: string } = {
      'ce-specversion': '1.0',
      'ce-id': call.id,
      'ce-type': `org.kubeflow.serving.inference.${kind}`,
      'ce-source': `http://localhost:${this.settings.http_port}/`,
      'ce-time': new Date().toISOString(),
      'ce-recordedtime': new Date().toISOString(),
      'ce-inferenceservicename': this.env.INFERENCE_SERVICE_NAME ?? '',
      'ce-namespace': this.env.POD_NAMESPACE ?? '',
      'ce-component': this.env.COMPONENT ?? 'predictor',
      'ce-endpoint': call.path,
    };
    const logged = Object.fromEntries(this.allowed.flatMap((name) => (call.headers[name] === undefined ? [] : [[name, call.headers[name]]])));
    if (Object.keys(logged).length > 0) {
      attributes['ce-metadata'] = JSON.stringify(logged);
    }
    const headers = {
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, printable(value)])),
      'content-type': body.type,
      ...(body.jsonLength === undefined ? {} : { [HEADER_LENGTH]: body.jsonLength }),
    };
    this.queue.push({ headers, body });
    this.bytes += length;
    this.work();
  }

  private work(): void {
    while (this.working < WORKERS && this.queue.length > 0) {
      const event = this.queue.shift()!;
      this.bytes -= event.body.bytes.length;
      const bytes = this.formed(event.body);
      if (bytes === undefined) {
        this.lost('form');
        continue;
      }
      this.working++;
      void this.send(event.headers, bytes).catch(() => false).then((sent) => {
        if (sent) {
          this.metrics.server.value('logSent').add();
        } else {
          this.lost('sink');
        }
        this.working--;
        this.work();
      });
    }
    if (this.working === 0 && this.queue.length === 0) {
      this.whenEmpty?.();
    }
  }

  private send(headers: Event['headers'], body: Buffer): Promise<boolean> {
    return new Promise((resolve) => {
      const send = this.url.protocol === 'https:' ? tlsRequest : httpRequest;
      const req = send(this.url, { method: 'POST', agent: this.agent, timeout: TIMEOUT_MS, headers: { ...headers, 'content-length': String(body.length) } }, (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode! < 300));
        res.on('error', () => resolve(false));
      });
      req.on('timeout', () => req.destroy());
      req.on('error', () => resolve(false));
      req.end(body);
    });
  }

  /** A body as it may leave; undefined where it has no such form. */
  private formed({ bytes, convert }: Body): Buffer | undefined {
    try {
      const converted = convert === undefined ? bytes : convert(bytes);
      return this.paths.length === 0 ? converted : this.redacted(converted);
    } catch {
      return undefined;
    }
  }

  private redacted(bytes: Buffer): Buffer {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString());
    } catch {
      // what cannot be read cannot be redacted, so it does not leave
      return Buffer.from('"[REDACTED]"');
    }
    return Buffer.from(JSON.stringify(redact(value, this.paths)));
  }
}
