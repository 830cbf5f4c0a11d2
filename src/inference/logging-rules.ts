import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { ManifestViolation } from '../diagnostics/rule';
import { KServeRelease } from '../release';
import { Abilities } from '../release/abilities';
import { ClusterRule } from '../target/rule-context';
import { componentsOf, ComponentView, containersOf, FRAMEWORKS, variablesOf } from '../target/service-view';
import { known, missing } from './scaling/facts';

/** The logger of a component. */
interface LoggerView {
  readonly component: ComponentView['name'];
  readonly logger: { readonly [field: string]: any };
  readonly at: string;
}

const loggers = new WeakMap<Manifest, LoggerView[]>();

function loggersOf(manifest: Manifest): LoggerView[] {
  let found = loggers.get(manifest);
  if (found === undefined) {
    loggers.set(manifest, found = lookForLoggers(manifest));
  }
  return found;
}

function lookForLoggers(manifest: Manifest): LoggerView[] {
  return componentsOf(manifest).flatMap(({ name, spec, at }) => missing(spec.logger) ? []
    : [{ component: name, logger: spec.logger, at: `${at}/logger` }]);
}

const MODES = ['all', 'request', 'response'];

const LOG_MODE: ClusterRule = {
  code: 'KSV1601',
  about: ['logger'],
  title: 'A logger has no valid mode',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'component.go validateLogger; CRD: enum of logger.mode',
  explanation: 'The field\'s description calls `all` the default, but nothing sets it: the webhook refuses a logger without a mode.',
  * check(manifest) {
    for (const { logger: { mode }, at } of loggersOf(manifest)) {
      if (missing(mode)) {
        yield { at, message: 'has no mode', allowed: MODES.join(', '), fix: 'use InferenceLogger.all, requests or responses, which write it.' };
      } else if (!Deferred.is(mode) && !MODES.includes(mode)) {
        yield { at: `${at}/mode`, value: mode, message: 'is no mode of a logger', allowed: MODES.join(', '), fix: 'use InferenceLogger.all, requests or responses.' };
      }
    }
  },
};

const STORAGE_INCOMPLETE: ClusterRule = {
  code: 'KSV1602',
  about: ['logger'],
  title: 'The storage of a logger is incomplete',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'component.go validateLogger: path, parameters and key all set',
  explanation: 'The webhook refuses a logger\'s storage unless path, parameters and key are all there.',
  * check(manifest) {
    for (const { logger: { storage }, at } of loggersOf(manifest)) {
      for (const field of storage === undefined ? [] : ['path', 'parameters', 'key'].filter((one) => storage[one] === undefined)) {
        yield { at: `${at}/storage`, message: `has no ${field}`, allowed: 'path, parameters and key', fix: `give ${field}; an InferenceLogger writes all three.` };
      }
    }
  },
};

/** Fields of a logger that came after 0.16. */
const NEWER: { field: string; ability: keyof Abilities }[] = [
  { field: 'marshallerUrl', ability: 'loggerMarshaller' },
  { field: 'batchSize', ability: 'loggerBatching' },
  { field: 'batchInterval', ability: 'loggerBatching' },
];

const NEWER_FIELD: ClusterRule = {
  code: 'KSV1603',
  about: ['logger'],
  title: 'The release has no such setting of a logger',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD of the release: logger; agent of the release: formats of the log store',
  explanation: 'A strict client refuses the unknown field, others lose it without a word. With a format that it does not know the agent ends, and the pod never becomes ready.',
  * check(manifest, { target: { release } }) {
    const { abilities } = release._data;
    for (const { logger, at } of loggersOf(manifest)) {
      for (const { field, ability } of NEWER.filter((one) => logger[one.field] !== undefined && !abilities[one.ability])) {
        yield { at: `${at}/${field}`, ...needs(ability, release) };
      }
      const format = logger.storage?.parameters?.format;
      if (format !== undefined && format !== 'json' && !Deferred.is(format) && !abilities.loggerParquet) {
        yield { at: `${at}/storage/parameters/format`, value: format, ...needs('loggerParquet', release) };
      }
    }
  },
};

