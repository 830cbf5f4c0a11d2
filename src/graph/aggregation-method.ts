import type { AggregationSpec } from './aggregation-spec';

/** How the answers of an ensemble become one. */
export class AggregationMethod {
  /**
   * For each instance the value that most members answer; of several the one
   * that the earliest member gives. For classes.
   */
  static majorityVote(): AggregationMethod {
    return new AggregationMethod({ method: 'majorityVote', field: 'predictions' });
  }

  /** For each instance the mean of the members' numbers, or number by number of their lists. */
  static mean(): AggregationMethod {
    return new AggregationMethod({ method: 'mean', field: 'predictions' });
  }

  /**
   * For each instance the weighted mean of the members' numbers.
   *
   * @param weights by the names of the ensemble's steps; they need not sum to 1
   */
  static weightedMean(weights: { [step: string]: number }): AggregationMethod {
    return new AggregationMethod({ method: 'weightedMean', field: 'predictions', weights: { ...weights } });
  }

  /**
   * The first member's answer that has predictions; with members that may fail
   * (`OnError.CONTINUE`) a fallback that costs no time.
   *
   * @param order names of the ensemble's steps, the preferred one first
   */
  static firstGood(order: string[]): AggregationMethod {
    return new AggregationMethod({ method: 'firstGood', field: 'predictions', order: [...order] });
  }

  private constructor(
    /** @internal */
    readonly _spec: AggregationSpec,
  ) {}
}
