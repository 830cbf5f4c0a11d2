import { ClusterRule } from '../target/rule-context';

/** Rules for PodDisruptionBudgets of ours. */
export const POD_DISRUPTION_RULES: ClusterRule[] = [];
