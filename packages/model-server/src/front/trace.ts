import { context as contextApi, INVALID_TRACEID, propagation, Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** Spans that go somewhere. */
export interface Tracing {
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Starts OpenTelemetry's SDK where the environment asks for it and it is installed. */
export function startTracing(env: NodeJS.ProcessEnv, log: Logger): Tracing | undefined {
  if (env.OTEL_SDK_DISABLED === 'true' || !Object.keys(env).some((name) => name.startsWith('OTEL_'))) {
    return undefined;
  }
  if (isTracing()) {
    // the program was started with an SDK of its own
    return { stop: () => Promise.resolve() };
  }
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports, import/no-extraneous-dependencies
    const { NodeSDK } = require('@opentelemetry/sdk-node') as { NodeSDK: new () => { start(): void; shutdown(): Promise<void> } };
    const sdk = new NodeSDK();
    sdk.start();
    return { stop: () => sdk.shutdown() };
  } catch (error) {
    log.warn(`OTEL_ variables are set, but @opentelemetry/sdk-node cannot be loaded: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

const tracer = trace.getTracer('kserve-model-server');

/** Whether some provider of spans is registered. */
function isTracing(): boolean {
  const span = trace.getTracer('probe').startSpan('probe');
  const { traceId } = span.spanContext();
  return traceId !== INVALID_TRACEID;
}

/** A span for one inference, child of the caller's. */
export function startSpan(model: { readonly name: string; readonly version: string | undefined }, protocol: string, headers: { readonly [name: string]: unknown }): Span {
  const parent = propagation.extract(contextApi.active(), headers);
  const version = model.version === undefined ? {} : { 'model.version': model.version };
  return tracer.startSpan(`infer ${model.name}`, { kind: SpanKind.SERVER, attributes: { 'model.name': model.name, ...version, 'server.protocol': protocol } }, parent);
}

/** Headers whose trace context is that of a span; baggage stays as it came. */
export function withSpan(span: Span, headers: { readonly [name: string]: string }): { [name: string]: string } {
  const carrier = { ...headers };
  propagation.inject(trace.setSpan(propagation.extract(contextApi.active(), headers), span), carrier);
  return carrier;
}

/** Ends a span with what is known of the call. */
export function endSpan(span: Span, status: number, failed: boolean, stages: { readonly [name: string]: number }): void {
  span.setAttributes({ 'response.status': status, ...Object.fromEntries(Object.entries(stages).map(([name, value]) => [`inference.${name}`, value])) });
  if (failed) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
