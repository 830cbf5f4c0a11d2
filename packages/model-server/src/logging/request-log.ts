import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { parsePaths, redact } from './redact';
import { Settings } from '../cli/flags';
import { Metrics } from '../metrics/registry';

interface Event {
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
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
const TIMEOUT_MS = 10_000;

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
    this.url = new URL(settings.log_url!);
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

  public request(call: LoggedCall, body: Buffer, contentType: string): void {
    if (this.settings.log_mode !== 'response') {
      this.push('request', call, body, contentType);
    }
  }

  public response(call: LoggedCall, body: Buffer, contentType: string): void {
    if (this.settings.log_mode !== 'request') {
      this.push('response', call, body, contentType);
    }
  }

  /** Waits until the queue is empty, at most this long. */
  public async flush(timeoutMs: number): Promise<void> {
    if (this.queue.length > 0 || this.working > 0) {
      await Promise.race([new Promise<void>((resolve) => { this.whenEmpty = resolve; }), new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
    }
    this.agent.destroy();
  }

  private push(kind: 'request' | 'response', call: LoggedCall, body: Buffer, contentType: string): void {
    const lost = (reason: 'queue' | 'size'): void => this.metrics.server.value('logLost', reason).add();
    if (body.length > LARGEST) {
      lost('size');
      return;
    }
    if (this.queue.length >= MOST_EVENTS || this.bytes + body.length > MOST_BYTES) {
      lost('queue');
      return;
    }
    const headers: { [name: string]: string } = {
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
      'content-type': contentType,
    };
    const logged = Object.fromEntries(this.allowed.flatMap((name) => (call.headers[name] === undefined ? [] : [[name, call.headers[name]]])));
    if (Object.keys(logged).length > 0) {
      headers['ce-metadata'] = JSON.stringify(logged);
    }
    this.queue.push({ headers, body });
    this.bytes += body.length;
    this.work();
  }

  private work(): void {
    while (this.working < WORKERS && this.queue.length > 0) {
      const event = this.queue.shift()!;
      this.bytes -= event.body.length;
      this.working++;
      this.send(event).then((sent) => {
        if (sent) {
          this.metrics.server.value('logSent').add();
        } else {
          this.metrics.server.value('logLost', 'sink').add();
        }
        this.working--;
        this.work();
        if (this.working === 0 && this.queue.length === 0) {
          this.whenEmpty?.();
        }
      }, () => undefined);
    }
  }

  private send(event: Event): Promise<boolean> {
    const body = this.redacted(event);
    return new Promise((resolve) => {
      const send = this.url.protocol === 'https:' ? tlsRequest : httpRequest;
      const req = send(this.url, { method: 'POST', agent: this.agent, timeout: TIMEOUT_MS, headers: { ...event.headers, 'content-length': String(body.length) } }, (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode! < 300));
        res.on('error', () => resolve(false));
      });
      req.on('timeout', () => req.destroy());
      req.on('error', () => resolve(false));
      req.end(body);
    });
  }

  private redacted(event: Event): Buffer {
    if (this.paths.length === 0) {
      return event.body;
    }
    try {
      return Buffer.from(JSON.stringify(redact(JSON.parse(event.body.toString()), this.paths)));
    } catch {
      // what cannot be read cannot be redacted, so it does not leave
      return Buffer.from('"[REDACTED]"');
    }
  }
}
