import { Deferred } from '../core/deferred';
import type { ManifestViolation } from '../diagnostics/rule';
import type { ClusterRule } from '../target/rule-context';
import { ROOT } from './graph-spec';
import { inwardOrder, known, nodesOf, NodeView, reachable, stepsOf } from './graph-view';

const ROUTER_TYPES = ['Sequence', 'Switch', 'Ensemble', 'Splitter'];
const DEPENDENCIES = ['Hard', 'Soft'];

const UNKNOWN_TYPE: ClusterRule = {
  code: 'KSV2034',
  title: 'A node has no type that KServe knows',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD: required and enum of nodes.*.routerType, enum of steps[].dependency',
  explanation: 'The API server refuses a node without a routerType, and any routerType or dependency beyond its lists. GraphNode and OnError write these; a JSON patch can lose them.',
  * check(manifest) {
    for (const { type, at, steps } of nodesOf(manifest).values()) {
      if (!Deferred.is(type) && !ROUTER_TYPES.includes(type)) {
        yield { at: `${at}/routerType`, value: type, message: 'is no type of a node', allowed: ROUTER_TYPES.join(', '), fix: 'make the node with GraphNode and leave its type alone.' };
      }
      for (const { step: { dependency }, at: stepAt } of steps) {
        if (dependency !== undefined && !Deferred.is(dependency) && !DEPENDENCIES.includes(dependency)) {
          yield { at: `${stepAt}/dependency`, value: dependency, message: 'is unknown', allowed: DEPENDENCIES.join(', '), fix: 'use onError: OnError.STOP or OnError.CONTINUE.' };
        }
      }
    }
  },
};

const NO_ROOT: ClusterRule = {
  code: 'KSV2002',
  title: 'The graph has no node called root',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_graph_validation.go validateInferenceGraphRouterRoot',
  explanation: 'Every request begins at the node `root`.',
  * check(manifest) {
    if (!nodesOf(manifest).has(ROOT)) {
      yield { at: '/spec/nodes', message: 'has no node \'root\', where every request begins', fix: 'name the first node root.' };
    }
  },
};

const CYCLE: ClusterRule = {
  code: 'KSV2003',
  title: 'Nodes lead back to themselves',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'KServe accepts it. The router then calls itself until its stack is full, which ends the process and every request in it.',
  * check(manifest) {
    for (const cycle of inwardOrder(nodesOf(manifest)).cycles) {
      const [last] = cycle.slice(-2);
      const back = nodesOf(manifest).get(last)!.steps.find(({ step }) => step.nodeName === cycle[0])!;
      yield { at: `${back.at}/nodeName`, value: cycle[0], message: `closes the cycle ${cycle.join(' → ')}`, fix: 'let one of these steps lead elsewhere.' };
    }
  },
};

const MISSING_NODE: ClusterRule = {
  code: 'KSV2004',
  title: 'A step leads to a node that does not exist',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'KServe does not look at node names. Requests that come to the step are answered with 500, "invalid route type".',
  * check(manifest) {
    const nodes = nodesOf(manifest);
    for (const { step, at } of stepsOf(manifest)) {
      if (step.nodeName && known(step.nodeName) !== undefined && !nodes.has(step.nodeName)) {
        yield { at: `${at}/nodeName`, value: step.nodeName, message: 'is no node of the graph', allowed: shortList(nodes), fix: 'use Step.toNode(node), or add the node to `nodes`.' };
      }
    }
  },
};

const UNREACHABLE: ClusterRule = {
  code: 'KSV2005',
  title: 'No request reaches a node',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Requests begin at `root` and go where steps lead. The services of a node that nothing leads to are still waited for before the graph becomes ready.',
  * check(manifest) {
    const nodes = nodesOf(manifest);
    if (stepsOf(manifest).some(({ step }) => known(step.nodeName) === undefined && step.nodeName !== undefined)) {
      return;
    }
    const reached = reachable(nodes);
    for (const { name, at } of nodes.values()) {
      if (!reached.has(name)) {
        yield { at, message: `is never reached: no step leads from 'root' to '${name}'`, fix: 'add a step that leads there, or remove the node.' };
      }
    }
  },
};

