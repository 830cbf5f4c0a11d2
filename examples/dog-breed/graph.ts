import { Construct } from 'constructs';
import { Condition, GraphNode, InferenceGraph, InferenceService, ModelFormat, ModelSource, Predictor, Step } from 'cdk8s-kserve';

/** Says what animal a picture shows, and of a dog also the breed. */
export function dogBreed(scope: Construct): InferenceGraph {
  const model = (name: string) => new InferenceService(scope, name, {
    predictor: Predictor.fromModel({ format: ModelFormat.PYTORCH, source: ModelSource.gcs(`gs://acme-models/${name}/2026-05/`) }),
  });

  return new InferenceGraph(scope, 'dog-breed', {
    root: GraphNode.sequence([
      Step.toService(model('cat-dog-classifier'), { name: 'animal' }),
      // gets the picture, as the first step did
      Step.toService(model('dog-breed-classifier'), { name: 'breed', when: Condition.equalTo('predictions.0', 'dog') }),
    ]),
  });
}
