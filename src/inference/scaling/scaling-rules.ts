import { ClusterRule } from '../../target/rule-context';
import { CLASS_RULES } from './scaling-class-rules';
import { HPA_RULES } from './scaling-hpa-rules';
import { KEDA_RULES } from './scaling-keda-rules';
import { KNATIVE_RULES } from './scaling-knative-rules';
import { REPLICA_RULES } from './scaling-replica-rules';

/** Rules on how many pods a service runs. */
export const SCALING_RULES: ClusterRule[] = [...REPLICA_RULES, ...HPA_RULES, ...KEDA_RULES, ...KNATIVE_RULES, ...CLASS_RULES];