function needs(ability: keyof Abilities, release: KServeRelease): Pick<ManifestViolation, 'message' | 'allowed' | 'fix'> {
  const since = KServeRelease.all().find(({ _data }) => _data.abilities[ability]);
  return { message: `is not known to KServe ${release}`, allowed: `KServe ${since} and newer`, fix: 'leave it out or upgrade KServe.' };
}

const PREDICTOR_ONLY = ['storage', 'marshallerUrl', 'batchSize', 'batchInterval'];

const PREDICTORS_LOGGER: ClusterRule = {
  code: 'KSV1604',
  about: ['logger'],
  title: 'A logger\'s storage is read from the predictor only',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'agent_injector.go getLoggerConfigs: isvc.Spec.Predictor.Logger',
  explanation: 'For the pods of every component KServe takes storage, marshaller and batches from the predictor\'s logger. What a transformer or explainer says is lost, and its logs go where the predictor\'s or the ConfigMap\'s go.',
  * check(manifest) {
    for (const { component, logger, at } of loggersOf(manifest)) {
      const stable = manifest.spec?.predictor?.logger;
      for (const field of component === 'predictor' ? [] : PREDICTOR_ONLY.filter((one) => logger[one] !== undefined)) {
        if (stable?.[field] === undefined) {
          yield { at: `${at}/${field}`, message: `is not read from the ${component}'s logger`, fix: 'give the predictor such a logger: it counts for all components.' };
        }
      }
    }
  },
};

const BLOBS = ['s3', 'gs', 'abfs'];

const SINK: ClusterRule = {
  code: 'KSV1605',
  about: ['logger'],
  title: 'A logger\'s address and its storage do not fit',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/agent main.go startLogger; pkg/logger GetStorageStrategy: by the beginning of the URL',
  explanation: 'The logger writes to a bucket if the URL begins with s3, gs or abfs and the predictor\'s logger has a storage; to an http URL it sends CloudEvents and never looks at the storage. A bucket without a storage gets nothing.',
  * check(manifest) {
    const storage = manifest.spec?.predictor?.logger?.storage;
    for (const { component, logger: { url, storage: own }, at } of loggersOf(manifest)) {
      if (typeof url !== 'string' || Deferred.is(url)) {
        continue;
      }
      const isBlob = BLOBS.some((scheme) => url.startsWith(scheme));
      if (!isBlob && !url.startsWith('http')) {
        yield { at: `${at}/url`, value: url, message: 'is no address that a logger can send to', allowed: 'http://, https://, s3://, gs://, abfs://', fix: 'give the address with its scheme.' };
      } else if (isBlob && storage === undefined && own === undefined) {
        yield { at: `${at}/url`, value: url, message: 'is a bucket, but the predictor\'s logger has no storage', fix: 'give the predictor\'s logger `storage: { path: …, key: … }`.' };
      } else if (!isBlob && storage !== undefined && component === 'predictor') {
        yield { at: `${at}/storage`, message: `is not used, since the logs go to ${url}`, fix: 'give the url of the bucket (s3://, gs:// or abfs://), or leave storage out.' };
      }
    }
  },
};

const BATCH_NUMBERS: ClusterRule = {
  code: 'KSV1606',
  about: ['batcher', 'logger'],
  title: 'A batch cannot have this size or time',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/agent main.go startBatcher: exits unless both are whole numbers above 0; startLogger: no interval without batchSize above 1',
  explanation: 'The agent that batches ends at once with a size or time below 1, so the pod never becomes ready. The interval of a logger counts only where records are stored together.',
  * check(manifest) {
    for (const { spec, at } of componentsOf(manifest).filter((one) => !missing(one.spec.batcher) || !missing(one.spec.logger))) {
      for (const field of ['maxBatchSize', 'maxLatency']) {
        const value = known(spec.batcher?.[field]);
        if (value !== undefined && (value < 1 || !Number.isInteger(value))) {
          yield { at: `${at}/batcher/${field}`, value, message: 'ends the batcher', allowed: field === 'maxLatency' ? 'whole milliseconds from 1' : 'whole numbers from 1', fix: `give ${field} as 1 or more.` };
        }
      }
      const batchSize = known(spec.logger?.batchSize);
      if (batchSize !== undefined && (batchSize < 1 || !Number.isInteger(batchSize))) {
        yield { at: `${at}/logger/batchSize`, value: batchSize, message: 'is no number of records', allowed: 'whole numbers from 1', fix: 'give batchSize as 1 or more.' };
      } else if (spec.logger?.batchInterval !== undefined && (batchSize ?? 1) <= 1 && !Deferred.is(spec.logger.batchSize)) {
        yield { at: `${at}/logger/batchInterval`, value: spec.logger.batchInterval, message: 'has no effect, since each record is stored at once', fix: 'give batchSize as 2 or more.' };
      }
    }
  },
};

