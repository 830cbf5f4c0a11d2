import type { Duration } from 'cdk8s';
import type { IInferenceGraph } from './i-inference-graph';
import type { IInferenceService } from '../inference';
import type { Condition } from './condition';
import type { GraphNode } from './graph-node';
import type { StepTarget } from './step-target';

/** What a step of a sequence gets as its request. */
export enum StepInput {
  /** The request to the node. KServe's default. */
  REQUEST = '$request',
  /** What the step before answered. */
  PREVIOUS = '$response',
}

/** What happens when a step of a sequence or ensemble answers with another status than 200 to 299. */
export enum OnError {
  /** The node ends, and its answer is that of the step. */
  STOP = 'Hard',
  /** The answer counts like any other: the next step gets it, the ensemble contains it. KServe's default. */
  CONTINUE = 'Soft',
}

/** Options of a step. */
export interface StepOptions {
  /**
   * Name of the step, unique within its node. In an ensemble the field of the
   * answer that holds what the step answered.
   *
   * @default - the name of the service or node; none for a URL
   */
  readonly name?: string;
  /**
   * When the step runs: in a sequence by the previous answer, in a switch by the
   * request. A sequence ends before a step whose condition does not hold.
   *
   * @default - always
   */
  readonly when?: Condition;
  /**
   * What the step gets. In sequences only.
   *
   * @default StepInput.REQUEST
   */
  readonly input?: StepInput;
  /**
   * Whether `predictions` of the step's input become the `instances` that it
   * gets; all other fields are then dropped. In sequences only.
   *
   * @default false
   */
  readonly mapPredictionsToInstances?: boolean;
  /**
   * Share of the requests in percent. In splitters only, where the weights sum to 100.
   *
   * @default - none
   */
  readonly weight?: number;
  /**
   * What happens when the step answers with an error status. In sequences and
   * ensembles only; switches and splitters always hand the answer on.
   *
   * @default OnError.STOP
   */
  readonly onError?: OnError;
  /**
   * Request headers that the service needs. It is checked that the router passes them on.
   *
   * @default - none
   */
  readonly headers?: string[];
  /**
   * How long the service takes at most. KServe has one limit for all calls
   * (`routerTimeouts.serviceClient`); with this one the sum along the graph is
   * checked against the limits for whole requests.
   *
   * @default - `routerTimeouts.serviceClient`
   */
  readonly timeout?: Duration;
}

/**
 * A step of a graph node: what is called, when, and with what.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/inferencegraph
 */
export class Step {
  /** Calls an InferenceService of the graph's namespace. KServe finds its address, model name and protocol (V1 or V2). */
  static toService(service: IInferenceService, options: StepOptions = {}): Step {
    return new Step({ kind: 'service', service }, options);
  }

  /** Goes on with another node. A node that several steps lead to is written once. */
  static toNode(node: GraphNode, options: StepOptions = {}): Step {
    return new Step({ kind: 'node', node }, options);
  }

  /** Goes on with the node of this name in `nodes` of the graph. */
  static toNodeNamed(nodeName: string, options: StepOptions = {}): Step {
    return new Step({ kind: 'nodeName', name: nodeName }, options);
  }

  /** Calls a URL by POST. */
  static toUrl(url: string, options: StepOptions = {}): Step {
    return new Step({ kind: 'url', url }, options);
  }

  /**
   * Calls another graph, which runs in a router of its own. To run it in this
   * graph's router use `Step.toNode(graph.root)`.
   */
  static toGraph(graph: IInferenceGraph, options: StepOptions = {}): Step {
    return new Step({ kind: 'graph', graph }, options);
  }

  private constructor(
    /** @internal */
    readonly _target: StepTarget,
    /** @internal */
    readonly _options: StepOptions,
  ) {}
}
