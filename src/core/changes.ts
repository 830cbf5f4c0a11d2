import { IConstruct } from 'constructs';

const counters = new WeakMap<IConstruct, number>();

/** Says that a construct of ours was made or changed; what was derived from its tree is stale. */
export function changed(construct: IConstruct): void {
  const root = construct.node.root;
  counters.set(root, changesOf(root) + 1);
}

/** Counts the changes in the tree that a construct belongs to. */
export function changesOf(construct: IConstruct): number {
  return counters.get(construct.node.root) ?? 0;
}

/** A value derived from a whole tree, computed again only after a change. */
export class PerTree<T> {
  private readonly values = new WeakMap<IConstruct, { at: number; value: T }>();

  constructor(private readonly derive: (root: IConstruct) => T) {}

  of(construct: IConstruct): T {
    const root = construct.node.root;
    const at = changesOf(root);
    let known = this.values.get(root);
    if (known?.at !== at) {
      known = { at, value: this.derive(root) };
      this.values.set(root, known);
    }
    return known!.value;
  }
}
