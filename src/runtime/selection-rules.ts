import { Candidates } from './candidates';
import type { Obstacle } from './capability';
import { describeRequest, nearMisses, wantedProtocol } from './explain';
import { inOtherNamespace, OTHER_NAMESPACE_FACTS } from './reference';
import { repairsOf } from './repair';
import { LocatedRequest, requestOf } from './request';
import { Candidate, Selection } from './selection';
import type { Manifest } from '../core/manifest';
import type { ManifestViolation } from '../diagnostics/rule';
import { KServeRelease } from '../release';
import { formatFacts } from '../release/formats';
import type { ClusterRule, RuleContext } from '../target/rule-context';

/** A service with what KServe makes of it. */
interface Case extends RuleContext {
  readonly request: LocatedRequest;
  readonly selection: Selection;
  readonly candidates: Candidates;
}

type Judge = (found: Case) => Iterable<ManifestViolation>;

/** What all rules on the choice of a runtime have in common. */
function rule(facts: Pick<ClusterRule, 'code' | 'title' | 'severity' | 'mirrors' | 'explanation'>, judge: Judge): ClusterRule {
  return {
    ...facts,
    origin: 'controller',
    bites: 'runtime',
    check: (manifest, context) => {
      const found = caseOf(manifest, context);
      return found === undefined ? [] : judge(found);
    },
  };
}

let last: { manifest: Manifest; context: RuleContext; found: Case | undefined } | undefined;

/** What all rules judge about a manifest. The last one is kept, because they judge it one after the other. */
function caseOf(manifest: Manifest, context: RuleContext): Case | undefined {
  if (last?.manifest !== manifest || last.context !== context) {
    last = { manifest, context, found: findCase(manifest, context) };
  }
  return last.found;
}

/** Undefined if no runtime is chosen for the service, or which one is not known. */
function findCase(manifest: Manifest, context: RuleContext): Case | undefined {
  const request = requestOf(manifest, context.target.release, context.namespace);
  if (request === undefined) {
    return undefined;
  }
  const candidates = Candidates.of(context);
  const selection = candidates.select(request);
  return selection.state === 'unknown' ? undefined : { ...context, request, selection, candidates };
}

const NONE = 'InferenceService controller: GetSupportingRuntimes, NoSupportingRuntime';

const NO_RUNTIME = rule({
  code: 'KSV1721',
  title: 'No runtime serves the model',
  severity: 'error',
  mirrors: NONE,
  explanation: 'KServe accepts the service and never starts it, because no runtime may be chosen for its format, version and protocol. The message lists the runtimes that come near, and the changes with which one is found.',
}, (found) => found.target.runtimesComplete ? noRuntime(found) : []);

const NO_RUNTIME_ASSUMED = rule({
  code: 'KSV1722',
  title: 'No known runtime serves the model',
  severity: 'warning',
  mirrors: NONE,
  explanation: 'None of the runtimes of this program and of the release may be chosen for the service\'s format, version and protocol. The target does not say what is installed on the cluster, so another one may serve it.',
}, (found) => found.target.runtimesComplete ? [] : noRuntime(found));

const UNKNOWN_RUNTIME = rule({
  code: 'KSV1723',
  title: 'The runtime does not exist',
  severity: 'error',
  mirrors: 'InferenceService controller: RuntimeNotRecognized',
  explanation: 'The service names a runtime that is neither in its namespace nor in the cluster, and waits for it. The target\'s list of runtimes is complete.',
}, function* (found) {
  if (isMissing(found) && found.target.runtimesComplete) {
    yield missing(found, 'is no runtime of this program or its target');
  }
});

const OTHER_RELEASE = rule({
  code: 'KSV1724',
  title: 'The release has no built-in runtime of this name',
  severity: 'warning',
  mirrors: 'InferenceService controller: RuntimeNotRecognized',
  explanation: 'Names that begin with `kserve-` are those of the runtimes that come with KServe. The release of the target has none of this name.',
}, function* (found) {
  const { request: { runtime }, target } = found;
  if (isMissing(found) && !target.runtimesComplete && runtime!.startsWith('kserve-')) {
    const has = KServeRelease.all().filter(({ _data }) => _data.runtimes[runtime!]?.installed);
    yield missing(found, `is not among the runtimes of KServe ${target.release}${has.length > 0 ? `, but among those of ${has.join(', ')}` : ''}`);
  }
});

