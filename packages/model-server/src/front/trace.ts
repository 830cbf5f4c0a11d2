import { context as contextApi, propagation, Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** Starts OpenTelemetry's SDK where the environment asks for it and it is installed. */
export function startTracing(env: NodeJS.ProcessEnv, log: Logger): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || !Object.keys(env).some((name) => name.startsWith('OTEL_'))) {
    return false;
  }
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports, import/no-extraneous-dependencies
    const { NodeSDK } = require('@opentelemetry/sdk-node') as { NodeSDK: new () => { start(): void } };
    new NodeSDK().start();
    return true;
  } catch (error) {
    log.warn(`OTEL_ variables are set, but @opentelemetry/sdk-node cannot be loaded: ${(error as Error).message.split('\n')[0]}`);
    return false;
  }
}

const tracer = trace.getTracer('kserve-model-server');

/** A span for one inference, child of the caller's. */
export function startSpan(model: string, protocol: string, headers: { readonly [name: string]: unknown }): Span {
  const parent = propagation.extract(contextApi.active(), headers);
  return tracer.startSpan(`infer ${model}`, { kind: SpanKind.SERVER, attributes: { 'model.name': model, 'rpc.protocol': protocol } }, parent);
}

export function endSpan(span: Span, failed: boolean): void {
  if (failed) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
