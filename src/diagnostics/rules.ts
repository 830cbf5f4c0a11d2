import { Rule } from './rule';

export const WAIVER_WITHOUT_REASON: Rule = {
  code: 'KSV1006',
  title: 'A waiver has no reason',
  severity: 'error',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Whoever meets the waiver later has to know why the warning was acceptable. Thrown at once.',
};

export const DIAGNOSTICS_RULES: Rule[] = [WAIVER_WITHOUT_REASON];
