import { ApiObject } from 'cdk8s';
import { IConstruct, IValidation, Node } from 'constructs';
import { Finding, Severity } from './finding';
import { describe, quote, withoutDeferred } from './finding-text';
import { ManifestRule, ProgramViolation, Rule, Violation } from './rule';
import { rulesAbout } from './rules-about';
import { isStrict, waiverFor } from './settings';
import { printOnce } from './stderr';
import { causeOf, Causes, stepsOf } from '../core/cause';
import { changed, Changes, changesIn } from '../core/changes';
import { likenessOf } from '../core/likeness';
import { causesOf, isPatched, Manifest, manifestOf, noticeChanges } from '../core/manifest';

/** What is to be judged about a construct. */
export interface Watched<Context> {
  /** The object that is judged, with the rules for its kind and where it stands. */
  readonly object?: ApiObject;
  readonly rules?: ManifestRule<Context>[];
  /** Violations of rules about the program. */
  readonly program?: () => Iterable<ProgramViolation>;
  context?(): Context;
  /** The rules that are left to ask of an object, by its likeness: all others allow the objects that are like it here. */
  settled?(context: Context): Map<string, readonly ManifestRule<Context>[]>;
}

/** A construct with what is to be judged about it, and what was found. */
class Subject implements IValidation {
  readonly parts: Watched<any>[] = [];
  readonly changes: Changes;
  private judgedAt?: number;
  private known: Finding[] = [];
  /** The changes after which all validators of its construct found nothing. */
  validAt?: number;

  constructor(private readonly construct: IConstruct) {
    this.changes = changesIn(construct);
    construct.node.addValidation(this);
    Object.assign(construct.node, { [SUBJECT]: this, validate: validateChanged });
  }

  findings(): Finding[] {
    const at = this.changes.count;
    if (this.judgedAt !== at) {
      this.judgedAt = at;
      this.known = [];
      for (const part of this.parts) {
        judge(this.construct, part, this.known);
      }
      if (this.known.length > 1) {
        this.known.sort((a, b) => a.code.localeCompare(b.code));
      }
    }
    return this.known;
  }

  /** The errors as the construct's validator returns them. */
  validate(): string[] {
    const findings = this.findings();
    if (findings.length === 0) {
      return [];
    }
    const counting = findings.filter((finding) => finding.waivedBecause === undefined);
    printOnce(counting.filter((finding) => finding.severity === Severity.WARNING));
    return counting.filter((finding) => finding.severity === Severity.ERROR).map(describe);
  }
}

const SUBJECT = Symbol('subject');

/** The node of a construct that is judged. */
interface JudgedNode extends Node {
  [SUBJECT]?: Subject;
}

/** As `Node.validate`, which cdk8s calls once for each chart: at once where nothing has changed since all was well. */
function validateChanged(this: JudgedNode): string[] {
  const subject = this[SUBJECT]!;
  const at = subject.changes.count;
  if (subject.validAt === at && validatorsOf(this) === 1) {
    return [];
  }
  const errors = Node.prototype.validate.call(this);
  subject.validAt = errors.length === 0 ? at : undefined;
  return errors;
}

/** Other people's validators may depend on more than the tree. */
function validatorsOf(node: Node): number | undefined {
  return (node as unknown as { _validations?: unknown[] })._validations?.length;
}

/** Has a construct judged at each synthesis: its errors stop it, its warnings are printed. */
export function watch<Context>(construct: IConstruct, what: Watched<Context>): void {
  const subject = (construct.node as JudgedNode)[SUBJECT] ?? new Subject(construct);
  subject.parts.push(what);
  if (what.object !== undefined) {
    noticeChanges(what.object); // rules look at neighbours too, so one change makes all findings stale
  }
  changed(construct);
}

/** Everything found about one construct, waived findings too. */
export function findingsOf(construct: IConstruct): Finding[] {
  return (construct.node as JudgedNode)[SUBJECT]?.findings() ?? [];
}

function judge(construct: IConstruct, watched: Watched<any>, found: Finding[]): void {
  const { object, rules, program } = watched;
  if (program !== undefined) {
    for (const violation of program()) {
      found.push(findingOf(construct, violation.rule, violation, violation.prop ?? '', { prop: violation.prop }));
    }
  }
  if (object === undefined || rules === undefined) {
    return;
  }
  const manifest = manifestOf(object);
  const surroundings = watched.context?.();
  const settled = watched.settled?.(surroundings);
  const likeness = settled && likenessOf(object, manifest);
  const left = likeness === undefined ? undefined : settled!.get(likeness);
  const asked = left ?? [...rulesAbout(manifest, rules)];
  let causes: Causes | undefined;
  let allowed = true;
  for (const rule of asked) {
    for (const violation of rule.check(manifest, surroundings)) {
      allowed &&= isIndividual(rule, manifest);
      causes ??= causesOf(object);
      const patched = isPatched(object, manifest, violation.at);
      const prop = patched ? undefined : causeOf(causes, violation.at);
      const where = prop ?? `${pathOf(violation.at)}${patched ? ' (written by JsonPatch)' : ''}`;
      found.push(findingOf(construct, rule, violation, where, { prop, pointer: violation.at }));
    }
  }
  if (allowed && left === undefined && likeness !== undefined && settled!.size < MOST_LIKENESSES) {
    settled!.set(likeness, asked.filter((rule) => isIndividual(rule, manifest)));
  }
}

function isIndividual({ individual }: ManifestRule<any>, manifest: Manifest): boolean {
  return typeof individual === 'function' ? individual(manifest) : individual ?? false;
}

/** So that a fleet in which no two are alike needs no memory for it. */
const MOST_LIKENESSES = 500;

/** A JSON pointer as a manifest's reader would say it. */
function pathOf(pointer: string): string {
  return stepsOf(pointer).join('.');
}

function findingOf(
  construct: IConstruct, rule: Rule, violation: Violation, where: string, place: { prop?: string; pointer?: string },
): Finding {
  const value = violation.value === undefined ? '' : ` = ${quote(violation.value)}`;
  const subject = where === '' ? '' : `${where}${value} `;
  const allowed = violation.allowed === undefined ? '' : ` Allowed: ${violation.allowed}.`;
  const waiver = waiverFor(construct, rule.code);
  const waivedBecause = rule.severity === 'warning' ? waiver : undefined;
  const inVain = waiver === undefined || rule.severity === 'warning' ? '' : ` It is waived ('${waiver}'), but only warnings can be.`;
  const counts = rule.severity === 'error' || (isStrict(construct) && waivedBecause === undefined);
  return {
    code: rule.code,
    severity: counts ? Severity.ERROR : Severity.WARNING,
    construct: construct.node.path,
    ...place,
    message: withoutDeferred(`${subject}${violation.message}.${allowed}${inVain}`),
    fix: withoutDeferred(violation.fix),
    waivedBecause,
  };
}
