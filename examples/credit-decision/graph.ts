import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Aggregation, AggregationMethod, Condition, GraphNode, InferenceGraph, InferenceService, ModelFormat, ModelSource, Predictor, Step, StepInput,
} from 'cdk8s-kserve';

/**
 * Checks an application, looks up what is known of the customer and lets three
 * models judge it, or rules where too little is known. An answer takes 12 seconds
 * at most: four calls of up to 3 seconds on the longest way.
 */
export class CreditDecision extends Construct {
  readonly graph: InferenceGraph;
  readonly score: Aggregation;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const server = (name: string) => new InferenceService(this, name, {
      predictor: Predictor.fromContainer({ image: `ghcr.io/acme/${name}:1.0.0` }),
    });
    const model = (name: string) => new InferenceService(this, name, {
      predictor: Predictor.fromModel({ format: ModelFormat.XGBOOST, source: ModelSource.gcs(`gs://acme-models/${name}/2026-05/`) }),
    });

    this.score = new Aggregation(this, 'credit-score', {
      method: AggregationMethod.weightedMean({ 'credit-history': 0.5, 'credit-income': 0.3, 'credit-fraud': 0.2 }),
      container: { image: 'ghcr.io/acme/aggregator:1.2.0' },
    });
    const models = this.score.after(GraphNode.ensemble([
      Step.toService(model('credit-history')),
      Step.toService(model('credit-income')),
      Step.toService(model('credit-fraud')),
    ]));
    const judge = GraphNode.switchOn([
      Step.toNode(models, { name: 'models', when: Condition.atLeast('instances.0.#', 3) }),
      Step.toService(server('credit-rules'), { name: 'rules' }),
    ]);

    this.graph = new InferenceGraph(this, 'credit-decision', {
      root: GraphNode.sequence([
        Step.toService(server('credit-validation'), { name: 'validate' }),
        Step.toService(server('credit-features'), { name: 'features', input: StepInput.PREVIOUS }),
        Step.toNode(judge, { name: 'judge', input: StepInput.PREVIOUS }),
      ]),
      routerTimeouts: { serviceClient: Duration.seconds(3), serverWrite: Duration.seconds(12) },
    });
  }
}
