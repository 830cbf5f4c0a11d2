import { IConstruct } from 'constructs';
import { Finding } from './finding';
import { Deferred } from '../core/deferred';

/** The text of a finding: two lines, the second one the fix. */
export function describe(finding: Finding): string {
  return `${finding.code}: ${finding.message}\n      Fix: ${finding.fix}`;
}

/** The text of a finding behind the place where it is; the root has no path. */
export function locate(finding: Finding): string {
  return `${finding.construct === '' ? '' : `[${finding.construct}] `}${finding.severity} ${describe(finding)}`;
}

/** How messages quote a value; values known only at deployment may be secret and are not shown. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  if (Deferred.is(text)) {
    return KNOWN_LATER;
  }
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** A text of a rule without the values known only at deployment that it may hold. */
export function withoutDeferred(text: string): string {
  return Deferred.fill(text, () => KNOWN_LATER);
}

/** How messages name a construct. */
export function nameOf(construct: IConstruct): string {
  return construct.node.path === '' ? 'the app' : `'${construct.node.path}'`;
}

const KNOWN_LATER = '(known at deployment)';
