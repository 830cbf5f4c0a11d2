import { Deferred } from '../core/deferred';
import type { ProtocolsData } from '../release/data';
import type { RuntimeFacts } from '../target';

/** Why a runtime cannot serve a request. */
export type Obstacle =
  /** a ServingRuntime of another namespace */
  | 'namespace'
  /** the service names another one */
  | 'not-named'
  /** a ServingRuntime of the service's namespace has the same name */
  | 'hidden'
  | 'disabled'
  /** for many models in one server */
  | 'multi-model'
  /** with workers, while the service has none */
  | 'multi-node'
  /** without workers, while the service has some */
  | 'single-node'
  | 'format'
  /** the format differs in upper and lower case only */
  | 'case'
  | 'version'
  /** serves the format only if named */
  | 'auto-select'
  | 'protocol'
  /** that depends on what is not known */
  | 'deferred';

/** Whether and how a runtime fails to serve a format; all entries count for a runtime that a service names. */
export function formatObstacle(
  wanted: { format: string; version?: string }, { formats }: RuntimeFacts, autoSelectOnly: boolean,
): Obstacle | undefined {
  if (formats.some(({ name, version }) => Deferred.is(name) || Deferred.is(version))) {
    return 'deferred';
  }
  const ofName = formats.filter(({ name }) => name === wanted.format);
  if (ofName.length === 0) {
    return formats.some(({ name }) => name.toLowerCase() === wanted.format.toLowerCase()) ? 'case' : 'format';
  }
  const ofVersion = ofName.filter(({ version }) => wanted.version === undefined || version === wanted.version);
  if (ofVersion.length === 0) {
    return 'version';
  }
  return autoSelectOnly && !ofVersion.some(({ autoSelect }) => autoSelect) ? 'auto-select' : undefined;
}

/** Whether a runtime does not speak a protocol; one that names no protocol speaks any. */
export function protocolObstacle(protocol: string, { protocolVersions = [] }: RuntimeFacts): Obstacle | undefined {
  if (protocolVersions.length === 0 || protocolVersions.includes(protocol)) {
    return undefined;
  }
  return protocolVersions.some(Deferred.is) ? 'deferred' : 'protocol';
}

/** The number by which KServe orders runtimes: the lowest protocol first, those that name none last. */
export function protocolRank({ protocolVersions = [] }: RuntimeFacts, { order }: ProtocolsData): number {
  const ranks = protocolVersions.map((protocol) => order.indexOf(protocol)).map((rank) => rank < 0 ? order.length : rank);
  return Math.min(...ranks, order.length);
}

/** The priority that counts for a format: that of the first entry of its name, whatever its version. */
export function priorityOf({ formats }: RuntimeFacts, format: string): number | undefined {
  return formats.find(({ name }) => name === format)?.priority;
}

/** Whether the order of a runtime among others depends on what is not known. */
export function isDeferredOrder({ formats, protocolVersions = [] }: RuntimeFacts): boolean {
  return protocolVersions.some(Deferred.is) || formats.some(({ priority }) => Deferred.is(priority));
}
