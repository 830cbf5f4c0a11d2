import type { IInferenceService } from '../inference';
import type { Condition } from './condition';
import { GraphNode } from './graph-node';
import { Step, StepInput, StepOptions } from './step';

/** Options of the steps of a pipeline after the first. */
export interface PipelineStepOptions {
  /**
   * Name of the step.
   *
   * @default - the name of the service
   */
  readonly name?: string;
  /**
   * When the step runs, by the previous answer. The pipeline ends before a step
   * whose condition does not hold.
   *
   * @default - always
   */
  readonly when?: Condition;
  /**
   * What the step gets.
   *
   * @default StepInput.PREVIOUS
   */
  readonly input?: StepInput;
  /**
   * Whether `predictions` of the step's input become the `instances` that it gets.
   * Model servers of the V1 protocol need it to read each other's answers.
   *
   * @default false
   */
  readonly mapPredictionsToInstances?: boolean;
}

/**
 * Services one after the other, each of which gets the answer of the one before:
 * the short form of the most usual graph.
 *
 * Immutable: each call returns a longer pipeline.
 *
 * @example
 * const animals = InferenceService.fromInferenceServiceName(chart, 'Animals', 'cat-dog');
 * const dogs = InferenceService.fromInferenceServiceName(chart, 'Dogs', 'dog-breeds');
 * const cats = InferenceService.fromInferenceServiceName(chart, 'Cats', 'cat-breeds');
 *
 * new InferenceGraph(chart, 'pets', {
 *   root: Pipeline.of(animals)
 *     .whenElse(Condition.equalTo('predictions.0', 'dog'), dogs, cats)
 *     .toNode(),
 * });
 */
export class Pipeline {
  /** A pipeline that begins with a service, which gets the request. */
  static of(service: IInferenceService, options: StepOptions = {}): Pipeline {
    return Pipeline.ofStep(Step.toService(service, options));
  }

  /** A pipeline that begins with any step. */
  static ofStep(step: Step): Pipeline {
    return new Pipeline([step]);
  }

  private constructor(private readonly steps: Step[]) {}

  /** Goes on with a service. */
  next(service: IInferenceService, options: PipelineStepOptions = {}): Pipeline {
    return this.nextStep(Step.toService(service, { input: StepInput.PREVIOUS, ...options }));
  }

  /** Goes on with any step; its input is the original request unless it says otherwise. */
  nextStep(step: Step): Pipeline {
    return new Pipeline([...this.steps, step]);
  }

  /** Goes on with one of two services, chosen by the previous answer, which the service gets. */
  whenElse(condition: Condition, then: IInferenceService, otherwise: IInferenceService): Pipeline {
    const choice = GraphNode.switchOn([Step.toService(then, { when: condition }), Step.toService(otherwise)]);
    return this.nextStep(Step.toNode(choice, { input: StepInput.PREVIOUS }));
  }

  /** The pipeline as a node: the root of a graph, or a part of another. */
  toNode(): GraphNode {
    return GraphNode.sequence(this.steps);
  }
}
