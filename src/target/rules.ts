import { Rule } from '../diagnostics/rule';

/** Rules about the target of a program. */
export const NO_TARGET: Rule = {
  code: 'KSV1004',
  title: 'No target is attached',
  severity: 'warning',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Without a target the program is synthesized for the newest KServe release that the library knows, so an upgrade of the library may change its output.',
};

export const NO_NAMESPACE: Rule = {
  code: 'KSV1005',
  title: 'The namespace is not known',
  severity: 'warning',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Neither the object nor its chart nor the target names a namespace, so URLs are undefined and what depends on the namespace is not checked; the tool that applies the manifest decides.',
};

export const TARGET_RULES: Rule[] = [NO_TARGET, NO_NAMESPACE];
