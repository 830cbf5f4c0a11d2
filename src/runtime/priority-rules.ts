import { Candidates, factsOf } from './candidates';
import { ifEnabled } from './container-rules';
import { Candidate } from './selection';
import { Deferred } from '../core/deferred';
import type { Manifest } from '../core/manifest';
import type { ManifestViolation, Rule } from '../diagnostics/rule';
import type { RuntimeFacts, RuntimeFormat } from '../target';
import type { ClusterRule, RuleContext } from '../target/rule-context';

const FACTS: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'webhook', bites: 'create' };

const PRIORITY_RANGE: ClusterRule = {
  ...FACTS,
  code: 'KSV1707',
  title: 'A priority is out of range',
  origin: 'schema',
  mirrors: 'CRD: supportedModelFormats[].priority is an int32 from 1',
  explanation: 'The highest priority wins; 1 is the lowest, and a format without one comes last.',
  * check({ spec }) {
    for (const [i, { priority }] of formatsOf(spec)) {
      if (priority !== undefined && !Deferred.is(priority) && !(Number.isInteger(priority) && priority >= 1 && priority < 2 ** 31)) {
        yield { at: `${at(i)}/priority`, value: priority, message: 'is no priority', allowed: `whole numbers from 1 to ${2 ** 31 - 1}`, fix: 'set 1 or more, or leave the priority out.' };
      }
    }
  },
};

const PRIORITIES_DIFFER: ClusterRule = {
  ...FACTS,
  code: 'KSV1708',
  title: 'Versions of a format have different priorities',
  mirrors: 'ServingRuntime validator: validateModelFormatPrioritySame',
  explanation: 'KServe compares runtimes by one priority per format, so all versions of a format that a runtime may be chosen for must have the same.',
  * check({ spec }) {
    const first = new Map<string, number | undefined>();
    for (const [i, { name, autoSelect, priority }] of formatsOf(spec)) {
      if (!autoSelect || Deferred.is(name) || Deferred.is(priority)) {
        continue;
      }
      if (!first.has(name)) {
        first.set(name, priority);
      }
      const other = first.get(name);
      if (other !== undefined && priority !== undefined && other !== priority) {
        yield { at: `${at(i)}/priority`, value: priority, message: `differs from the priority ${other} of another version of ${name}`, allowed: `${other}`, fix: `give all versions of ${name} one priority.` };
      }
    }
  },
};

const TAKEN: Pick<ClusterRule, 'origin' | 'bites' | 'mirrors'> = {
  origin: 'webhook',
  bites: 'create',
  mirrors: 'ServingRuntime validator: validateServingRuntimePriority',
};

const PRIORITY_TAKEN: ClusterRule = {
  ...TAKEN,
  code: 'KSV1709',
  individual: true,
  title: 'Another runtime has the same priority',
  severity: 'error',
  explanation: 'KServe refuses a runtime that serves a format and version by a protocol with the same priority as another enabled runtime of the same namespace, or of the cluster for cluster-wide ones.',
  check: (manifest, context) => taken(manifest, context, ({ path }) => path !== undefined || context.target.runtimesComplete),
};

const PRIORITY_TAKEN_BY_RELEASE: ClusterRule = {
  ...TAKEN,
  code: 'KSV1710',
  title: 'A runtime of the release has the same priority',
  severity: 'warning',
  explanation: 'KServe refuses the runtime where the release\'s own runtimes are installed, because one of them serves the same format and version by the same protocol with the same priority. The target does not say what is installed.',
  check: (manifest, context) => taken(manifest, context, ({ path }) => path === undefined && !context.target.runtimesComplete),
};

export const PRIORITY_RULES: ClusterRule[] = [
  PRIORITY_RANGE, ...[PRIORITIES_DIFFER, PRIORITY_TAKEN, PRIORITY_TAKEN_BY_RELEASE].map(ifEnabled),
];

function* taken(manifest: Manifest, context: RuleContext, counts: (candidate: Candidate) => boolean): Iterable<ManifestViolation> {
  const namespaced = manifest.kind === 'ServingRuntime';
  const own = factsOf(manifest, namespaced ? context.namespace : undefined);
  for (const other of Candidates.of(context).all) {
    const { facts } = other;
    if (other.namespaced !== namespaced || facts.namespace !== own.namespace || !counts(other) || facts.disabled || isSame(facts.name, own.name)
      || (facts.multiModel ?? false) !== own.multiModel || !shareProtocol(facts, own)) {
      continue;
    }
    for (const [i, format] of formatsOf(manifest.spec)) {
      if (facts.formats.some((theirs) => clash(format, theirs))) {
        const { name, version, priority } = format;
        yield {
          at: `${at(i)}/priority`,
          value: priority,
          message: `is the priority of ${facts.name}${other.path === undefined ? '' : ` ('${other.path}')`} for ${name}${version === undefined ? '' : ` ${version}`} as well`,
          fix: `set another priority: a higher one to be preferred to ${facts.name}.`,
        };
      }
    }
  }
}

/** A name that is not known counts as equal, so that nothing is said about it. */
function isSame(a: string, b: string): boolean {
  return Deferred.is(a) || Deferred.is(b) || a === b;
}

function shareProtocol(a: RuntimeFacts, b: RuntimeFacts): boolean {
  return a.protocolVersions?.some((protocol) => !Deferred.is(protocol) && b.protocolVersions?.includes(protocol)) ?? false;
}

/** Whether the webhook takes two entries for the same format with the same priority; it ignores case here. */
function clash(a: RuntimeFormat, b: RuntimeFormat): boolean {
  return ![a.name, b.name, a.version, b.version, a.priority, b.priority].some(Deferred.is)
    && a.name.toLowerCase() === b.name.toLowerCase() && a.version === b.version
    && a.autoSelect === true && b.autoSelect === true && a.priority !== undefined && a.priority === b.priority;
}

function formatsOf(spec: Manifest['spec']): [number, RuntimeFormat][] {
  return [...(spec?.supportedModelFormats ?? []).entries()];
}

function at(index: number): string {
  return `/spec/supportedModelFormats/${index}`;
}
