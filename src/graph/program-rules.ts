import { manifestOf } from '../core/manifest';
import { ProgramViolation, Rule, violationOf } from '../diagnostics/rule';
import { InferenceService } from '../inference';
import { problemsAt } from '../model/problem';
import { DeploymentMode, ServingTarget } from '../target';
import { SCALING } from './graph-rules';
import { DEFAULT_SERVER_WRITE, ROOT } from './graph-spec';
import { inwardOrder, known, NodeView } from './graph-view';
import type { InferenceGraph } from './inference-graph';
import type { InferenceGraphProps } from './inference-graph-props';
import type { NamedNode } from './named-nodes';
import { canonicalHeader, compilePatterns } from './simulator/headers';
import type { Step } from './step';

const TIMEOUTS: Rule = {
  code: 'KSV2013',
  title: 'The steps of a graph may take longer than a request may',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'When routerTimeouts.serverWrite (60 seconds by default) is over, the router closes the connection without an answer, while its steps go on; Knative\'s proxy answers 504 after `timeout` (5 minutes by default). The time of a step is its own timeout, that of its service, or routerTimeouts.serviceClient, whichever is shortest.',
};

const HEADERS: Rule = {
  code: 'KSV2014',
  title: 'The router does not pass on a header that a service needs',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go callService: only headers that match router.headers.propagate of ConfigMap inferenceservice-config',
  explanation: 'Of the request\'s headers the router passes on those only whose names match a pattern of KServe\'s ConfigMap, none by default.',
};

const OTHER_NAMESPACE: Rule = {
  code: 'KSV2015',
  title: 'A service is in another namespace than the graph',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'inferencegraph controller: looks up serviceName in the namespace of the graph',
  explanation: 'KServe looks for services in the graph\'s own namespace. It does not find this one, and the graph never becomes ready.',
};

const INEXPRESSIBLE: Rule = {
  code: 'KSV2032',
  title: 'The router\'s path language cannot express a condition',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Conditions become paths of the language gjson, which can name fields, filter lists and count, but not everything that the factories of Condition can be combined to.',
};

const NAME_TAKEN: Rule = {
  code: 'KSV2033',
  title: 'Two nodes of a graph have the same name',
  severity: 'error',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Nodes are written under their names, so that the second one would replace the first.',
};

/** Rules on the program of a graph. */
export const GRAPH_PROGRAM_RULES: Rule[] = [TIMEOUTS, HEADERS, OTHER_NAMESPACE, INEXPRESSIBLE, NAME_TAKEN];

/** What is wrong with the program of a graph. */
export function* programProblems(graph: InferenceGraph, props: InferenceGraphProps, nodes: readonly NamedNode[]): Iterable<ProgramViolation> {
  yield* problemsAt('scaling', props.scaling?._problems() ?? []);
  if (props.scaling?._scaledObject !== undefined) {
    yield violationOf(SCALING, 'scaling', {
      message: 'has triggers of KEDA, which a graph cannot have',
      allowed: 'Scaling.cpu, memory, fixed and external in Standard mode; concurrency and rps in Knative mode',
      fix: 'use one of these, or make a ScaledObject for the graph\'s Deployment and use Scaling.external.',
    });
  }
  yield* sameNames(nodes);
  const patterns = compilePatterns(ServingTarget.of(graph).propagatedHeaders);
  for (const { node, prop } of nodes) {
    for (const [index, step] of node.steps.entries()) {
      yield* stepProblems(step, `${prop}.steps[${index}]`, graph, patterns);
    }
  }
  yield* tooSlow(graph, props, nodes);
}

function* sameNames(nodes: readonly NamedNode[]): Iterable<ProgramViolation> {
  const first = new Map<string, NamedNode>();
  for (const one of nodes) {
    const other = first.get(one.name);
    if (other !== undefined) {
      yield violationOf(NAME_TAKEN, `${one.prop}.name`, { value: one.name, message: `is the name of the node in ${other.prop} as well`, fix: 'give one of them another name.' });
    }
    first.set(one.name, other ?? one);
  }
}

