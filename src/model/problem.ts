import { ProgramViolation, Rule, Violation } from '../diagnostics/rule';

/** What a value found wrong with its own content; whoever binds the value reports it. */
export interface ValueProblem {
  readonly rule: Rule;
  /** The argument as the factory names it, with the path inside it; undefined for the value as a whole. */
  readonly argument?: string;
  readonly violation: Violation;
}

/** The problems of a value as the construct reports them that got it by `prop`. */
export function problemsAt(prop: string, problems: readonly ValueProblem[]): ProgramViolation[] {
  return problems.map(({ rule, argument, violation }) => ({
    rule,
    prop: argument === undefined ? prop : `${prop}.${argument}`,
    ...violation,
  }));
}
