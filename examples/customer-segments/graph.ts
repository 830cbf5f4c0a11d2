import { Construct } from 'constructs';
import { Condition, GraphNode, InferenceGraph, InferenceService, ModelFormat, ModelSource, Predictor, Step } from 'cdk8s-kserve';

/** Each segment of customers has a model of its own, and all others share one. */
export function customerSegments(scope: Construct): InferenceGraph {
  const model = (name: string) => new InferenceService(scope, name, {
    predictor: Predictor.fromModel({ format: ModelFormat.XGBOOST, source: ModelSource.gcs(`gs://acme-models/${name}/2026-05/`) }),
  });
  const segment = (...names: string[]) => Condition.anyOf(...names.map((name) => Condition.equalTo('customer.segment', name)));

  return new InferenceGraph(scope, 'offers', {
    root: GraphNode.switchOn([
      Step.toService(model('offers-business'), { when: segment('business', 'enterprise') }),
      Step.toService(model('offers-young'), { when: Condition.lessThan('customer.age', 27) }),
      Step.toService(model('offers-general')),
    ]),
  });
}
