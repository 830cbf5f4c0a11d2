import { ClusterRule } from '../target/rule-context';

export const NAME_RULES: ClusterRule[] = [];
