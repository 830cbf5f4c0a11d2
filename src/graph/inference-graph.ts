import { Construct } from 'constructs';
import { allUnder, caused } from '../core/cause';
import { Deferred } from '../core/deferred';
import { Fields } from '../core/fields';
import { expand } from '../core/host-template';
import { givenAnnotations, ManifestObject, manifestOf } from '../core/manifest';
import { KEYS } from '../release/keys';
import { DeploymentMode, ServingTarget } from '../target';
import { judgeBy } from '../target/rule-context';
import type { GraphNode } from './graph-node';
import type { RouterSpec } from './graph-spec';
import type { InferenceGraphProps } from './inference-graph-props';
import { NamedNode, nameNodes } from './named-nodes';
import type { Drawing } from './picture/drawing';
import { programProblems } from './program-rules';
import { renderSpec } from './rendering';
import type { Simulation } from './simulation';
import type { SimulatedRequest, SimulateOptions } from './simulation-props';
import type { IInferenceGraph } from './i-inference-graph';

/** Options of pictures. */
export interface PictureOptions {
  /**
   * Marks the way that a request took.
   *
   * @default - none is marked
   */
  readonly simulation?: Simulation;
}

/**
 * Several services behind one address: requests go through them in sequence, in
 * parallel, by condition or by chance.
 *
 * The graph is named by its construct id: the name is part of its address. In
 * Standard mode it is reachable inside the cluster only.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/inferencegraph
 *
 * @example
 * const classifier = InferenceService.fromInferenceServiceName(chart, 'Classifier', 'cat-dog-classifier');
 * const breeds = InferenceService.fromInferenceServiceName(chart, 'Breeds', 'dog-breed-classifier');
 *
 * new InferenceGraph(chart, 'pets', {
 *   root: GraphNode.sequence([
 *     Step.toService(classifier, { name: 'classify' }),
 *     Step.toService(breeds, { name: 'breed', when: Condition.equalTo('predictions.0', 'dog') }),
 *   ]),
 * });
 */
export class InferenceGraph extends ManifestObject implements IInferenceGraph {
  /** Refers to a graph in the namespace of the scope that others made. */
  static fromInferenceGraphName(scope: Construct, id: string, name: string): IInferenceGraph {
    return new ImportedInferenceGraph(scope, id, name);
  }

  /** Namespace of the graph, if it is known. */
  readonly namespace?: string;
  /** How KServe runs the router. */
  readonly deploymentMode: DeploymentMode;
  /** The node where every request begins; another graph can contain it. */
  readonly root: GraphNode;
  /** Address outside the cluster, if it is known and there is one. */
  readonly url?: string;
  /** Address inside the cluster. */
  readonly internalUrl: string;

  private readonly nodes: NamedNode[];
  private readonly target: ServingTarget;
  private readonly given: InferenceGraphProps;

  constructor(scope: Construct, id: string, props: InferenceGraphProps) {
    const target = ServingTarget._ofChild(scope, id);
    const namespace = target._namespaceOf(scope, props.namespace);
    const deploymentMode = props.deploymentMode ?? target.deploymentMode;
    super(scope, id, {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'InferenceGraph',
      name: props.name ?? id,
      namespace,
      labels: labelsOf(props, deploymentMode),
      annotations: () => annotationsOf(props, deploymentMode),
    });

    this.target = target;
    this.given = props;
    this.namespace = namespace;
    this.deploymentMode = deploymentMode;
    this.root = props.root;
    this.nodes = nameNodes(props.root, props.nodes ?? {});
    const { url, internalUrl } = addressOf(this.target, this.name, this.namespace, this.deploymentMode, props.clusterLocal ?? false);
    this.url = url;
    this.internalUrl = internalUrl;

    judgeBy(this, () => later.rules().INFERENCE_GRAPH_RULES, () => programProblems(this, props, this.nodes));
  }

  /**
   * Sends a request through the graph without a cluster, as the router of the
   * target's release would handle it: order, data, conditions, failures, merged
   * answers, time-outs and error texts. Nothing is waited for.
   *
   * @example
   * const graph = new InferenceGraph(chart, 'pets', {
   *   root: GraphNode.sequence([
   *     Step.toUrl('http://classifier.pets/', { name: 'classify' }),
   *     Step.toUrl('http://breeds.pets/', { name: 'breed', when: Condition.equalTo('predictions.0', 'dog') }),
   *   ]),
   * });
   * const answer = graph.simulate({ json: { instances: [[1, 2]] } }, {
   *   responses: { classify: { json: { predictions: ['dog'] } }, breed: { status: 503 } },
   * });
   * console.log(answer.toString());
   */
  simulate(request: SimulatedRequest, options: SimulateOptions = {}): Simulation {
    return later.simulator().simulate(this._spec, request, options, {
      splitterExact: this.target.release._data.abilities.splitterExact,
      knative: this.deploymentMode === DeploymentMode.KNATIVE,
      propagatedHeaders: this.target.propagatedHeaders,
      urlOf: (service) => `http://${service}`,
    });
  }

