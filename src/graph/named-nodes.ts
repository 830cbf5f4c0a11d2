import { Deferred } from '../core/deferred';
import { ROOT } from './graph-spec';
import type { GraphNode } from './graph-node';
import type { Step } from './step';

/** A node with its name in the manifest. */
export interface NamedNode {
  readonly name: string;
  readonly node: GraphNode;
  /** The prop of the graph by which it came in. */
  readonly prop: string;
}

/**
 * All nodes of a graph with their names. Every node is there once, however many
 * steps lead to it; nodes come in the order in which requests can reach them, so
 * that names do not depend on what is added behind.
 */
export function nameNodes(root: GraphNode, others: { [name: string]: GraphNode }): NamedNode[] {
  const taken = new Set([ROOT, ...Object.keys(others)]);
  const named: NamedNode[] = [];
  const names = new Map<GraphNode, string>();
  const add = (name: string, node: GraphNode, prop: string) => {
    taken.add(name);
    names.set(node, name);
    named.push({ name, node, prop });
  };

  add(ROOT, root, 'root');
  Object.entries(others).forEach(([name, node]) => add(name, node, `nodes.${name}`));
  for (let i = 0; i < named.length; i++) { // grows while it runs
    const around = named[i];
    around.node.steps.forEach((step, index) => {
      if (step._target.kind === 'node' && !names.has(step._target.node)) {
        const { node } = step._target;
        add(node.name ?? freeName(around.name, step, index, taken), node, `${around.prop}.steps[${index}].node`);
      }
    });
  }
  return named;
}

function freeName(around: string, { _options: { name } }: Step, index: number, taken: ReadonlySet<string>): string {
  const base = around === ROOT ? '' : `${around}-`;
  const candidates = [...name === undefined || Deferred.is(name) ? [] : [name, `${base}${name}`], `${base}${index + 1}`];
  let free = candidates.find((candidate) => !taken.has(candidate));
  for (let n = 2; free === undefined; n++) {
    const candidate = `${candidates[0]}-${n}`;
    free = taken.has(candidate) ? undefined : candidate;
  }
  return free;
}
