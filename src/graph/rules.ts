import type { Rule } from '../diagnostics/rule';
import type { ClusterRule } from '../target/rule-context';
import { GRAPH_OBJECT_RULES } from './graph-rules';
import { NODE_RULES } from './node-rules';
import { GRAPH_PROGRAM_RULES } from './program-rules';
import { SERVICE_RULES } from './service-rules';
import { UNREACHED_STEP } from './simulation-rules';
import { STEP_RULES } from './step-rules';

/** The rules for InferenceGraphs, whoever wrote them. */
export const INFERENCE_GRAPH_RULES: ClusterRule[] = [...GRAPH_OBJECT_RULES, ...NODE_RULES, ...STEP_RULES, ...SERVICE_RULES];

/** All rules on graphs. */
export const GRAPH_RULES: Rule[] = [...INFERENCE_GRAPH_RULES, ...GRAPH_PROGRAM_RULES, UNREACHED_STEP];
