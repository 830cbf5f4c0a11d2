import { ClusterRule } from '../target/rule-context';

/** Rules for ScaledObjects of ours. */
export const SCALED_OBJECT_RULES: ClusterRule[] = [];
