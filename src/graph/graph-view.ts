import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import type { Manifest } from '../core/manifest';
import { labelOf, ROOT, RouterNode, RouterStep } from './graph-spec';

/** A node of an InferenceGraph manifest. */
export interface NodeView {
  readonly name: string;
  readonly type: string;
  readonly steps: readonly StepView[];
  /** JSON pointer to the node. */
  readonly at: string;
}

/** A step of an InferenceGraph manifest. */
export interface StepView {
  readonly step: RouterStep;
  readonly index: number;
  /** What messages call it. */
  readonly label: string;
  readonly node: string;
  /** JSON pointer to the step. */
  readonly at: string;
}

const views = new WeakMap<object, Map<string, NodeView>>();

/** The nodes of a graph by name. */
export function nodesOf(manifest: Manifest): Map<string, NodeView> {
  const nodes: { [name: string]: RouterNode } = manifest.spec?.nodes ?? {};
  let view = views.get(nodes);
  if (view === undefined) {
    view = new Map(Object.entries(nodes).map(([name, node]) => [name, viewOf(name, node)]));
    views.set(nodes, view);
  }
  return view;
}

/** All steps of a graph. */
export function stepsOf(manifest: Manifest): StepView[] {
  return [...nodesOf(manifest).values()].flatMap(({ steps }) => steps);
}

/** The names of the nodes that a request can reach. */
export function reachable(nodes: ReadonlyMap<string, NodeView>): Set<string> {
  const found = new Set([ROOT]);
  for (const name of found) { // grows while it runs
    nodes.get(name)?.steps.forEach(({ step }) => {
      if (step.nodeName) {
        found.add(step.nodeName);
      }
    });
  }
  return found;
}

/** The nodes in an order in which every node comes after those that it leads to, and the cycles that prevent one. */
export function inwardOrder(nodes: ReadonlyMap<string, NodeView>): { order: NodeView[]; cycles: string[][] } {
  const order: NodeView[] = [];
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of nodes.keys()) {
    const path: { node: NodeView; next: number }[] = [];
    const enter = (name: string | undefined) => {
      const node = name === undefined ? undefined : nodes.get(name);
      if (node === undefined || state.get(node.name) === 'done') {
        return;
      }
      if (state.get(node.name) === 'open') {
        const names = path.map((open) => open.node.name);
        cycles.push([...names.slice(names.indexOf(node.name)), node.name]);
        return;
      }
      state.set(node.name, 'open');
      path.push({ node, next: 0 });
    };
    enter(start);
    while (path.length > 0) {
      const open = path[path.length - 1];
      if (open.next < open.node.steps.length) {
        enter(open.node.steps[open.next++].step.nodeName);
      } else {
        state.set(open.node.name, 'done');
        order.push(open.node);
        path.pop();
      }
    }
  }
  return { order, cycles };
}

/** A value that can be looked at now; undefined for one that is known only at deployment. */
export function known<T>(value: T | undefined): T | undefined {
  return Deferred.is(value) ? undefined : value;
}

function viewOf(name: string, { routerType, steps }: RouterNode): NodeView {
  const at = `/spec/nodes${pointerStep(name)}`;
  return {
    name,
    type: routerType,
    at,
    steps: (steps ?? []).map((step, index) => ({ step, index, node: name, label: `'${labelOf(step, index)}'`, at: `${at}/steps/${index}` })),
  };
}
