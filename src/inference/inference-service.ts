import { ApiObject } from 'cdk8s';
import type { EnvValue } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { caused } from '../core/cause';
import { DerivedNames } from '../core/derived-names';
import { createManifest } from '../core/manifest';
import { KEYS } from '../release/keys';
import { DeploymentMode, ServingTarget } from '../target';
import { IInferenceServiceRef } from '../model';
import { judgeBy } from '../target/rule-context';
import { annotationsOf } from './annotations';
import { Binding } from './binding';
import { BoundComponent, BoundPredictor } from './bound-component';
import { InferenceServiceProps } from './inference-service-props';
import { namesOf } from './names';
import { INFERENCE_SERVICE_RULES } from './rules';

/** An InferenceService, made by this program or by others. */
export interface IInferenceService extends IInferenceServiceRef {
  /** Namespace of the service, if it is known. */
  readonly namespace?: string;
  /** Address outside the cluster, if it is known and there is one. */
  readonly url?: string;
  /** Address inside the cluster. */
  readonly internalUrl: string;
}

/** What is known of an InferenceService that others made. */
export interface InferenceServiceAttributes {
  /** Name of the service. */
  readonly name: string;
  /**
   * Namespace of the service.
   *
   * @default - the chart's, else the target's
   */
  readonly namespace?: string;
  /**
   * Its mode.
   *
   * @default - the target's
   */
  readonly deploymentMode?: DeploymentMode;
  /**
   * Whether it has a transformer, which then takes the requests.
   *
   * @default false
   */
  readonly hasTransformer?: boolean;
}

/**
 * A model served by KServe.
 *
 * The service is named by its construct id: the name is part of its address.
 * What KServe would refuse, ignore or get wrong is an error at synthesis.
 *
 * @see https://kserve.github.io/website/docs/intro
 *
 * @example
 * new InferenceService(chart, 'iris', {
 *   predictor: Predictor.fromModel({
 *     format: ModelFormat.SKLEARN,
 *     source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
 *   }),
 * });
 */
export class InferenceService extends Construct implements IInferenceService {
  /** Refers to a service in the namespace of the scope that others made. */
  static fromInferenceServiceName(scope: Construct, id: string, name: string): IInferenceService {
    return InferenceService.fromInferenceServiceAttributes(scope, id, { name });
  }

  /** Refers to a service that others made, with more that is known of it. */
  static fromInferenceServiceAttributes(scope: Construct, id: string, attributes: InferenceServiceAttributes): IInferenceService {
    return new ImportedInferenceService(scope, id, attributes);
  }

  /** Name of the service. */
  readonly name: string;
  /** Namespace of the service, if it is known. */
  readonly namespace?: string;
  /** How KServe runs the service. */
  readonly deploymentMode: DeploymentMode;
  /** The predictor in this service: its runtime, its account, its address. */
  readonly predictor: BoundPredictor;
  /** The transformer in this service. */
  readonly transformer?: BoundComponent;
  /** The explainer in this service. */
  readonly explainer?: BoundComponent;
  /** Names, hosts and labels of everything that KServe will make for this service. */
  readonly names: DerivedNames;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);

    const target = ServingTarget.of(this);
    this.name = props.name ?? id;
    this.namespace = target._namespaceOf(this, props.namespace);
    this.deploymentMode = props.deploymentMode ?? target.deploymentMode;
    this.names = namesOf(target, {
      name: this.name,
      namespace: this.namespace,
      mode: this.deploymentMode,
      clusterLocal: props.clusterLocal ?? false,
      transformer: props.transformer?._shape.kind === 'container',
      explainer: props.explainer !== undefined,
      workers: props.predictor._shape.kind === 'model' && props.predictor._shape.workers !== undefined,
      autoscalerClasses: autoscalerClassesOf(props, this.deploymentMode),
      tagRouting: props.tagRouting ?? false,
    });

    const binding = new Binding(this, { name: this.name, namespace: this.namespace, mode: this.deploymentMode, names: this.names }, props);
    this.predictor = binding.predictor;
    this.transformer = binding.transformer;
    this.explainer = binding.explainer;

    const object = createManifest(this, {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      name: this.name,
      namespace: this.namespace,
      labels: labelsOf(props, this.deploymentMode),
      annotations: {
        // always explicit: the webhook's rules depend on the annotation, not on the cluster's default
        [KEYS.deploymentMode]: () => caused('deploymentMode', this.deploymentMode),
        ...binding.annotations,
        ...annotationsOf(props),
      },
      fields: { spec: () => binding.render() },
    });
    binding.addObjects();
    judgeBy(this, object, INFERENCE_SERVICE_RULES, () => binding.problems());
  }

  /** Address outside the cluster, if it is known and there is one. */
  get url(): string | undefined {
    return this.names.url;
  }

  /** Address inside the cluster. */
  get internalUrl(): string {
    return this.names.internalUrl;
  }

  /** Host of the predictor inside the cluster, without scheme. */
  get predictorAddress(): string {
    return this.names.predictorAddress;
  }

  /** The address inside the cluster, for a container's environment. */
  endpointEnv(): EnvValue {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only by programs that ask for it
    const { EnvValue: Value } = require('cdk8s-plus-28') as typeof import('cdk8s-plus-28');
    return Value.fromValue(this.internalUrl);
  }

  /** The API object, for what no prop reaches. */
  get apiObject(): ApiObject {
    return ApiObject.of(this);
  }
}

function labelsOf(props: InferenceServiceProps, mode: DeploymentMode): { [key: string]: string } | undefined {
  const visibility = mode === DeploymentMode.KNATIVE ? KEYS.knativeVisibility : KEYS.standardVisibility;
  const labels = { ...props.clusterLocal && { [visibility]: 'cluster-local' }, ...props.labels };
  return Object.keys(labels).length > 0 ? labels : undefined;
}

/** The autoscaler of each component that chooses one. */
function autoscalerClassesOf({ predictor, transformer, explainer }: InferenceServiceProps, mode: DeploymentMode): { [component: string]: string } {
  const scalings = {
    predictor: predictor._shape.props.scaling,
    transformer: transformer?._shape.kind === 'container' ? transformer._shape.props.scaling : undefined,
    explainer: explainer?._shape.props.scaling,
  };
  return Object.fromEntries(Object.entries(scalings).flatMap(([component, scaling]) => {
    const autoscalerClass = scaling?._autoscalerClass(mode);
    return autoscalerClass === undefined ? [] : [[component, autoscalerClass]];
  }));
}

class ImportedInferenceService extends Construct implements IInferenceService {
  readonly name: string;
  readonly namespace?: string;
  private readonly names: DerivedNames;

  constructor(scope: Construct, id: string, attributes: InferenceServiceAttributes) {
    super(scope, id);
    const target = ServingTarget.of(this);
    this.name = attributes.name;
    this.namespace = target._namespaceOf(this, attributes.namespace);
    this.names = namesOf(target, {
      name: this.name,
      namespace: this.namespace,
      mode: attributes.deploymentMode ?? target.deploymentMode,
      clusterLocal: false,
      transformer: attributes.hasTransformer ?? false,
      explainer: false,
      workers: false,
    });
  }

  get url(): string | undefined {
    return this.names.url;
  }

  get internalUrl(): string {
    return this.names.internalUrl;
  }
}
