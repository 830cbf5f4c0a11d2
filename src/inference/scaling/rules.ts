import { ClusterRule } from '../../target/rule-context';
import { CLASS_RULES } from './class-rules';
import { HPA_RULES } from './hpa-rules';
import { KEDA_RULES } from './keda-rules';
import { KNATIVE_RULES } from './knative-rules';
import { REPLICA_RULES } from './replica-rules';

/** Rules on how many pods a service runs. */
export const SCALING_RULES: ClusterRule[] = [...REPLICA_RULES, ...HPA_RULES, ...KEDA_RULES, ...KNATIVE_RULES, ...CLASS_RULES];
