import { Rule } from './diagnostics/rule';
import { DIAGNOSTICS_RULES } from './diagnostics/rules';
import { GRAPH_RULES } from './graph/rules';
import { INFERENCE_RULES } from './inference/rules';
import { MODEL_RULES } from './model/rules';
import { RUNTIME_RULES } from './runtime/rules';
import { POD_LIST_RULES } from './target/pod-list-rules';
import { TARGET_RULES } from './target/rules';
import { SAME_NAME } from './target/same-name';

/** All rules of the library, by code. */
export const RULES: Rule[] = [
  ...DIAGNOSTICS_RULES,
  ...TARGET_RULES,
  ...POD_LIST_RULES,
  SAME_NAME,
  ...MODEL_RULES,
  ...RUNTIME_RULES,
  ...INFERENCE_RULES,
  ...GRAPH_RULES,
].sort((a, b) => a.code.localeCompare(b.code));
