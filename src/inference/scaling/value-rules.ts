import { Rule } from '../../diagnostics/rule';

/** Reported by the value, since no manifest shows it in Knative mode: there 0 as a maximum means no limit. */
export const FIXED_REPLICAS: Rule = {
  code: 'KSV1526',
  title: 'A fixed number of pods below one',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Standard mode would run no pod at all and report the service as ready; Knative mode reads a maximum of 0 as no limit.',
};
