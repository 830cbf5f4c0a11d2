import { Deferred } from '../core/deferred';
import type { ProtocolsData } from '../release/data';
import type { RuntimeFacts } from '../target';
import { formatObstacle, isDeferredOrder, Obstacle, priorityOf, protocolObstacle, protocolRank } from './capability';

/** What KServe looks at in a service when it chooses a runtime. */
export interface RuntimeRequest {
  readonly format: string;
  readonly version?: string;
  /** As the service writes it. */
  readonly protocol?: string;
  /** The runtime that the service names. */
  readonly runtime?: string;
  /** Whether the service has workers. */
  readonly multiNode?: boolean;
  readonly namespace?: string;
}

/** A runtime that KServe may choose. */
export interface Candidate {
  readonly facts: RuntimeFacts;
  /** A ServingRuntime, whose namespace may be unknown. Otherwise a ClusterServingRuntime. */
  readonly namespaced: boolean;
  /** The server it holds, if KServe can tell. */
  readonly serverType?: string;
  /** Path of the construct that makes it; undefined for a runtime that the target has already. */
  readonly path?: string;
  /** Port of gRPC, if it has one. */
  readonly grpcPort?: number;
}

/** By what a runtime that can serve a request comes after the chosen one. */
export type Order = 'namespace' | 'priority' | 'protocol' | 'age';

/** What became of a candidate: the chosen one has neither obstacle nor order. */
export interface Verdict {
  readonly candidate: Candidate;
  readonly obstacle?: Obstacle;
  readonly after?: Order;
}

/** What KServe will do with a request. */
export interface Selection {
  /** `unknown` when it depends on a value known only at deployment, or on a namespace that is not known. */
  readonly state: 'chosen' | 'none' | 'unknown';
  readonly chosen?: Candidate;
  /** The protocol the service will have; undefined if neither it nor the chosen runtime names one. */
  readonly protocol?: string;
  /** The runtimes that KServe takes instead of the chosen one where they are younger than it. */
  readonly tied: Candidate[];
  /** One for each candidate, best first. */
  readonly verdicts: Verdict[];
}

/** The runtime that KServe's controller takes for a model. */
export function selectRuntime(request: RuntimeRequest, candidates: Candidate[], protocols: ProtocolsData): Selection {
  const { format, version, protocol, runtime } = request;
  if ([format, version, protocol, runtime].some(Deferred.is)) {
    return unknown(candidates.map((candidate) => ({ candidate, obstacle: 'deferred' })));
  }
  const written = protocol ?? protocols.ofFormat[format];
  const selection = runtime === undefined
    ? automatic(request, written ?? protocols.unset, candidates, protocols)
    : byName(request, runtime, written, candidates);
  return selection.chosen === undefined ? selection : { ...selection, protocol: written ?? protocolOf(selection.chosen, protocols) };
}

type Scope = 'here' | 'cluster' | 'elsewhere' | 'unknown';

/** Where a candidate is, seen from a service in `namespace`. */
export function scopeOf({ namespaced, facts }: Candidate, namespace: string | undefined): Scope {
  if (!namespaced) {
    return 'cluster';
  }
  if (facts.namespace === namespace) {
    return 'here';
  }
  return [facts.namespace, namespace].some((name) => name === undefined || Deferred.is(name)) ? 'unknown' : 'elsewhere';
}

function automatic(request: RuntimeRequest, protocol: string, candidates: Candidate[], protocols: ProtocolsData): Selection {
  const judged = candidates.map((candidate): Verdict => ({ candidate, obstacle: obstacleTo(request, protocol, candidate) }));
  const obstructed = judged.filter(({ obstacle }) => obstacle !== undefined);
  const able = judged.filter(({ obstacle }) => obstacle === undefined).map(({ candidate }) => candidate);
  if (obstructed.some(({ obstacle }) => obstacle === 'deferred') || (able.length > 1 && able.some(({ facts }) => isDeferredOrder(facts)))) {
    return unknown([...able.map((candidate): Verdict => ({ candidate, obstacle: 'deferred' })), ...obstructed]);
  }
  able.sort((a, b) => differences(a, b, request.format, protocols).find(({ by }) => by !== 0)?.by ?? compareNames(a, b));
  const [chosen, ...others] = able;
  const behind = others.map((candidate) => ({
    candidate,
    after: differences(chosen, candidate, request.format, protocols).find(({ by }) => by !== 0)?.order ?? 'age',
  } as const));
  return chosen === undefined
    ? { state: 'none', tied: [], verdicts: obstructed }
    : {
      state: 'chosen',
      chosen,
      tied: behind.filter(({ after }) => after === 'age').map(({ candidate }) => candidate),
      verdicts: [{ candidate: chosen }, ...behind, ...obstructed],
    };
}

