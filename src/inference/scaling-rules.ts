import { ClusterRule } from '../target/rule-context';

export const SCALING_RULES: ClusterRule[] = [];
