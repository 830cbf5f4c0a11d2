import { IConstruct } from 'constructs';

/** How often a tree has changed. */
export interface Changes { count: number; readonly root: IConstruct }

/** By the scopes that have been asked for so far; all of a tree share one. */
const counters = new WeakMap<IConstruct, Changes>();

/** The changes in the tree that a construct belongs to: one object for the whole tree, to be kept and looked at again. */
export function changesIn(construct: IConstruct): Changes {
  const scope = construct.node.scope ?? construct; // there are many constructs, but few that have children
  let changes = counters.get(scope);
  if (changes === undefined) {
    changes = scope === construct ? { count: 0, root: construct } : changesIn(scope);
    counters.set(scope, changes);
  }
  return changes;
}

/** Says that a construct of ours was made or changed; what was derived from its tree is stale. */
export function changed(construct: IConstruct): void {
  changesIn(construct).count++;
}

/** A value derived from a whole tree, computed again only after a change. */
export class PerTree<T> {
  private readonly values = new WeakMap<Changes, { at: number; value: T }>();

  constructor(private readonly derive: (root: IConstruct) => T) {}

  of(construct: IConstruct): T {
    const changes = changesIn(construct);
    let known = this.values.get(changes);
    if (known?.at !== changes.count) {
      known = { at: changes.count, value: this.derive(changes.root) };
      this.values.set(changes, known);
    }
    return known!.value;
  }
}
