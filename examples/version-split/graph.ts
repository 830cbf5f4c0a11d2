import { Construct } from 'constructs';
import { GraphNode, InferenceGraph, InferenceService, ModelFormat, ModelSource, Predictor, Step } from 'cdk8s-kserve';

/** One request in ten goes to the new version of the model. */
export function versionSplit(scope: Construct): InferenceGraph {
  const version = (name: string, date: string) => new InferenceService(scope, name, {
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs(`gs://acme-models/churn/${date}/`) }),
  });

  return new InferenceGraph(scope, 'churn', {
    root: GraphNode.splitter([
      Step.toService(version('churn-v2', '2026-06'), { weight: 10 }),
      Step.toService(version('churn-v1', '2026-05'), { weight: 90 }),
    ]),
  });
}
