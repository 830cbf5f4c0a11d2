/** What an aggregation computes; the container reads it from its environment. */
export interface AggregationSpec {
  readonly method: 'majorityVote' | 'mean' | 'weightedMean' | 'firstGood';
  /** Field of each member's answer that is aggregated. */
  readonly field: string;
  /** For the weighted mean, by name of the member. */
  readonly weights?: { readonly [member: string]: number };
  /** For the first good answer: the members in order of preference. */
  readonly order?: readonly string[];
}
