import { Construct } from 'constructs';
import { Condition, GraphNode, InferenceGraph, InferenceService, ModelFormat, ModelSource, OnError, Predictor, Step } from 'cdk8s-kserve';

/** Where the big model answers with an error, the small one answers. */
export function fallbackModel(scope: Construct): InferenceGraph {
  const model = (name: string, format: ModelFormat) => new InferenceService(scope, name, {
    predictor: Predictor.fromModel({ format, source: ModelSource.gcs(`gs://acme-models/${name}/2026-05/`) }),
  });

  return new InferenceGraph(scope, 'demand', {
    root: GraphNode.sequence([
      Step.toService(model('demand-deep', ModelFormat.TENSORFLOW), { onError: OnError.CONTINUE }),
      Step.toService(model('demand-linear', ModelFormat.SKLEARN), { when: Condition.exists('error') }),
    ]),
  });
}
