import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { Settings } from './cli/flags';
import { shuttingDown } from './errors';
import { FrontContext } from './front/context';
import type { GrpcFront } from './front/grpc/server';
import { HttpFront } from './front/http/server';
import { OpenStreams } from './front/open-streams';
import { TlsFiles } from './front/tls';
import { startTracing } from './front/trace';
import { RequestLog } from './logging/request-log';
import { watchProcess } from './metrics/process';
import { Metrics } from './metrics/registry';
import { Layout, readLayout } from './model/layout';
import { packageVersion, runnerEntry } from './paths';
import { ModelRegistry } from './registry/registry';
import { PredictorClient } from './sdk/predictor-client';

/** A server that runs. */
export interface RunningServer {
  readonly httpPort: number;
  readonly grpcPort: number | undefined;
  readonly context: FrontContext;
  /** Process ids of the runners. */
  readonly pids: () => readonly number[];
  /** Drains and stops; resolves when everything has ended. */
  stop(): Promise<void>;
}

const PREDICTOR_EVERY_MS = 2000;
/** Longest wait for what is still to be sent of logs and spans. */
const FLUSH_MS = 2000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for a directory that another container mounts late. */
async function whenThere(path: string, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (!existsSync(path)) {
    if (performance.now() > until) {
      throw new Error(`${path} did not appear within ${seconds} s (--model_wait_seconds)`);
    }
    await sleep(200);
  }
}

function layoutOf(path: string | undefined, settings: Settings): Layout {
  const folder = path ?? '/mnt/models';
  if (!existsSync(folder)) {
    if (settings.multi_model && path === undefined) {
      return { root: folder, kind: 'empty', models: new Map(), broken: new Map() };
    }
    throw new Error(`${folder} does not exist; give the path of a model, or try --example iris`);
  }
  return readLayout(folder, settings.model_name, settings.multi_model);
}

/** Watches the predictor behind a transformer from `begin` on, when the models have been loaded. */
function watchPredictor(settings: Settings, registry: ModelRegistry): { readonly begin: () => void; readonly unready: () => string | undefined } {
  const { predictor_host: host, model_name: given } = settings;
  if (!settings.enable_predictor_health_check || host === undefined) {
    return { begin: () => undefined, unready: () => undefined };
  }
  const client = new PredictorClient({ host, protocol: settings.predictor_protocol as 'v1', useSsl: settings.predictor_use_ssl, caFile: settings.predictor_ca_file });
  let reason: string | undefined = `the predictor ${host} has not been reached yet`;
  const look = async (): Promise<void> => {
    // a transformer calls its predictor by the name that it serves itself
    const names = given === undefined ? registry.names : [given];
    const ready = await Promise.all(names.map((name) => client.isReady(name)));
    reason = ready.includes(false) ? `the predictor ${host} is not ready` : undefined;
    setTimeout(() => void look(), PREDICTOR_EVERY_MS).unref();
  };
  return { begin: () => void look(), unready: () => reason };
}

/** Loaded only where gRPC is served: it is a third of the start-up. */
async function openGrpc(context: FrontContext, tls: TlsFiles | undefined): Promise<GrpcFront> {
  const { GrpcFront: Front } = await import('./front/grpc/server');
  return new Front(context, tls);
}

/** Starts listening at once, loads models behind it. */
export async function startServer(settings: Settings, path: string | undefined, log: Logger, env: NodeJS.ProcessEnv): Promise<{ server: RunningServer; loaded: Promise<void> }> {
  const metrics = new Metrics();
  const registry = new ModelRegistry(settings, metrics, log, runnerEntry);
  let draining = false;
  const predictor = watchPredictor(settings, registry);
  const requestLog = settings.log_url === undefined ? undefined : new RequestLog(settings, metrics, env);
  const tracing = startTracing(env, log);
  const context: FrontContext = {
    settings,
    registry,
    metrics,
    log,
    requestLog,
    env,
    tracing: tracing !== undefined,
    observing: tracing !== undefined || requestLog !== undefined || settings.access_log_sample > 0 || settings.enable_latency_logging,
    streams: new OpenStreams(),
    version: packageVersion(),
    unready: () => (draining ? shuttingDown().message : registry.unready ?? predictor.unready()),
  };
  watchProcess(metrics, registry);
  const tls = settings.ssl_certfile === undefined || settings.ssl_keyfile === undefined
    ? undefined
    : new TlsFiles(settings.ssl_certfile, settings.ssl_keyfile, (error) => (error === undefined
      ? log.info('the changed TLS files are in use')
      : log.error({ err: error }, 'the changed TLS files cannot be used; the old ones stay')));
  const http = new HttpFront(context, tls);
  const httpPort = await http.listen(settings.http_port, settings.host);
  const grpc = settings.enable_grpc ? await openGrpc(context, tls) : undefined;
  const grpcPort = await grpc?.listen(settings.grpc_port, settings.host);

  const loaded = (async () => {
    if (env.MODEL_INIT_MODE === 'async') {
      await whenThere(path ?? '/mnt/models', settings.model_wait_seconds);
    }
    const layout = layoutOf(path, settings);
    await registry.open(layout, settings.multi_model || layout.kind !== 'single');
    predictor.begin();
  })();
  let failed = false;
  loaded.catch((error: Error) => {
    failed = true;
    registry.blocked = error.message;
  });

  const server: RunningServer = {
    httpPort,
    grpcPort,
    context,
    pids: () => registry.pids,
    async stop() {
      draining = true;
      http.discourage();
      // endpoints learn of the change while requests still come; they never knew of a server that could not load
      await sleep(failed ? 0 : settings.drain_delay_seconds * 1000);
      context.streams.endAll();
      const timeoutMs = settings.drain_timeout_seconds * 1000;
      await Promise.all([http.close(timeoutMs), grpc?.close(timeoutMs)]);
      await registry.stop();
      await Promise.all([context.requestLog?.flush(FLUSH_MS), Promise.race([tracing?.stop().catch(() => undefined), sleep(FLUSH_MS)])]);
      // the replies of stopped runners leave first
      await sleep(20);
      http.destroy();
      grpc?.destroy();
    },
  };
  return { server, loaded };
}