const DISABLED = rule({
  code: 'KSV1725',
  title: 'The runtime is disabled',
  severity: 'error',
  mirrors: 'InferenceService controller: RuntimeDisabled',
  explanation: 'KServe does not start services of a runtime that is switched off, even when they name it.',
}, (found) => ifObstacle(found, ['disabled'], ({ facts: { name } }) => ({
  at: `${found.request.at}/runtime`, value: name, message: 'is disabled', fix: `enable ${name}, or leave the runtime out so that KServe chooses another one.`,
})));

const PROTOCOL = rule({
  code: 'KSV1726',
  title: 'The runtime does not speak the protocol',
  severity: 'error',
  mirrors: 'InferenceService controller: Specified runtime does not support specified protocol version',
  explanation: 'A service may ask its runtime only for a protocol that the runtime lists.',
}, (found) => ifObstacle(found, ['protocol'], ({ facts: { name, protocolVersions = [] } }) => ({
  at: found.request.protocol === undefined ? `${found.request.at}/modelFormat` : `${found.request.at}/protocolVersion`,
  value: wantedProtocol(found.request, found.target.release._data.protocols),
  message: found.request.protocol === undefined ? `is the protocol that KServe gives to ${found.request.format}, and ${name} does not speak it` : `is not spoken by the runtime ${name}`,
  allowed: protocolVersions.join(', '),
  fix: repairs(found),
})));

const FORMAT = rule({
  code: 'KSV1727',
  title: 'The runtime does not serve the format',
  severity: 'error',
  mirrors: 'InferenceService controller: Specified runtime does not support specified framework/version',
  explanation: 'A runtime serves only the formats that it lists, spelled exactly so, and of a format with a version only exactly that version.',
}, (found) => ifObstacle(found, ['format', 'case', 'version'], ({ facts: { name, formats } }) => ({
  at: `${found.request.at}/modelFormat`,
  value: describeRequest({ ...found.request, multiNode: false }),
  message: `is not served by the runtime ${name}`,
  allowed: formats.map((format) => `${format.name}${format.version === undefined ? '' : ` ${format.version}`}`).join(', ') || 'nothing: the runtime lists no format',
  fix: repairs(found),
})));

const OTHER_NAMESPACE = rule(OTHER_NAMESPACE_FACTS, function* (found) {
  const { request: { runtime, namespace, at } } = found;
  const elsewhere = runtime === undefined || found.selection.chosen !== undefined ? undefined
    : found.selection.verdicts.find(({ obstacle, candidate }) => obstacle === 'namespace' && candidate.facts.name === runtime);
  if (elsewhere !== undefined && isMissingHere(found)) {
    yield { at: `${at}/runtime`, value: runtime, ...inOtherNamespace(runtime!, elsewhere.candidate.facts.namespace, namespace) };
  }
});

const TIE = rule({
  code: 'KSV1729',
  title: 'The age of the runtimes decides',
  severity: 'warning',
  mirrors: 'InferenceService controller: runtimes of equal priority and protocol are sorted by creationTimestamp',
  explanation: 'Several runtimes serve the model equally well. KServe takes the one that was created last, so clusters that were built in another order serve it differently, and a new runtime changes running services.',
}, function* ({ request, selection: { chosen, tied } }) {
  if (chosen !== undefined && tied.length > 0) {
    const names = [chosen, ...tied].map(({ facts }) => facts.name);
    yield {
      at: `${request.at}/modelFormat`,
      value: describeRequest(request),
      message: `is served equally well by ${names.join(' and ')}, of which KServe takes the youngest`,
      fix: 'name one of them by `runtime`, or give them different priorities.',
    };
  }
});

