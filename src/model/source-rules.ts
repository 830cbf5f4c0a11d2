import { Rule } from '../diagnostics/rule';

/** Rules about model sources as the program writes them; what shows in the manifest is judged there. */
export const OTHER_SOURCE: Rule = {
  code: 'KSV1210',
  title: 'A model source was given the URI of another kind of storage',
  severity: 'error',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Each factory of ModelSource is for one kind of storage and fits the credentials to it.',
};

export const SOURCE_RULES: Rule[] = [OTHER_SOURCE];