function* stepProblems(
  { _options: options, _target: target }: Step, prop: string, graph: InferenceGraph, patterns: readonly RegExp[],
): Iterable<ProgramViolation> {
  const problem = options.when?._problem;
  if (problem !== undefined) {
    yield violationOf(INEXPRESSIBLE, `${prop}.when`, {
      value: options.when!.toString(), message: `needs ${problem.needs}, which the path language does not have`, fix: problem.fix,
    });
  }
  for (const header of options.headers ?? []) {
    const name = canonicalHeader(header);
    if (known(header) !== undefined && name !== 'Content-Type' && !patterns.some((pattern) => pattern.test(name))) {
      yield violationOf(HEADERS, `${prop}.headers`, {
        value: header,
        message: 'is not passed on by the router of this target',
        fix: `add it to router.headers.propagate of KServe's ConfigMap and say so: ServingTarget.attach(…, { propagatedHeaders: ['^${name}$'] }).`,
      });
    }
  }
  if (target.kind === 'service') {
    const { name, namespace, internalUrl } = target.service;
    if (known(namespace) !== undefined && known(graph.namespace) !== undefined && namespace !== graph.namespace) {
      yield violationOf(OTHER_NAMESPACE, `${prop}.service`, {
        value: name,
        message: `is in namespace '${namespace}', and KServe looks for it in the graph's, '${graph.namespace}'`,
        fix: `put the graph beside it, or call it by its address: Step.toUrl('${internalUrl}/v1/models/${name}:predict').`,
      });
    }
  }
}

function* tooSlow(graph: InferenceGraph, props: InferenceGraphProps, nodes: readonly NamedNode[]): Iterable<ProgramViolation> {
  const { routerTimeouts, timeout } = graph._spec;
  const write = known(routerTimeouts?.serverWrite) ?? DEFAULT_SERVER_WRITE;
  const knative = graph.deploymentMode === DeploymentMode.KNATIVE;
  const limits = [
    { seconds: write === 0 ? Infinity : write, name: 'routerTimeouts.serverWrite', given: props.routerTimeouts?.serverWrite !== undefined },
    ...knative ? [{ seconds: known(timeout) ?? 300, name: 'timeout', given: timeout !== undefined }] : [],
  ];
  const limit = limits.reduce((a, b) => b.seconds < a.seconds ? b : a);
  const slowest = slowestPath(graph, nodes);
  if (slowest.seconds > limit.seconds) {
    const parts = slowest.steps.map(({ label, seconds }) => `${label} ${seconds} s`);
    const shown = parts.length > 6 ? [...parts.slice(0, 6), `${parts.length - 6} more`] : parts;
    yield violationOf(TIMEOUTS, limit.given ? limit.name : undefined, {
      value: limit.given ? limit.seconds : undefined,
      message: `${limit.given ? 'is' : `${limit.name}, ${limit.seconds} seconds by default, is`} shorter than the steps may take, ${slowest.seconds} seconds: ${shown.join(' + ')}`,
      fix: 'raise the limit, or lower routerTimeouts.serviceClient or the timeouts of the steps.',
    });
  }
}

interface Path { readonly seconds: number; readonly steps: readonly { readonly label: string; readonly seconds: number }[] }

const NOTHING: Path = { seconds: 0, steps: [] };
/** More is not shown. */
const MOST_STEPS = 50;

/** The way through the graph that may take longest, as far as times are known. */
function slowestPath(graph: InferenceGraph, nodes: readonly NamedNode[]): Path {
  const spec = graph._spec;
  const client = known(spec.routerTimeouts?.serviceClient) || Infinity;
  const own = new Map(nodes.map(({ name, node }) => [name, node.steps]));
  const views = new Map(nodes.map(({ name, node }): [string, NodeView] => [name, {
    name,
    type: node.routerType,
    at: '',
    steps: (spec.nodes[name]?.steps ?? []).map((step, index) => ({ step, index, node: name, label: step.name ?? `${name}/${index + 1}`, at: '' })),
  }]));
  const paths = new Map<string, Path>();
  for (const { name, type, steps } of inwardOrder(views).order) {
    const ofSteps = steps.map(({ step, index, label }) => {
      if (step.nodeName) {
        return paths.get(step.nodeName) ?? NOTHING;
      }
      const seconds = Math.min(client, ownTimeout(own.get(name)?.[index]));
      return Number.isFinite(seconds) ? { seconds, steps: [{ label, seconds }] } : NOTHING;
    });
    paths.set(name, type === 'Sequence'
      ? { seconds: ofSteps.reduce((sum, { seconds }) => sum + seconds, 0), steps: ofSteps.flatMap((path) => path.steps).slice(0, MOST_STEPS) }
      : ofSteps.reduce((a, b) => b.seconds > a.seconds ? b : a, NOTHING));
  }
  return paths.get(ROOT) ?? NOTHING;
}

/** Seconds that a step says of itself, or that the service keeps. */
function ownTimeout(step: Step | undefined): number {
  const target = step?._target;
  const service = target?.kind === 'service' && target.service instanceof InferenceService ? manifestOf(target.service).spec : undefined;
  const ofService = known<number>((service?.transformer ?? service?.predictor)?.timeout);
  return Math.min(step?._options.timeout?.toSeconds() ?? Infinity, ofService ?? Infinity);
}