const SINGLE_NODE = rule({
  code: 'KSV1730',
  title: 'The runtime has no workers',
  severity: 'error',
  mirrors: 'InferenceService controller: reconcileWorker reads the workerSpec of the runtime',
  explanation: 'A model can span nodes only on a runtime that describes workers. The controller fails on any other one at every attempt.',
}, function* ({ request, selection: { chosen } }) {
  if (request.runtime !== undefined && request.multiNode && chosen !== undefined && !chosen.facts.multiNode) {
    yield { at: `${request.at}/runtime`, value: request.runtime, message: 'has no workers', allowed: 'runtimes with workers, or no runtime at all', fix: 'leave the runtime out so that KServe chooses one with workers, or use Predictor.fromModel.' };
  }
});

const MULTI_NODE = rule({
  code: 'KSV1731',
  title: 'The runtime needs workers',
  severity: 'warning',
  mirrors: 'InferenceService controller: multi-node reconciliation only with predictor.workerSpec',
  explanation: 'KServe starts the head of such a runtime alone and sets none of the variables by which it finds its workers.',
}, function* ({ request, selection: { chosen } }) {
  if (request.runtime !== undefined && !request.multiNode && chosen?.facts.multiNode) {
    yield { at: `${request.at}/runtime`, value: request.runtime, message: 'is for models that span nodes, and the service has no workers', fix: 'use Predictor.fromWorkers, or another runtime.' };
  }
});

/** Rules on the runtime of an InferenceService. */
export const CHOICE_RULES: ClusterRule[] = [
  NO_RUNTIME, NO_RUNTIME_ASSUMED, UNKNOWN_RUNTIME, OTHER_RELEASE, DISABLED, PROTOCOL, FORMAT, OTHER_NAMESPACE, TIE, SINGLE_NODE, MULTI_NODE,
];

function* noRuntime(found: Case): Iterable<ManifestViolation> {
  const { request, selection, target: { release } } = found;
  if (request.runtime === undefined && selection.chosen === undefined) {
    const { protocols } = release._data;
    yield {
      at: `${request.at}/modelFormat`,
      value: describeRequest({ ...request, multiNode: false }),
      message: `is served by no runtime${request.multiNode ? ' with workers' : ''} by protocol ${wantedProtocol(request, protocols)}`
        + ` on KServe ${release}. Runtimes:${nearMisses(selection, request, protocols)}`,
      fix: repairs(found),
    };
  }
}

function repairs({ request, candidates, target: { release } }: Case): string {
  const found = repairsOf(request, candidates.all, release._data.protocols, (other) => candidates.select(other));
  if (found.length > 0) {
    return `${found.join('; or ')}.`;
  }
  const newer = KServeRelease.all().filter(({ _data }) => formatFacts(_data, request.format) !== undefined);
  return newer.length > 0 && !newer.includes(release)
    ? `use KServe ${newer.join(', ')}, which serves ${request.format}, or make a runtime that does.`
    : `make a ClusterServingRuntime or ServingRuntime that serves ${request.format}, or say it in the target's \`runtimes\` if the cluster has one.`;
}

function* ifObstacle(
  { request, selection }: Case, obstacles: Obstacle[], violation: (candidate: Candidate) => ManifestViolation,
): Iterable<ManifestViolation> {
  const [named] = selection.verdicts;
  if (request.runtime !== undefined && named?.obstacle !== undefined && obstacles.includes(named.obstacle)) {
    yield violation(named.candidate);
  }
}

/** Whether a service names a runtime that is nowhere. */
function isMissing(found: Case): boolean {
  return isMissingHere(found) && !found.selection.verdicts.some(({ obstacle }) => obstacle === 'namespace');
}

/** Whether a service names a runtime that is neither in its namespace nor in the cluster. */
function isMissingHere({ request: { runtime }, selection: { verdicts } }: Case): boolean {
  return runtime !== undefined && verdicts.every(({ obstacle }) => obstacle === 'not-named' || obstacle === 'namespace');
}

function missing({ request: { runtime, at }, candidates }: Case, message: string): ManifestViolation {
  const names = candidates.all.filter(({ namespaced }) => !namespaced).map(({ facts }) => facts.name);
  return {
    at: `${at}/runtime`,
    value: runtime,
    message,
    allowed: names.join(', ') || 'none: the target has no runtimes',
    fix: 'name one of these, make the runtime in this program, or say it in the target\'s `runtimes`.',
  };
}
