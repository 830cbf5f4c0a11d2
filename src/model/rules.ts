import { CREDENTIAL_RULES } from './credential-rules';
import { SOURCE_RULES } from './source-rules';
import { STORAGE_RULES } from './storage-rules';
import { Rule } from '../diagnostics/rule';

export { STORAGE_RULES } from './storage-rules';

/** All rules of this folder. */
export const MODEL_RULES: Rule[] = [...STORAGE_RULES, ...SOURCE_RULES, ...CREDENTIAL_RULES];
