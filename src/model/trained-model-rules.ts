import { judgeUri, MALFORMED_URI, MUTABLE_REFERENCE, UriRule, WEB_PAGE } from './uri-rules';
import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { parseQuantity } from '../core/quantity';
import { Rule } from '../diagnostics/rule';
import { SERVER_CONTAINER } from '../release/container-names';
import { Neighbour, Neighbours } from '../target/neighbours';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { FRAMEWORKS } from '../target/service-view';

const CONTROLLER: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'controller', bites: 'runtime' };

export const SERVICE_HAS_CREDENTIALS: Rule = {
  ...CONTROLLER,
  code: 'KSV1805',
  title: 'A trained model has credentials of its own',
  mirrors: 'the agent downloads with the pod\'s ServiceAccount',
  explanation: 'Models of one server are downloaded by a container in its pod, which reads the Secrets of the service\'s ServiceAccount and no others.',
};

const NAME: ClusterRule = {
  ...CONTROLLER,
  origin: 'webhook',
  bites: 'create',
  code: 'KSV1801',
  individual: true,
  title: 'The name of a trained model is malformed',
  mirrors: 'TrainedModel validator: validateTrainedModelName, and the API server\'s rule for names',
  explanation: 'KServe allows letters, digits, dashes and underscores, Kubernetes lower-case letters, digits and dashes: both must hold.',
  check: ({ metadata: { name } }) => Deferred.is(name) || /^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$/.test(name) ? [] : [{
    at: '/metadata/name',
    value: name,
    message: 'is no name for a trained model',
    allowed: 'lower-case letters, digits and dashes, not at its ends',
    fix: `rename it, such as '${name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'model'}'.`,
  }],
};

const SOURCE: ClusterRule = {
  ...CONTROLLER,
  origin: 'webhook',
  bites: 'create',
  code: 'KSV1802',
  individual: true,
  title: 'A trained model cannot come from this source',
  mirrors: 'TrainedModel validator: validateStorageURI',
  explanation: 'The agent that loads models into a running server knows fewer kinds of storage than the storage initializer.',
  check: ({ spec }, { target: { release } }) => {
    const uri = spec?.model?.storageUri;
    const prefixes = release._data.storage.trainedModelPrefixes;
    return Deferred.is(uri) || prefixes.some((prefix) => String(uri ?? '').startsWith(prefix)) ? [] : [{
      at: uri === undefined ? '/spec/model' : '/spec/model/storageUri',
      value: uri,
      message: uri === undefined ? 'has a source without a URI' : 'is refused',
      allowed: prefixes.join(', '),
      fix: 'keep the model in a bucket or behind a URL, or serve it by an InferenceService of its own.',
    }];
  },
};

/** The rules about URIs that hold for the agent too. */
const URIS: ClusterRule[] = [MALFORMED_URI, MUTABLE_REFERENCE, WEB_PAGE].map((rule: UriRule) => ({
  ...rule,
  individual: true,
  check: ({ spec }, { target: { release } }) => {
    const uri = spec?.model?.storageUri;
    if (typeof uri !== 'string' || Deferred.is(uri) || !release._data.storage.trainedModelPrefixes.some((prefix) => uri.startsWith(prefix))) {
      return [];
    }
    return judgeUri(uri, { release, ownContainer: () => false }, [rule]).map(({ violation }) => ({ at: '/spec/model/storageUri', ...violation }));
  },
}));

const NOT_MULTI_MODEL: ClusterRule = {
  ...CONTROLLER,
  code: 'KSV1803',
  individual: true,
  title: 'The service of a trained model does not serve many models',
  mirrors: 'TrainedModel controller: IsMMSPredictor',
  explanation: 'A predictor is a server for many models when it has no source at all and is not of the format huggingface; a container of one\'s own says so by MULTI_MODEL_SERVER=true.',
  check: (manifest, context) => {
    const service = serviceOf(manifest, context);
    const reason = service && whyNotMultiModel(service.manifest.spec?.predictor ?? {});
    return reason === undefined ? [] : [{
      at: '/spec/inferenceService',
      value: service!.name,
      message: `${reason}, so it serves that model only`,
      fix: `leave the source of '${service!.path}' out, or make another service for trained models.`,
    }];
  },
};

