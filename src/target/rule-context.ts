import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Neighbours } from './neighbours';
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
      rules,
      context: () => ({
        target,
        neighbours: Neighbours.of(construct),
        namespace: namespaceOf(object, target.namespace),
      }),
    },
    program,
  });
}
