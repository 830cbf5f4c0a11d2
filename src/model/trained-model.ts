import type { Size } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ModelFormat } from './format';
import { problemsAt } from './problem';
import { ModelSource } from './source';
import { SERVICE_HAS_CREDENTIALS, TRAINED_MODEL_RULES } from './trained-model-rules';
import { caused } from '../core/cause';
import { Fields } from '../core/fields';
import { ManifestObject } from '../core/manifest';
import { violationOf } from '../diagnostics/rule';
import { ServingTarget } from '../target';
import { judgeBy } from '../target/rule-context';

/** An InferenceService as other objects refer to it. */
export interface IInferenceServiceRef extends IConstruct {
  /** Name of the service. */
  readonly name: string;
}

/** Props of `TrainedModel`. */
export interface TrainedModelProps {
  /**
   * Name of the model, which is part of its address.
   *
   * @default - the construct id
   */
  readonly name?: string;

  /**
   * Namespace of the model: that of its service.
   *
   * @default - the chart's, else the target's
   */
  readonly namespace?: string;

  /** The service that serves the model beside others. Its predictor has no source of its own, and a memory limit. */
  readonly inferenceService: IInferenceServiceRef;

  /** Where the model is: `s3://`, `gs://`, `https://` or `http://`. */
  readonly source: ModelSource;

  /** The format of the model, by its name. */
  readonly framework: ModelFormat;

  /** Memory that the model takes. It can never be changed: make a model of another name instead. */
  readonly memory: Size;
}

/**
 * One of many models in one server. It is loaded and unloaded without a restart, at
 * `/v1/models/<name>:predict` of the service (`/v2/models/<name>/infer` with V2).
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/multi-model-serving
 *
 * @example
 * declare const service: InferenceService;
 * new TrainedModel(chart, 'model-a', {
 *   inferenceService: service,
 *   source: ModelSource.gcs('gs://acme-models/a/v1'),
 *   framework: ModelFormat.SKLEARN,
 *   memory: Size.mebibytes(256),
 * });
 */
export class TrainedModel extends ManifestObject {
  /** Namespace of the model, if it is known. */
  readonly namespace?: string;

  private readonly given: TrainedModelProps;

  constructor(scope: Construct, id: string, props: TrainedModelProps) {
    const target = ServingTarget._ofChild(scope, id);
    const namespace = target._namespaceOf(scope, props.namespace);
    super(scope, id, {
      apiVersion: `serving.kserve.io/${target.release._data.kinds.TrainedModel.version}`,
      kind: 'TrainedModel',
      name: props.name ?? id,
      namespace,
    });
    this.namespace = namespace;
    this.given = props;
    const { inferenceService, source } = props;
    // a model that comes before its service is deleted by the controller
    this.node.addDependency(inferenceService);
    judgeBy(this, () => TRAINED_MODEL_RULES, () => [
      ...problemsAt('source', source._problems),
      ...(source.credentials === undefined ? [] : [violationOf(SERVICE_HAS_CREDENTIALS, 'source.credentials', {
        message: 'have no effect: the server downloads its models with the ServiceAccount of its service',
        fix: `give '${inferenceService.node.path}' a serviceAccount that has them, and leave them out here.`,
      })]),
    ]);
  }

  /** @internal */
  _fields(): Fields {
    const { inferenceService, source, framework, memory } = this.given;
    return {
      spec: {
        inferenceService: caused('inferenceService', inferenceService.name),
        model: {
          storageUri: caused('source', source._storageUri()),
          framework: caused('framework', framework.name),
          memory: caused('memory', memory.asString()),
        },
      },
    };
  }
}
