import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Neighbours } from './neighbours';
import { SAME_NAME } from './same-name';
import { ServingTarget } from './serving-target';
import { namespaceOf } from '../core/manifest';
import { ManifestRule, ProgramViolation } from '../diagnostics/rule';
import { watch } from '../diagnostics/watch';

/** The surroundings in which a rule judges a manifest. */
export interface RuleContext {
  readonly target: ServingTarget;
  readonly neighbours: Neighbours;
  /** The namespace that the manifest will have, if it is known and there is one. */
  readonly namespace?: string;
}

/** A rule on manifests, as all folders above write them. */
export type ClusterRule = ManifestRule<RuleContext>;

/** Has the object of a construct judged by the rules for its kind, and the construct by its own. */
export function judgeBy(construct: Construct, object: ApiObject, rules: ClusterRule[], program?: () => Iterable<ProgramViolation>): void {
  const target = ServingTarget.of(construct);
  watch<RuleContext>(construct, {
    manifest: {
      object,
      rules: withCommonRules(rules),
      context: () => ({
        target,
        neighbours: Neighbours.of(construct),
        namespace: namespaceOf(object, target.namespace),
      }),
    },
    program,
  });
}

const lists = new WeakMap<ClusterRule[], ClusterRule[]>();

/** The rules for a kind with those for every object; one list for all objects of the kind. */
function withCommonRules(rules: ClusterRule[]): ClusterRule[] {
  let list = lists.get(rules);
  if (list === undefined) {
    lists.set(rules, list = [...rules, SAME_NAME]);
  }
  return list;
}
