import { ServerError, unavailable } from '../../errors';
import { isObject, parseJson } from '../../json/parse';
import { CATALOGUE } from '../../metrics/catalogue';
import { ModelMetadata } from '../../model/metadata';
import { checkAdmin } from '../admin';
import { EXTENSIONS, FrontContext, SERVER_NAME } from '../context';
import { Exchange, StreamingExchange } from './exchange';
import { openApi } from './openapi';
import { callFree, observe, predict, readCall } from './predict';
import { streamEvents } from './sse';

export type Handler = (context: FrontContext, exchange: Exchange) => void | Promise<void>;
export type StreamHandler = (context: FrontContext, exchange: StreamingExchange) => void;
/** `stream` answers instead where the reply may be a stream. */
type Route = readonly [method: 'GET' | 'POST', pattern: string, handler: Handler | undefined, stream?: StreamHandler];

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Metadata in the form of V2. */
function metadataJson(name: string, versions: readonly string[], metadata: ModelMetadata): object {
  const tensor = (spec: ModelMetadata['inputs'][number]): object => ({
    name: spec.name,
    datatype: spec.datatype,
    shape: spec.shape,
    ...(spec.labels === undefined && spec.accepts === undefined ? {} : { parameters: { labels: spec.labels, accepts: spec.accepts } }),
  });
  return {
    name,
    ...(versions.length > 0 ? { versions } : {}),
    platform: metadata.platform,
    inputs: metadata.inputs.map(tensor),
    outputs: metadata.outputs.map(tensor),
    ...(metadata.parameters === undefined ? {} : { parameters: metadata.parameters }),
  };
}

function ready(context: FrontContext, exchange: Exchange): void {
  const reason = context.unready();
  exchange.json(reason === undefined ? 200 : 503, reason === undefined ? { ready: true } : { ready: false, reason });
}

function modelReady(context: FrontContext, exchange: Exchange): void {
  const [name, version] = exchange.params as [string, string | undefined];
  let isReady = false;
  try {
    isReady = context.registry.find(name, version).ready;
  } catch (error) {
    if ((error as ServerError).code !== 'unavailable') {
      throw error;
    }
  }
  exchange.json(isReady ? 200 : 503, { name, ready: isReady });
}

function modelMetadata(context: FrontContext, exchange: Exchange): void {
  const [name, version] = exchange.params as [string, string | undefined];
  const model = context.registry.find(name, version);
  const facts = model.encoder?.facts;
  exchange.json(200, metadataJson(name, context.registry.versionsOf(name), facts === undefined ? model.metadata : { ...model.metadata, parameters: { ...model.metadata.parameters, ...facts } }));
}

function repository(action: 'load' | 'unload'): Handler {
  return (context, exchange) => exchange.readBody(() => {
    const name = exchange.params[0]!;
    Promise.resolve()
      .then(() => checkAdmin(context, exchange.header('authorization')))
      .then(() => context.registry[action](name))
      .then(() => exchange.json(200, { name, [action]: true }), (error: unknown) => exchange.fail(error));
  });
}

function repositoryIndex(context: FrontContext, exchange: Exchange): void {
  exchange.readBody((body) => {
    const json = body.length === 0 ? {} : parseJson(body);
    exchange.json(200, context.registry.index(isObject(json) && json.ready === true));
  });
}

function explain(context: FrontContext, exchange: Exchange): void {
  const model = context.registry.ready(exchange.params[0]!, exchange.params[1]);
  if (model.metadata.explains !== true) {
    throw new ServerError('unimplemented', `Model with name ${model.name} does not explain its predictions.`);
  }
  observe(context, exchange, model, 'v1');
  readCall(context, exchange, model, 'v1', (chunks, isJson) => callFree(exchange, model, 'v1', 'explain', chunks, isJson));
}

function v1Predict(context: FrontContext, exchange: Exchange): void {
  predict(context, exchange, 'v1', exchange.params[0]!, exchange.params[1]);
}

function v1Stream(context: FrontContext, exchange: StreamingExchange): void {
  if (exchange.header('accept')?.includes('text/event-stream') === true) {
    streamEvents(context, exchange, 'v1', exchange.params[0]!, exchange.params[1]);
  } else {
    v1Predict(context, exchange);
  }
}

function v2Infer(context: FrontContext, exchange: Exchange): void {
  predict(context, exchange, 'v2', exchange.params[0]!, exchange.params[1]);
}

function v2Stream(context: FrontContext, exchange: StreamingExchange): void {
  streamEvents(context, exchange, 'v2', exchange.params[0]!, exchange.params[1]);
}

function v1Model(context: FrontContext, exchange: Exchange): void {
  const [name, version] = exchange.params as [string, string | undefined];
  const model = context.registry.find(name, version);
  if (!model.ready) {
    throw unavailable(`Model with name ${name} is not ready.`);
  }
  exchange.json(200, { name, ready: true });
}

/** Everything at its path. `{n}` is a model, `{v}` a version. */
export const ROUTES: readonly Route[] = [
  ['GET', '/', (_, exchange) => exchange.json(200, { status: 'alive' })],
  ['GET', '/healthz', (_, exchange) => exchange.json(200, { status: 'alive' })],
  ['GET', '/readyz', ready],
  ['GET', '/metrics', (context, exchange) => exchange.text(200, context.metrics.render(), METRICS_TYPE)],
  ['GET', '/metrics/catalogue.json', (_, exchange) => exchange.json(200, CATALOGUE)],
  ['GET', '/openapi.json', (context, exchange) => exchange.json(200, openApi(context))],
  ['GET', '/v1/models', (context, exchange) => exchange.json(200, { models: context.registry.names })],
  ['GET', '/v1/models/{n}', v1Model],
  ['GET', '/v1/models/{n}/versions/{v}', v1Model],
  ['POST', '/v1/models/{n}:predict', v1Predict, v1Stream],
  ['POST', '/v1/models/{n}/versions/{v}:predict', v1Predict, v1Stream],
  ['POST', '/v1/models/{n}:explain', explain],
  ['POST', '/v1/models/{n}/versions/{v}:explain', explain],
  ['GET', '/v2', (context, exchange) => exchange.json(200, { name: SERVER_NAME, version: context.version, extensions: EXTENSIONS })],
  ['GET', '/v2/health/live', (_, exchange) => exchange.json(200, { live: true })],
  ['GET', '/v2/health/ready', ready],
  ['GET', '/v2/models', (context, exchange) => exchange.json(200, { models: context.registry.names })],
  ['GET', '/v2/models/{n}', modelMetadata],
  ['GET', '/v2/models/{n}/versions/{v}', modelMetadata],
  ['GET', '/v2/models/{n}/ready', modelReady],
  ['GET', '/v2/models/{n}/versions/{v}/ready', modelReady],
  ['POST', '/v2/models/{n}/infer', v2Infer],
  ['POST', '/v2/models/{n}/versions/{v}/infer', v2Infer],
  ['POST', '/v2/models/{n}/generate_stream', undefined, v2Stream],
  ['POST', '/v2/models/{n}/versions/{v}/generate_stream', undefined, v2Stream],
  ['POST', '/v2/repository/index', repositoryIndex],
  ['POST', '/v2/repository/models/{n}/load', repository('load')],
  ['POST', '/v2/repository/models/{n}/unload', repository('unload')],
];
