import { IConstruct } from 'constructs';
import { Finding, Severity } from './finding';
import { locate, nameOf } from './finding-text';
import { MisuseError } from './misuse';
import { WAIVER_WITHOUT_REASON } from './rules';
import { settingsAt } from './settings';
import { findingsOf } from './watch';
import { changed } from '../core/changes';

/**
 * What the library found wrong in a part of the program.
 *
 * Errors stop `cdk8s synth` all at once; warnings are printed to stderr. Both
 * can be read here without throwing, which is what editors, linters and tests
 * want.
 *
 * @example
 * const app = new App();
 * // ... charts and services
 * for (const finding of Diagnostics.of(app).all()) {
 *   console.log(finding.code, finding.construct, finding.message);
 * }
 */
export class Diagnostics {
  /** The diagnostics of a construct and everything below it. */
  static of(scope: IConstruct): Diagnostics {
    return new Diagnostics(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /** All findings, errors first, waived warnings left out. */
  all(): Finding[] {
    const found = this.found().filter((finding) => finding.waivedBecause === undefined);
    return [Severity.ERROR, Severity.WARNING].flatMap((severity) => found.filter((finding) => finding.severity === severity));
  }

  /** The findings that stop synthesis. */
  errors(): Finding[] {
    return this.all().filter((finding) => finding.severity === Severity.ERROR);
  }

  /** The findings that do not stop synthesis. */
  warnings(): Finding[] {
    return this.all().filter((finding) => finding.severity === Severity.WARNING);
  }

  /** The warnings that do not count because of a waiver, each with its reason. */
  waived(): Finding[] {
    return this.found().filter((finding) => finding.waivedBecause !== undefined);
  }

  /**
   * Accepts a warning for this scope. Errors cannot be waived.
   *
   * @param code the code of the rule, such as `KSV1204`
   * @param reason why the warning is acceptable here; it is kept with the finding
   * @throws when the reason is empty
   */
  waive(code: string, reason: string): void {
    if (reason.trim() === '') {
      throw new MisuseError(WAIVER_WITHOUT_REASON, `${code} is waived at ${nameOf(this.scope)} without a reason.`, 'say why the warning is acceptable here.');
    }
    settingsAt(this.scope).waivers.set(code, reason);
  }

  /** Makes all warnings of this scope errors, except waived ones. */
  strict(): void {
    settingsAt(this.scope).strict = true;
  }

  /** All findings as text, one after the other; empty when there are none. */
  toString(): string {
    return this.all().map(locate).join('\n');
  }

  private found(): Finding[] {
    changed(this.scope); // the user may have changed objects that are not ours since the last look
    return this.scope.node.findAll().flatMap(findingsOf);
  }
}
