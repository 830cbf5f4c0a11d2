import { Rule } from '../diagnostics/rule';
import { STORAGE_RULES } from '../model/rules';
import { SELECTION_RULES } from '../runtime/rules';
import { ClusterRule } from '../target/rule-context';
import { ALIBI_IS_GONE, COMPONENT_RULES } from './component-rules';
import { KNATIVE_FIELD_RULES } from './knative-field-rules';
import { LOGGING_RULES } from './logging-rules';
import { MODE_RULES } from './mode-rules';
import { NAME_RULES } from './names-rules';
import { POD_DISRUPTION_RULES } from './pod-disruption-rules';
import { POD_RESOURCE_RULES } from './pod-resource-rules';
import { PORT_RULES } from './port-rules';
import { PROTOCOL_RULES } from './protocol-rules';
import { RESOURCE_RULES } from './resource-rules';
import { SCALED_OBJECT_RULES } from './scaling/scaled-object-rules';
import { SCALING_RULES } from './scaling/rules';
import { FIXED_REPLICAS } from './scaling/value-rules';
import { SIDECAR_RULES } from './sidecar-rules';
import { WORKER_RULES } from './worker-rules';

const OWN_RULES: ClusterRule[] = [
  ...NAME_RULES,
  ...COMPONENT_RULES,
  ...RESOURCE_RULES,
  ...POD_RESOURCE_RULES,
  ...SCALING_RULES,
  ...LOGGING_RULES,
  ...PROTOCOL_RULES,
  ...PORT_RULES,
  ...SIDECAR_RULES,
  ...WORKER_RULES,
  ...MODE_RULES,
  ...KNATIVE_FIELD_RULES,
];

/** All rules that judge the manifest of an InferenceService. */
export const INFERENCE_SERVICE_RULES: ClusterRule[] = [...OWN_RULES, ...STORAGE_RULES, ...SELECTION_RULES];

/** The rules of this folder. */
export const INFERENCE_RULES: Rule[] = [ALIBI_IS_GONE, FIXED_REPLICAS, ...OWN_RULES, ...SCALED_OBJECT_RULES, ...POD_DISRUPTION_RULES];
