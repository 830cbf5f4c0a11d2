import { ClusterRule } from '../target/rule-context';

export const LOGGING_RULES: ClusterRule[] = [];
