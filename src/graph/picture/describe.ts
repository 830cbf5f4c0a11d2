import { labelOf, RouterSpec, RouterStep } from '../graph-spec';
import { wordsFor } from './drawing';

/** A graph in plain text: a paragraph for each node, a line for each step. */
export function describeGraph(name: string, spec: RouterSpec, words: ReadonlyMap<string, string>): string {
  const paragraphs = Object.entries(spec.nodes).map(([node, { routerType, steps = [] }]) => [
    `${node}: ${KINDS[routerType] ?? routerType}`,
    ...steps.map((step, index) => `  ${bulletFor(routerType, step, index)} ${[lineFor(step, index), ...wordsFor(step, index, routerType, words)].join(', ')}`),
  ].join('\n'));
  return [`Graph ${name}`, ...paragraphs].join('\n\n');
}

const KINDS: { [routerType: string]: string } = {
  Sequence: 'one step after the other',
  Switch: 'the first step whose condition holds for the request',
  Ensemble: 'all steps at the same time',
  Splitter: 'one step by chance',
};

function bulletFor(routerType: string, step: RouterStep, index: number): string {
  switch (routerType) {
    case 'Sequence': return `${index + 1}.`;
    case 'Splitter': return `${String(step.weight ?? 0).padStart(3)} %`;
    default: return '-';
  }
}

function lineFor(step: RouterStep, index: number): string {
  const label = labelOf(step, index);
  const target = step.nodeName ? `node ${step.nodeName}` : step.serviceName ? `service ${step.serviceName}` : step.serviceUrl ?? 'no target';
  return label === step.serviceName || label === step.nodeName || label === step.serviceUrl ? target : `${label}: ${target}`;
}