const MEMORY: ClusterRule = {
  ...CONTROLLER,
  code: 'KSV1804',
  individual: true,
  title: 'The trained models of a service need more memory than it has',
  mirrors: 'TrainedModel controller: IsMemoryResourceAvailable',
  explanation: 'KServe adds up the memory of all trained models and compares it with the memory limit that the service itself sets; the limit of the runtime does not count. Models beyond it are never loaded.',
  check: (manifest, context) => {
    const service = serviceOf(manifest, context);
    if (service === undefined || whyNotMultiModel(service.manifest.spec?.predictor ?? {}) !== undefined) {
      return [];
    }
    const limit = memoryLimit(service.manifest, context);
    if (limit === undefined) {
      return [{
        at: '/spec/inferenceService',
        value: service.name,
        message: 'sets no memory limit, which KServe counts as no memory at all',
        fix: `set resources.memory.limit on the predictor of '${service.path}'.`,
      }];
    }
    const models = modelsOf(context.neighbours, context.namespace, service.name);
    const before = models.slice(0, models.findIndex(({ name }) => name === manifest.metadata.name) + 1);
    const needed = before.reduce((sum, { manifest: { spec } }) => sum + (parseQuantity(spec.model.memory) ?? 0), 0);
    const available = parseQuantity(limit);
    return available === undefined || needed <= available ? [] : [{
      at: '/spec/model/memory',
      value: manifest.spec.model.memory,
      message: `is too much: the models of '${service.name}' up to this one need ${Math.ceil(needed / 2 ** 20)}Mi, its memory limit is ${limit}`,
      fix: `raise resources.memory.limit on the predictor of '${service.path}', or use a second service.`,
    }];
  },
};

const OTHER_NAMESPACE: ClusterRule = {
  ...CONTROLLER,
  code: 'KSV1806',
  individual: true,
  title: 'A trained model is not in the namespace of its service',
  mirrors: 'TrainedModel controller: a model without its service is deleted',
  explanation: 'The controller looks for the service in the namespace of the model and deletes the model when it is not there.',
  check: (manifest, context) => {
    const name = manifest.spec?.inferenceService;
    if (Deferred.is(name) || context.namespace === undefined || serviceOf(manifest, context) !== undefined) {
      return [];
    }
    const elsewhere = context.neighbours.ofKind('InferenceService').find((service) => service.name === name && service.namespace !== undefined);
    return elsewhere === undefined ? [] : [{
      at: '/spec/inferenceService',
      value: name,
      message: `is in namespace '${elsewhere.namespace}', but the model is in '${context.namespace}', where the controller deletes it`,
      fix: `give the model namespace: '${elsewhere.namespace}', or make it in a chart of that namespace.`,
    }];
  },
};

/** Rules about a TrainedModel. */
export const TRAINED_MODEL_RULES: ClusterRule[] = [NAME, SOURCE, ...URIS, NOT_MULTI_MODEL, MEMORY, OTHER_NAMESPACE];

function serviceOf({ spec }: Manifest, { neighbours, namespace }: RuleContext): Neighbour | undefined {
  const name = spec?.inferenceService;
  return Deferred.is(name) ? undefined : neighbours.named('InferenceService', namespace, name)[0];
}

/** Why a predictor serves one model, as KServe sees it; undefined when it serves many. */
function whyNotMultiModel(predictor: { readonly [field: string]: any }): string | undefined {
  if (predictor.containers?.length > 0) {
    const variables: { name: string; value?: string }[] = predictor.containers[0].env ?? [];
    return variables.some(({ name, value }) => name === 'MULTI_MODEL_SERVER' && value === 'true')
      ? undefined
      : 'has a container without the variable MULTI_MODEL_SERVER=true';
  }
  const field = FRAMEWORKS.find((framework) => predictor[framework]);
  const model = field === undefined ? undefined : predictor[field];
  if (field === 'huggingface' || model?.modelFormat?.name === 'huggingface') {
    return 'has the format huggingface';
  }
  return model?.storageUri !== undefined || model?.storage !== undefined || predictor.storageUris?.length > 0
    ? 'has a source of its own'
    : undefined;
}

/** The limit that KServe compares with: the service's own, which for a container is filled with the default. */
function memoryLimit({ spec: { predictor } }: Manifest, { target }: RuleContext): string | undefined {
  const containers: any[] | undefined = predictor.containers;
  if (containers === undefined || containers.length === 0) {
    const field = FRAMEWORKS.find((framework) => predictor[framework])!;
    return predictor[field]?.resources?.limits?.memory;
  }
  const byDefault = target.release._data.config.inferenceService.resource.memoryLimit;
  const server = containers.find(({ name }) => name === SERVER_CONTAINER) ?? containers[0];
  return server.resources?.limits?.memory ?? (server === containers[0] ? byDefault : undefined);
}

const modelsByService = new WeakMap<Neighbours, Map<string, Neighbour[]>>();

/** The trained models of a service in the order of the program. */
function modelsOf(neighbours: Neighbours, namespace: string | undefined, service: string): Neighbour[] {
  let known = modelsByService.get(neighbours);
  if (known === undefined) {
    known = new Map();
    for (const model of neighbours.ofKind('TrainedModel')) {
      const key = `${model.namespace ?? ''}/${model.manifest.spec?.inferenceService}`;
      const models = known.get(key);
      if (models === undefined) {
        known.set(key, [model]);
      } else {
        models.push(model);
      }
    }
    modelsByService.set(neighbours, known);
  }
  return known.get(`${namespace ?? ''}/${service}`) ?? [];
}
