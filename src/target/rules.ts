import { Rule } from '../diagnostics/rule';
import { UNKNOWN_RELEASE_CODE } from '../release/unknown-release';

const THROWN: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'ours', bites: 'synthesis' };

export const UNKNOWN_RELEASE: Rule = {
  ...THROWN,
  code: UNKNOWN_RELEASE_CODE,
  title: 'The KServe release is unknown',
  explanation: 'What a release accepts and does is data of the library, so it cannot write manifests for one that it does not know. Thrown at once.',
};

export const LATE_TARGET: Rule = {
  ...THROWN,
  code: 'KSV1002',
  title: 'A target comes too late',
  explanation: 'Constructs read their target when they are made, so one that is attached afterwards would not reach them. Thrown at once.',
};

export const OTHER_FACTS: Rule = {
  ...THROWN,
  code: 'KSV1003',
  title: 'A cluster is described twice',
  explanation: 'What a target says of a cluster holds wherever the program attaches that cluster; another scope may only have another default mode. Thrown at once.',
};

export const SECOND_TARGET: Rule = {
  ...THROWN,
  code: 'KSV1007',
  title: 'A scope has two targets',
  explanation: 'A scope is synthesized for one cluster. Thrown at once.',
};

export const NO_TARGET: Rule = {
  code: 'KSV1004',
  title: 'No target is attached',
  severity: 'warning',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Without a target the program is synthesized for the newest KServe release that the library knows, so an upgrade of the library may change its output.',
};

export const NO_NAMESPACE: Rule = {
  code: 'KSV1005',
  title: 'The namespace is not known',
  severity: 'warning',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Neither the object nor its chart nor the target names a namespace, so URLs are undefined and what depends on the namespace is not checked; the tool that applies the manifest decides.',
};

export const TARGET_RULES: Rule[] = [UNKNOWN_RELEASE, LATE_TARGET, OTHER_FACTS, NO_TARGET, NO_NAMESPACE, SECOND_TARGET];
