import { Rule } from './rule';

/**
 * Misuse of the API that no finding can describe: an argument is missing, a
 * release is unknown, a target comes too late. Everything else is a finding.
 */
export class MisuseError extends Error {
  readonly code: string;

  constructor(rule: Rule, message: string, fix: string) {
    super(`${rule.code}: ${message}\n      Fix: ${fix}`);
    this.name = 'MisuseError';
    this.code = rule.code;
  }
}
