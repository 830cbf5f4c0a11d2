/**
 * Misuse of the API that no finding can describe: an argument is missing, a
 * release is unknown, a target comes too late. Everything else is a finding.
 */
export class MisuseError extends Error {
  constructor(readonly code: string, message: string, fix: string) {
    super(`${code}: ${message}\n      Fix: ${fix}`);
    this.name = 'MisuseError';
  }
}
