import { ApiObject } from 'cdk8s';
import { Neighbours } from './neighbours';
import { POD_LIST_RULES } from './pod-list-rules';
import { SAME_NAME } from './same-name';
import { ServingTarget } from './serving-target';
import { namespaceOf } from '../core/manifest';
import { ManifestRule, ProgramViolation } from '../diagnostics/rule';
import { watch, Watched } from '../diagnostics/watch';

/** The surroundings in which a rule judges a manifest. */
export interface RuleContext {
  readonly target: ServingTarget;
  readonly neighbours: Neighbours;
  /** The namespace that the manifest will have, if it is known and there is one. */
  readonly namespace?: string;
}

/** A rule on manifests, as all folders above write them. */
export type ClusterRule = ManifestRule<RuleContext>;

/** Has an object judged by the rules for its kind, given once they are needed, and the construct that makes it by its own. */
export function judgeBy(object: ApiObject, rules: () => ClusterRule[], program?: () => Iterable<ProgramViolation>): void {
  watch(object, new Judged(object, rules, program));
}

class Judged implements Watched<RuleContext> {
  private readonly target: ServingTarget;

  constructor(readonly object: ApiObject, private readonly ofKind: () => ClusterRule[], readonly program?: () => Iterable<ProgramViolation>) {
    this.target = ServingTarget.of(object.node.scope!);
  }

  get rules(): ClusterRule[] {
    return withCommonRules(this.ofKind());
  }

  context(): RuleContext {
    const { object, target } = this;
    return { target, neighbours: Neighbours.of(object, target), namespace: namespaceOf(object, target.namespace) };
  }

  settled({ neighbours, target }: RuleContext): Map<string, readonly ClusterRule[]> {
    return settledAmong(neighbours, target);
  }
}

/** Neighbours are others after each change, so nothing outlives one. */
const settled = new WeakMap<Neighbours, Map<ServingTarget, Map<string, readonly ClusterRule[]>>>();

function settledAmong(neighbours: Neighbours, target: ServingTarget): Map<string, readonly ClusterRule[]> {
  let byTarget = settled.get(neighbours);
  if (byTarget === undefined) {
    settled.set(neighbours, byTarget = new Map());
  }
  let byLikeness = byTarget.get(target);
  if (byLikeness === undefined) {
    byTarget.set(target, byLikeness = new Map());
  }
  return byLikeness;
}

const lists = new WeakMap<ClusterRule[], ClusterRule[]>();

/** The rules for a kind with those for every object; one list for all objects of the kind. */
function withCommonRules(rules: ClusterRule[]): ClusterRule[] {
  let list = lists.get(rules);
  if (list === undefined) {
    lists.set(rules, list = [...rules, ...POD_LIST_RULES, SAME_NAME]);
  }
  return list;
}
