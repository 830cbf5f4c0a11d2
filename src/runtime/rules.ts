import { CONTAINER_RULES } from './container-rules';
import { FIELD_RULES } from './field-rules';
import { PORT_RULES } from './port-rules';
import { PRIORITY_RULES } from './priority-rules';
import { CHOICE_RULES } from './selection-rules';
import { BAD_TEMPLATE, TEMPLATE_RULES } from './template-rules';
import type { Rule } from '../diagnostics/rule';
import type { ClusterRule } from '../target/rule-context';

/** Raised by `BuiltInRuntimes`. */
export const UNKNOWN_BUILT_IN: Rule = {
  code: 'KSV1719',
  title: 'The release has no such built-in runtime',
  severity: 'error',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'The runtimes that come with KServe differ from release to release, so a program that names them is right for some releases only.',
};

/** All rules that judge a ServingRuntime or ClusterServingRuntime. */
export const SERVING_RUNTIME_RULES: ClusterRule[] = [...CONTAINER_RULES, ...PRIORITY_RULES, ...TEMPLATE_RULES, ...FIELD_RULES, ...PORT_RULES];

/** All rules that judge what an InferenceService has to do with runtimes. */
export const SELECTION_RULES: ClusterRule[] = [...CHOICE_RULES, BAD_TEMPLATE];

/** All rules of this folder. */
export const RUNTIME_RULES: Rule[] = [...SERVING_RUNTIME_RULES, UNKNOWN_BUILT_IN, ...CHOICE_RULES];
