import type { Duration } from 'cdk8s';
import { caused } from '../core/cause';
import { defined } from '../core/fields';

/** Options of a Batcher. */
export interface BatcherOptions {
  /**
   * How many instances make a full batch: at least 1.
   *
   * @default 32
   */
  readonly maxBatchSize?: number;

  /**
   * How long the first request waits for others.
   *
   * @default - 5 seconds
   */
  readonly maxLatency?: Duration;

  /**
   * KServe's field `timeout`. No release reads it.
   *
   * @default - none
   */
  readonly timeout?: number;
}

/**
 * Joins requests that come at about the same time into one for the model.
 * V1 protocol only: other requests pass one by one.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/batcher
 */
export class Batcher {
  /** A batcher with the given limits. */
  static of(options: BatcherOptions = {}): Batcher {
    return new Batcher({ ...options });
  }

  private constructor(private readonly props: BatcherOptions) {}

  /** @internal */
  _render(): object {
    return defined({
      maxBatchSize: caused('maxBatchSize', this.props.maxBatchSize),
      maxLatency: caused('maxLatency', this.props.maxLatency?.toMilliseconds({ integral: false })),
      timeout: caused('timeout', this.props.timeout),
    });
  }
}
