import { IConstruct } from 'constructs';

/** How often a tree has changed. */
export interface Changes { count: number }

const counters = new WeakMap<IConstruct, Changes>();

/** The changes in the tree that a construct belongs to: one object for the whole tree, to be kept and looked at again. */
export function changesIn(construct: IConstruct): Changes {
  const root = construct.node.root;
  let changes = counters.get(root);
  if (changes === undefined) {
    counters.set(root, changes = { count: 0 });
  }
  return changes;
}

/** Says that a construct of ours was made or changed; what was derived from its tree is stale. */
export function changed(construct: IConstruct): void {
  changesIn(construct).count++;
}

/** A value derived from a whole tree, computed again only after a change. */
export class PerTree<T> {
  private readonly values = new WeakMap<IConstruct, { at: number; value: T }>();

  constructor(private readonly derive: (root: IConstruct) => T) {}

  of(construct: IConstruct): T {
    const root = construct.node.root;
    const at = changesIn(root).count;
    let known = this.values.get(root);
    if (known?.at !== at) {
      known = { at, value: this.derive(root) };
      this.values.set(root, known);
    }
    return known!.value;
  }
}