/**
 * By what KServe orders the runtimes that can serve a format, what counts most first.
 * Where nothing differs the youngest wins, and among equally old ones the first name.
 */
function differences(a: Candidate, b: Candidate, format: string, protocols: ProtocolsData): { order: Order; by: number }[] {
  return [
    { order: 'namespace', by: Number(b.namespaced) - Number(a.namespaced) },
    { order: 'priority', by: (priorityOf(b.facts, format) ?? 0) - (priorityOf(a.facts, format) ?? 0) },
    { order: 'protocol', by: protocolRank(a.facts, protocols) - protocolRank(b.facts, protocols) },
  ];
}

/** The service's namespace comes first, then the cluster; only the first runtime of the name is judged. */
function byName(request: RuntimeRequest, name: string, protocol: string | undefined, candidates: Candidate[]): Selection {
  const located = candidates.map((candidate) => ({ candidate, scope: scopeOf(candidate, request.namespace) }));
  const find = (scope: Scope) => located.find((one) => one.scope === scope && one.candidate.facts.name === name)?.candidate;
  const mayBeIn = (...scopes: Scope[]) => located.some(({ candidate: { facts }, scope }) =>
    scopes.includes(scope) && (Deferred.is(facts.name) || facts.name === name));
  const here = find('here');
  const found = here ?? find('cluster');
  const others = located.filter(({ candidate }) => candidate !== found).map(({ candidate, scope }): Verdict => ({
    candidate,
    obstacle: candidate.facts.name !== name ? 'not-named' : scope === 'elsewhere' ? 'namespace' : 'hidden',
  }));
  if (here === undefined && mayBeIn('here', 'unknown', ...found === undefined ? ['cluster' as const] : [])) {
    return unknown([...found === undefined ? [] : [{ candidate: found, obstacle: 'deferred' as const }], ...others]);
  }
  if (found === undefined) {
    return { state: 'none', tied: [], verdicts: others };
  }
  const obstacle = obstacleToNamed(request, protocol, found.facts);
  const verdicts = [{ candidate: found, obstacle }, ...others];
  if (obstacle === 'deferred') {
    return unknown(verdicts);
  }
  return obstacle === undefined ? { state: 'chosen', chosen: found, tied: [], verdicts } : { state: 'none', tied: [], verdicts };
}

/** Why KServe does not choose a runtime by itself. Reasons that nobody can do anything about come first. */
function obstacleTo(request: RuntimeRequest, protocol: string, candidate: Candidate): Obstacle | undefined {
  const { facts } = candidate;
  const scope = scopeOf(candidate, request.namespace);
  const format = formatObstacle(request, facts, true);
  if (scope === 'elsewhere') return 'namespace';
  if (format === 'format') return 'format';
  if (facts.disabled) return 'disabled';
  if (facts.multiModel) return 'multi-model';
  if (facts.multiNode && !request.multiNode) return 'multi-node';
  if (!facts.multiNode && request.multiNode) return 'single-node';
  return format ?? protocolObstacle(protocol, facts) ?? (scope === 'unknown' ? 'deferred' : undefined);
}

/** Why KServe refuses the runtime that a service names. That it is for one node or many models is not looked at. */
function obstacleToNamed(request: RuntimeRequest, protocol: string | undefined, facts: RuntimeFacts): Obstacle | undefined {
  if (facts.disabled) return 'disabled';
  const speaks = protocol === undefined ? undefined : protocolObstacle(protocol, facts);
  return speaks ?? formatObstacle(request, facts, false);
}

/** The protocol that a runtime gives to a service that names none. */
function protocolOf({ facts, serverType }: Candidate, protocols: ProtocolsData): string | undefined {
  return protocols.ofServerType[serverType ?? ''] ?? protocols.order[protocolRank(facts, protocols)];
}

function compareNames(a: Candidate, b: Candidate): number {
  if (Deferred.is(a.facts.name) || Deferred.is(b.facts.name)) {
    return 0;
  }
  return a.facts.name < b.facts.name ? -1 : 1;
}

function unknown(verdicts: Verdict[]): Selection {
  return { state: 'unknown', tied: [], verdicts };
}
