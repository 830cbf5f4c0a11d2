import { Rule } from '../diagnostics/rule';

/** Raised by `Simulation.stepNamed`. */
export const UNREACHED_STEP: Rule = {
  code: 'KSV2035',
  title: 'A simulation did not reach the step that is asked for',
  severity: 'error',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Only the steps of the nodes that the request came to are in a simulation, each as `<node>/<step>`, those too that did not run. Thrown at once.',
};
