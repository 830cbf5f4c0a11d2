import { Construct } from 'constructs';
import type { ContainerPredictorOptions } from '../inference';
import { InferenceService, Predictor } from '../inference';
import { AggregationMethod } from './aggregation-method';
import type { AggregationSpec } from './aggregation-spec';
import { answerOf } from './aggregate';
import { GraphNode } from './graph-node';
import type { StepCall, StepResponse, IStepHandler } from './simulation-props';
import { Step, StepInput } from './step';

/** Environment variable in which the aggregating container finds its task, as JSON. */
const TASK = 'AGGREGATION';

/** Props of an Aggregation. */
export interface AggregationProps {
  /** How the answers become one. */
  readonly method: AggregationMethod;
  /**
   * The container that aggregates: a server of the V1 protocol that reads its
   * task from environment variable `AGGREGATION` (JSON: `method`, `field`,
   * `weights`, `order`) and gets an object with the answer of each member by name.
   */
  readonly container: ContainerPredictorOptions;
  /**
   * Name of the service.
   *
   * @default - the construct's id
   */
  readonly name?: string;
}

/**
 * A service that makes one answer of an ensemble's: `{"predictions": […]}`.
 *
 * In simulations `simulated` answers for it.
 *
 * @example
 * const vote = new Aggregation(chart, 'vote', {
 *   method: AggregationMethod.majorityVote(),
 *   container: { image: 'ghcr.io/acme/aggregator:1.2.0' },
 * });
 *
 * new InferenceGraph(chart, 'fraud', {
 *   root: vote.after(GraphNode.ensemble([
 *     Step.toService(InferenceService.fromInferenceServiceName(chart, 'Trees', 'fraud-trees')),
 *     Step.toService(InferenceService.fromInferenceServiceName(chart, 'Linear', 'fraud-linear')),
 *   ])),
 * });
 */
export class Aggregation extends Construct {
  /** The service that aggregates. */
  readonly service: InferenceService;
  /** Answers for the service in simulations, by the same rules. */
  readonly simulated: IStepHandler;

  constructor(scope: Construct, id: string, props: AggregationProps) {
    super(scope, id);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only by programs that ask for it
    const { EnvValue } = require('cdk8s-plus-28') as typeof import('cdk8s-plus-28');
    const { _spec: task } = props.method;
    this.service = new InferenceService(this, 'Service', {
      name: props.name ?? id,
      predictor: Predictor.fromContainer({
        ...props.container,
        env: { ...props.container.env, [TASK]: EnvValue.fromValue(JSON.stringify(task)) },
      }),
    });
    this.simulated = new SimulatedAggregation(task);
  }

  /** The ensemble, and then this service with its answer. */
  after(ensemble: GraphNode): GraphNode {
    return GraphNode.sequence([
      Step.toNode(ensemble, { name: 'ensemble' }),
      Step.toService(this.service, { input: StepInput.PREVIOUS }),
    ]);
  }
}

class SimulatedAggregation implements IStepHandler {
  constructor(private readonly task: AggregationSpec) {}

  handle(call: StepCall): StepResponse {
    return answerOf(call.body, this.task);
  }
}