  /**
   * The graph as a Mermaid flowchart, as GitHub and many wikis draw it.
   */
  toMermaid(options: PictureOptions = {}): string {
    return later.mermaid().toMermaid(this.drawing(options));
  }

  /**
   * The graph as an SVG picture.
   */
  toSvg(options: PictureOptions = {}): string {
    return later.svg().toSvg(this.drawing(options), `InferenceGraph ${this.name}`);
  }

  /** The graph in plain text. */
  describe(): string {
    return later.describe().describeGraph(this.name, inOrder(this._spec, this.nodes), this.words());
  }

  private drawing({ simulation }: PictureOptions): Drawing {
    return later.drawing().drawingOf(inOrder(this._spec, this.nodes), this.words(), simulation);
  }

  /** Conditions in words, by their paths. */
  private words(): Map<string, string> {
    return new Map(this.nodes.flatMap(({ node }) => node.steps)
      .flatMap(({ _options: { when } }) => when === undefined ? [] : [[when.path, when.toString()] as const]));
  }

  /**
   * The spec as the manifest will have it, patches too.
   *
   * @internal
   */
  get _spec(): RouterSpec {
    return manifestOf(this).spec;
  }

  /** @internal */
  _fields(): Fields {
    return { spec: renderSpec(this.given, this.nodes, this.deploymentMode) };
  }
}

/** The spec with its nodes in the order in which requests reach them. */
function inOrder(spec: RouterSpec, nodes: readonly NamedNode[]): RouterSpec {
  const names = [...new Set([...nodes.map(({ name }) => name), ...Object.keys(spec.nodes)])].filter((name) => Object.hasOwn(spec.nodes, name));
  return { ...spec, nodes: Object.fromEntries(names.map((name) => [name, spec.nodes[name]])) };
}

function addressOf(target: ServingTarget, name: string, namespace: string | undefined, mode: DeploymentMode, clusterLocal: boolean): GraphAddress {
  const host = namespace === undefined ? name : `${name}.${namespace}.svc.${target.clusterDomain}`;
  const knative = mode === DeploymentMode.KNATIVE;
  const outside = !knative || clusterLocal || Deferred.is(name) ? undefined
    : expand(target.knativeDomainTemplate, { Name: name, Namespace: namespace, Domain: target.domain });
  return {
    name,
    namespace,
    url: outside && `${target.urlScheme}://${outside}`,
    internalUrl: `http://${host}${!knative && target.headlessServices ? ':8080' : ''}`,
  };
}

function labelsOf({ clusterLocal, labels }: InferenceGraphProps, mode: DeploymentMode): { [key: string]: string } | undefined {
  const all = { ...clusterLocal && mode === DeploymentMode.KNATIVE && { [KEYS.knativeVisibility]: 'cluster-local' }, ...labels };
  return Object.keys(all).length > 0 ? all : undefined;
}

function annotationsOf({ scaling, stopped, annotations }: InferenceGraphProps, mode: DeploymentMode): { [key: string]: string } {
  const autoscaler = scaling?._autoscalerClass(mode);
  return {
    // always explicit: the cluster's default may differ from the target's
    [KEYS.deploymentMode]: caused('deploymentMode', mode),
    ...autoscaler !== undefined && autoscaler !== 'hpa' && { [KEYS.autoscalerClass]: caused('scaling', autoscaler) },
    ...allUnder('scaling', scaling?._annotations(mode) ?? {}),
    ...stopped && { [KEYS.stop]: caused('stopped', 'true') },
    ...givenAnnotations(annotations),
  };
}

/** Where a graph is reached. */
interface GraphAddress {
  readonly name: string;
  readonly namespace?: string;
  readonly url?: string;
  readonly internalUrl: string;
}

class ImportedInferenceGraph extends Construct implements IInferenceGraph {
  readonly name: string;
  readonly namespace?: string;
  readonly url?: string;
  readonly internalUrl: string;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    const target = ServingTarget.of(this);
    const address = addressOf(target, name, target._namespaceOf(this), target.deploymentMode, false);
    this.name = address.name;
    this.namespace = address.namespace;
    this.url = address.url;
    this.internalUrl = address.internalUrl;
  }
}

/* eslint-disable @typescript-eslint/no-require-imports -- imports would be there at start */
/** What is loaded when a program needs it, not with the library. */
const later = {
  describe: () => require('./picture/describe') as typeof import('./picture/describe'),
  drawing: () => require('./picture/drawing') as typeof import('./picture/drawing'),
  mermaid: () => require('./picture/mermaid') as typeof import('./picture/mermaid'),
  svg: () => require('./picture/svg') as typeof import('./picture/svg'),
  rules: () => require('./rules') as typeof import('./rules'),
  simulator: () => require('./simulator/simulate') as typeof import('./simulator/simulate'),
};
