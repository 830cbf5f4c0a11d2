import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Finding, Severity } from './finding';
import { describe, quote, withoutDeferred } from './finding-text';
import { ManifestRule, ProgramViolation, Rule, Violation } from './rule';
import { isStrict, waiverFor } from './settings';
import { printOnce } from './stderr';
import { causeOf, Causes } from '../core/cause';
import { changed, changesOf } from '../core/changes';
import { causesOf, isChanged, isPatched, manifestOf, Revision, revisionOf } from '../core/manifest';

/** What is to be judged about a construct. */
export interface Watched<Context> {
  /** The object that the construct renders, with the rules for its kind. */
  readonly manifest?: { object: ApiObject; rules: ManifestRule<Context>[]; context: () => Context };
  /** Violations of rules about the program. */
  readonly program?: () => Iterable<ProgramViolation>;
}

interface Judged { at: number; findings: Finding[] }

const watched = new WeakMap<IConstruct, Watched<any>[]>();
const judged = new WeakMap<IConstruct, Judged>();
/** The judged objects of a tree, by its root, as they were when they were last looked at. */
const revisions = new WeakMap<IConstruct, Map<ApiObject, Revision>>();

/** Has a construct judged at each synthesis: its errors stop it, its warnings are printed. */
export function watch<Context>(construct: IConstruct, what: Watched<Context>): void {
  const known = watched.get(construct);
  if (known === undefined) {
    watched.set(construct, [what]);
    construct.node.addValidation({ validate: () => validate(construct) });
  } else {
    known.push(what);
  }
  if (what.manifest !== undefined) {
    follow(construct.node.root, what.manifest.object);
  }
  changed(construct);
}

/** Has the user's changes to an object noticed at each validation, before anything is judged: the root comes first. */
function follow(root: IConstruct, object: ApiObject): void {
  let known = revisions.get(root);
  if (known === undefined) {
    revisions.set(root, known = new Map());
    root.node.addValidation({ validate: () => noticeChanges(root) });
  }
  known.set(object, revisionOf(object));
}

/** Rules look at neighbours, so a change of one object makes the findings about all of them stale. */
function noticeChanges(root: IConstruct): string[] {
  const known = revisions.get(root)!;
  for (const [object, before] of known) {
    if (isChanged(object, before)) {
      known.set(object, revisionOf(object));
      changed(root);
    }
  }
  return [];
}

/** Everything found about one construct, waived findings too. */
export function findingsOf(construct: IConstruct): Finding[] {
  const parts = watched.get(construct) ?? [];
  if (parts.length === 0) {
    return [];
  }
  const at = changesOf(construct);
  let known = judged.get(construct);
  if (known?.at !== at) {
    known = { at, findings: parts.flatMap((part) => [...judge(construct, part)]) };
    judged.set(construct, known);
  }
  return known.findings;
}

/** The errors of a construct as its validator returns them. */
function validate(construct: IConstruct): string[] {
  const counting = findingsOf(construct).filter((finding) => finding.waivedBecause === undefined);
  printOnce(counting.filter((finding) => finding.severity === Severity.WARNING));
  return counting.filter((finding) => finding.severity === Severity.ERROR).map(describe);
}

function* judge(construct: IConstruct, part: Watched<any>): Iterable<Finding> {
  for (const violation of part.program?.() ?? []) {
    yield findingOf(construct, violation.rule, violation, violation.prop ?? '', { prop: violation.prop });
  }
  if (part.manifest === undefined) {
    return;
  }
  const { object, rules, context } = part.manifest;
  const manifest = manifestOf(object);
  const surroundings = context();
  let causes: Causes | undefined;
  const fields = fieldNames(manifest, new Set());
  for (const rule of rules) {
    if (rule.about !== undefined && !rule.about.some((field) => fields.has(field))) {
      continue;
    }
    for (const violation of rule.check(manifest, surroundings)) {
      causes ??= causesOf(object);
      const prop = isPatched(object, manifest, violation.at) ? undefined : causeOf(causes, violation.at);
      const where = prop ?? `${violation.at.slice(1).replace(/\//g, '.')} (written by JsonPatch or metadata)`;
      yield findingOf(construct, rule, violation, where, { prop, pointer: violation.at });
    }
  }
}

/** The names of all fields that have a value. */
function fieldNames(value: unknown, into: Set<string>): Set<string> {
  if (Array.isArray(value)) {
    for (const item of value) {
      fieldNames(item, into);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      const field = (value as { [key: string]: unknown })[key];
      if (field !== undefined && field !== null) {
        into.add(key);
        fieldNames(field, into);
      }
    }
  }
  return into;
}

function findingOf(
  construct: IConstruct, rule: Rule, violation: Violation, where: string, place: { prop?: string; pointer?: string },
): Finding {
  const value = violation.value === undefined ? '' : ` = ${quote(violation.value)}`;
  const subject = where === '' ? '' : `${where}${value} `;
  const allowed = violation.allowed === undefined ? '' : ` Allowed: ${violation.allowed}.`;
  const waivedBecause = rule.severity === 'warning' ? waiverFor(construct, rule.code) : undefined;
  const counts = rule.severity === 'error' || (isStrict(construct) && waivedBecause === undefined);
  return {
    code: rule.code,
    severity: counts ? Severity.ERROR : Severity.WARNING,
    construct: construct.node.path,
    ...place,
    message: withoutDeferred(`${subject}${violation.message}.${allowed}`),
    fix: withoutDeferred(violation.fix),
    waivedBecause,
  };
}
