import { Deferred } from '../core/deferred';
import { Finding } from './finding';

/** The text of a finding: two lines, the second one the fix. */
export function describe(finding: Finding): string {
  return `${finding.code}: ${finding.message}\n      Fix: ${finding.fix}`;
}

/** How messages quote a value; values known only at deployment may be secret and are not shown. */
export function quote(value: unknown): string {
  if (Deferred.is(value)) {
    return '(known at deployment)';
  }
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