const BATCH_PROTOCOL: ClusterRule = {
  code: 'KSV1607',
  title: 'Requests of this protocol are not batched',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'pkg/batcher handler.go ServeHTTP: paths that end in :predict only',
  explanation: 'The batcher knows V1 requests. All others pass one by one, without a word, and the throughput that was hoped for does not come.',
  * check(manifest, { target: { release } }) {
    for (const component of componentsOf(manifest).filter(({ spec }) => !missing(spec.batcher))) {
      const protocol = protocolOf(component, release);
      if (protocol !== undefined && protocol !== 'v1') {
        yield { at: `${component.at}/batcher`, message: `batches nothing: the ${component.name} speaks ${protocol}`, allowed: 'protocol v1', fix: 'use the model server\'s own batching, or InferenceProtocol.V1.' };
      }
    }
  },
};

/** The protocol that a component is known to speak. */
function protocolOf(component: ComponentView, release: KServeRelease): string | undefined {
  const { spec } = component;
  const field = FRAMEWORKS.find((one) => spec[one] !== undefined);
  const { protocols } = release._data;
  const protocol = field === undefined
    ? containersOf(component).flatMap(variablesOf).find(({ name }) => name === 'PROTOCOL')?.value
    : spec[field].protocolVersion ?? (field === 'model' ? protocols.ofFormat[spec.model.modelFormat?.name] : protocols.frameworks[field]);
  return Deferred.is(protocol) ? undefined : protocol;
}

const BATCH_TIMEOUT: ClusterRule = {
  code: 'KSV1608',
  title: 'The batcher\'s timeout is read by nobody',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'component.go addBatcherAnnotations: maxBatchSize and maxLatency only',
  explanation: 'The cluster accepts the field and does nothing with it.',
  * check(manifest) {
    for (const { spec, at } of componentsOf(manifest)) {
      if (spec.batcher?.timeout !== undefined) {
        yield { at: `${at}/batcher/timeout`, value: spec.batcher.timeout, message: 'is a field that no release of KServe reads', fix: 'use maxLatency, or the timeout of the component.' };
      }
    }
  },
};

const UNREAD: ClusterRule = {
  code: 'KSV1609',
  about: ['batcher', 'parameters'],
  title: 'A batcher or a parameter of a log\'s storage has no effect',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'explainer.go Reconcile: annotations of the logger only; agent_injector.go: of the parameters only format',
  explanation: 'KServe gives no batcher to explainers, and its agent reads no parameter of a log\'s storage but `format`. Both are accepted.',
  * check(manifest) {
    for (const { name, spec, at } of componentsOf(manifest)) {
      if (name === 'explainer' && spec.batcher !== undefined) {
        yield { at: `${at}/batcher`, message: 'has no effect on an explainer', fix: 'leave it out, or give it to the predictor.' };
      }
      for (const parameter of Object.keys(spec.logger?.storage?.parameters ?? {}).filter((one) => one !== 'format')) {
        yield { at: `${at}/logger/storage/parameters${pointerStep(parameter)}`, message: 'is a parameter that KServe does not read', allowed: 'format', fix: 'leave it out.' };
      }
    }
  },
};

/** Rules on loggers and batchers. */
export const LOGGING_RULES: ClusterRule[] = [
  LOG_MODE, STORAGE_INCOMPLETE, NEWER_FIELD, PREDICTORS_LOGGER, SINK, BATCH_NUMBERS, BATCH_PROTOCOL, BATCH_TIMEOUT, UNREAD,
];
