import { CREDENTIAL_RULES } from './credential-rules';
import { SOURCE_RULES } from './source-rules';
import { STORAGE_CONTAINER_RULES } from './storage-container-rules';
import { STORAGE_RULES } from './storage-rules';
import { SERVICE_HAS_CREDENTIALS, TRAINED_MODEL_RULES } from './trained-model-rules';
import { Rule } from '../diagnostics/rule';

export { STORAGE_RULES } from './storage-rules';

/** All rules of this folder, each once: some judge more than one kind. */
export const MODEL_RULES: Rule[] = [...new Map<string, Rule>([
  ...STORAGE_RULES, ...SOURCE_RULES, ...CREDENTIAL_RULES, SERVICE_HAS_CREDENTIALS, ...TRAINED_MODEL_RULES, ...STORAGE_CONTAINER_RULES,
].map((rule) => [rule.code, rule])).values()];
