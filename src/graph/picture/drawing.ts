import { labelOf, ROOT, RouterNode, RouterSpec, RouterStep } from '../graph-spec';
import { SELF } from '../condition-path';
import type { Simulation } from '../simulation';

/** What a picture shows: boxes and the arrows between them. */
export interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

export interface Box {
  readonly id: string;
  readonly kind: 'request' | 'node' | 'service' | 'missing';
  readonly title: string;
  /** A second line, smaller. */
  readonly subtitle?: string;
  readonly state: State;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly state: State;
}

/** What a simulation did there; `plain` without one. */
export type State = 'plain' | 'taken' | 'failed' | 'idle';

/** The picture of a graph. Conditions are shown in words where the program has them. */
export function drawingOf(spec: RouterSpec, words: ReadonlyMap<string, string>, trace?: Simulation): Drawing {
  const boxes = new Map<string, Box>();
  const arrows: Arrow[] = [];
  const states = statesOf(trace);
  const idle: State = trace === undefined ? 'plain' : 'idle';
  const strongest = (id: string, state: State) => RANK[state] > RANK[boxes.get(id)!.state] ? state : boxes.get(id)!.state;

  boxes.set('request', { id: 'request', kind: 'request', title: 'request', state: trace === undefined ? 'plain' : 'taken' });
  arrows.push({ from: 'request', to: nodeId(ROOT), label: '', state: trace === undefined ? 'plain' : 'taken' });
  for (const [name, { routerType }] of Object.entries(spec.nodes)) {
    const state = name === ROOT && trace !== undefined ? 'taken' : idle;
    boxes.set(nodeId(name), { id: nodeId(name), kind: 'node', title: name, subtitle: routerType.toLowerCase(), state });
  }
  for (const [name, node] of Object.entries(spec.nodes)) {
    for (const [index, step] of (node.steps ?? []).entries()) {
      const box = targetBox(step, spec, idle);
      boxes.set(box.id, boxes.get(box.id) ?? box);
      const state = states?.get(stepKey(name, labelOf(step, index))) ?? idle;
      boxes.set(box.id, { ...boxes.get(box.id)!, state: strongest(box.id, state) });
      arrows.push({ from: nodeId(name), to: box.id, label: labelFor(node, step, index, words), state });
    }
  }
  return { boxes: [...boxes.values()], arrows };
}

/** What a step does beyond its name, in words: its condition, its input, what it does with errors. */
export function wordsFor(step: RouterStep, index: number, routerType: string, words: ReadonlyMap<string, string>): string[] {
  const condition = step.condition === undefined ? undefined : words.get(step.condition) ?? step.condition;
  const switching = routerType === 'Switch';
  return [
    ...condition === undefined || condition === '' ? [] : [step.condition === SELF && switching ? 'otherwise' : `if ${condition}`],
    ...routerType === 'Sequence' && step.data === '$response' && index > 0 ? ['gets the previous answer'] : [],
    ...step.mapPredictionsToInstances ? ['predictions as instances'] : [],
    ...(routerType === 'Sequence' || routerType === 'Ensemble') && step.dependency !== 'Hard' ? ['may fail'] : [],
  ];
}

const RANK: { [state in State]: number } = { plain: 0, idle: 0, taken: 1, failed: 2 };

function nodeId(name: string): string {
  return `node ${name}`;
}

function targetBox(step: RouterStep, spec: RouterSpec, state: State): Box {
  if (step.nodeName) {
    const exists = Object.hasOwn(spec.nodes, step.nodeName);
    return { id: nodeId(step.nodeName), kind: exists ? 'node' : 'missing', title: step.nodeName, subtitle: exists ? undefined : 'no such node', state };
  }
  if (step.serviceName) {
    return { id: `service ${step.serviceName}`, kind: 'service', title: step.serviceName, state };
  }
  const url = /^https?:\/\/([^/]+)(\/.*)?$/.exec(step.serviceUrl ?? '');
  return {
    id: `url ${step.serviceUrl}`,
    kind: 'service',
    state,
    title: url?.[1] ?? step.serviceUrl ?? 'no target',
    subtitle: url?.[2] === '/' ? undefined : url?.[2],
  };
}

function labelFor(node: RouterNode, step: RouterStep, index: number, words: ReadonlyMap<string, string>): string {
  const target = step.nodeName || step.serviceName;
  const name = step.name && step.name !== target ? step.name : '';
  const before = node.routerType === 'Sequence' ? `${index + 1}` : node.routerType === 'Splitter' ? `${step.weight ?? 0} %` : '';
  return [[before, name].filter(Boolean).join(' '), ...wordsFor(step, index, node.routerType, words)].filter(Boolean).join('\n');
}

function stepKey(node: string, step: string): string {
  return JSON.stringify([node, step]);
}

function statesOf(trace: Simulation | undefined): Map<string, State> | undefined {
  return trace && new Map(trace.trace.map(({ node, step, ran, status }) => [
    stepKey(node, step), !ran ? 'idle' : status !== undefined && status >= 200 && status <= 299 ? 'taken' : 'failed',
  ]));
}