const WEIGHTS: ClusterRule = {
  code: 'KSV2007',
  title: 'The weights of a splitter do not sum to 100',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_graph_validation.go validateInferenceGraphSplitterWeight',
  explanation: 'The webhook wants a weight at every step of a splitter and a sum of exactly 100. It does not look at the single weights, of which one below 0 takes from its neighbours.',
  * check(manifest) {
    for (const { type, steps, at } of nodesOf(manifest).values()) {
      if (type === 'Splitter') {
        yield* weightProblems(steps, at);
      }
    }
  },
};

function* weightProblems(steps: NodeView['steps'], at: string): Iterable<ManifestViolation> {
  const without = steps.filter(({ step }) => step.weight === undefined);
  for (const { label, at: stepAt } of without) {
    yield { at: stepAt, message: `has no weight, and ${label} is a step of a splitter`, allowed: 'whole numbers from 0 to 100', fix: 'give it one: { weight: … }.' };
  }
  const isShare = (weight: number) => Number.isInteger(weight) && weight >= 0 && weight <= 100;
  const wrong = steps.filter(({ step }) => known(step.weight) !== undefined && !isShare(step.weight!));
  for (const { step, at: stepAt } of wrong) {
    yield { at: `${stepAt}/weight`, value: step.weight, message: 'is no share in percent', allowed: 'whole numbers from 0 to 100', fix: 'give the share of the requests in percent.' };
  }
  const weights = steps.map(({ step }) => known(step.weight));
  if (without.length + wrong.length === 0 && !weights.includes(undefined)) {
    const sum = weights.reduce<number>((total, weight) => total + weight!, 0);
    if (sum !== 100) {
      const zero = steps.length > 0 && sum === 0 ? ': no step would ever be chosen' : '';
      yield { at: `${at}/steps`, message: `has weights ${weights.join(' + ') || 'of no step'} = ${sum}${zero}`, allowed: 'a sum of 100', fix: 'let the weights sum to 100.' };
    }
  }
}

const EMPTY: ClusterRule = {
  code: 'KSV2010',
  title: 'A node has no steps',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'KServe accepts it. At run time a sequence without steps closes the connection without an answer, a switch answers 404, a splitter fails, and an ensemble answers `{}`.',
  * check(manifest) {
    for (const { name, type, steps, at } of nodesOf(manifest).values()) {
      if (steps.length === 0 && type !== 'Splitter') {
        yield { at, message: `has no steps: '${name}' has nothing to do`, fix: 'give the node steps, or remove it.' };
      }
    }
  },
};

const NEVER_TAKEN: ClusterRule = {
  code: 'KSV2021',
  title: 'A branch of a switch is never taken',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'A switch takes the first step whose condition holds, and a step without a condition takes whatever comes as far as it.',
  * check(manifest) {
    for (const { type, steps } of nodesOf(manifest).values()) {
      const all = type === 'Switch' ? steps.findIndex(({ step }) => step.condition === '@this') : -1;
      for (const { at, label } of all < 0 ? [] : steps.slice(all + 1)) {
        yield { at, message: `is never taken: ${steps[all].label} before ${label} takes all requests`, fix: 'put the step without a condition last.' };
      }
    }
  },
};

function shortList(nodes: ReadonlyMap<string, NodeView>): string {
  const names = [...nodes.keys()];
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
}

/** Rules on the nodes of a graph and the ways between them. */
export const NODE_RULES: ClusterRule[] = [UNKNOWN_TYPE, NO_ROOT, CYCLE, MISSING_NODE, UNREACHABLE, WEIGHTS, EMPTY, NEVER_TAKEN];
