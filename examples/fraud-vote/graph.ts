import { Construct } from 'constructs';
import {
  Aggregation, AggregationMethod, GraphNode, InferenceGraph, InferenceService, ModelFormat, ModelSource, Predictor, Step,
} from 'cdk8s-kserve';

/** Three models judge a payment; the majority decides. */
export class FraudVote extends Construct {
  readonly graph: InferenceGraph;
  readonly vote: Aggregation;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const member = (name: string, format: ModelFormat) => Step.toService(new InferenceService(this, name, {
      predictor: Predictor.fromModel({ format, source: ModelSource.gcs(`gs://acme-models/${name}/2026-05/`) }),
    }));

    this.vote = new Aggregation(this, 'fraud-majority', {
      method: AggregationMethod.majorityVote(),
      container: { image: 'ghcr.io/acme/aggregator:1.2.0' },
    });
    this.graph = new InferenceGraph(this, 'fraud-vote', {
      root: this.vote.after(GraphNode.ensemble([
        member('fraud-trees', ModelFormat.XGBOOST),
        member('fraud-boosting', ModelFormat.LIGHTGBM),
        member('fraud-linear', ModelFormat.SKLEARN),
      ])),
    });
  }
}
