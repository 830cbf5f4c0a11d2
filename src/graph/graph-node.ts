import type { Step } from './step';

/** How a node handles a request. */
type RouterType = 'Sequence' | 'Switch' | 'Ensemble' | 'Splitter';

/** Options of a node. */
export interface GraphNodeOptions {
  /**
   * Name of the node in the manifest.
   *
   * @default - the name of the first step that leads to it, else that of the node around it and a number
   */
  readonly name?: string;
}

/**
 * A node of a graph: an immutable value that may be used in several places and graphs.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/inferencegraph
 *
 * @example
 * const classifier = InferenceService.fromInferenceServiceName(chart, 'Classifier', 'cat-dog-classifier');
 * const breeds = InferenceService.fromInferenceServiceName(chart, 'Breeds', 'dog-breed-classifier');
 * const node = GraphNode.sequence([
 *   Step.toService(classifier, { name: 'classify' }),
 *   Step.toService(breeds, { name: 'breed', when: Condition.equalTo('predictions.0', 'dog') }),
 * ]);
 */
export class GraphNode {
  /** Runs steps one after the other; the answer is the last one's. */
  static sequence(steps: Step[], options: GraphNodeOptions = {}): GraphNode {
    return new GraphNode('Sequence', steps, options.name);
  }

  /**
   * Runs the first step whose condition holds for the request. A step without a
   * condition takes all requests that come as far as it. When no step is left the
   * router answers 404, or 500 from within another node.
   */
  static switchOn(steps: Step[], options: GraphNodeOptions = {}): GraphNode {
    return new GraphNode('Switch', steps, options.name);
  }

  /** Runs all steps at the same time; the answer is an object with the answer of each by its name. */
  static ensemble(steps: Step[], options: GraphNodeOptions = {}): GraphNode {
    return new GraphNode('Ensemble', steps, options.name);
  }

  /** Runs one step, drawn by weight. */
  static splitter(steps: Step[], options: GraphNodeOptions = {}): GraphNode {
    return new GraphNode('Splitter', steps, options.name);
  }

  /** The steps. */
  readonly steps: Step[];
  /** How the node handles a request: `Sequence`, `Switch`, `Ensemble` or `Splitter`. */
  readonly routerType: string;
  /** Name of the node in the manifest, if it was given one. */
  readonly name?: string;

  private constructor(routerType: RouterType, steps: Step[], name: string | undefined) {
    this.routerType = routerType;
    this.steps = Object.freeze([...steps]) as Step[];
    this.name = name;
  }
}
