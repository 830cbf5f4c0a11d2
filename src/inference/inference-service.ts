import type { EnvValue } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { caused } from '../core/cause';
import { DerivedNames } from '../core/derived-names';
import { Fields } from '../core/fields';
import { ManifestObject } from '../core/manifest';
import { KEY_VALUES, KEYS } from '../release/keys';
import { DeploymentMode, ServingTarget } from '../target';
import { IInferenceServiceRef } from '../model';
import { ClusterRule, judgeBy } from '../target/rule-context';
import { annotationsOf } from './annotations';
import { Binding } from './binding';
import { BoundComponent, BoundPredictor } from './bound-component';
import { InferenceServiceProps } from './inference-service-props';
import { namesOf } from './names';

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
export class InferenceService extends ManifestObject implements IInferenceService {
  /** Refers to a service in the namespace of the scope that others made. */
  static fromInferenceServiceName(scope: Construct, id: string, name: string): IInferenceService {
    return InferenceService.fromInferenceServiceAttributes(scope, id, { name });
  }

  /** Refers to a service that others made, with more that is known of it. */
  static fromInferenceServiceAttributes(scope: Construct, id: string, attributes: InferenceServiceAttributes): IInferenceService {
    return new ImportedInferenceService(scope, id, attributes);
  }

  /** Namespace of the service, if it is known. */
  readonly namespace?: string;
  /** How KServe runs the service. */
  readonly deploymentMode: DeploymentMode;

  private readonly binding: Binding;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    const target = ServingTarget._ofChild(scope, id);
    const name = props.name ?? id;
    const namespace = target._namespaceOf(scope, props.namespace);
    const mode = props.deploymentMode ?? target.deploymentMode;
    const binding = new Binding(scope, id, { name, namespace, mode, target }, props);
    super(scope, id, {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      name,
      namespace,
      labels: labelsOf(props, mode),
      annotations: () => Object.assign(
        // always explicit: the webhook's rules depend on the annotation, not on the cluster's default
        { [KEYS.deploymentMode]: caused('deploymentMode', mode) },
        binding.annotations(),
        annotationsOf(props),
      ),
    });
    this.namespace = namespace;
    this.deploymentMode = mode;
    this.binding = binding;
    binding.addObjects(this);
    judgeBy(this, rules, () => binding.problems());
  }

  /** The predictor in this service: its runtime, its account, its address. */
  get predictor(): BoundPredictor {
    return this.binding.predictor;
  }

  /** The transformer in this service. */
  get transformer(): BoundComponent | undefined {
    return this.binding.transformer;
  }

  /** The explainer in this service. */
  get explainer(): BoundComponent | undefined {
    return this.binding.explainer;
  }

  /** Names, hosts and labels of everything that KServe will make for this service. */
  get names(): DerivedNames {
    return this.binding.names;
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

  /** @internal */
  _fields(): Fields {
    return { spec: this.binding.render() };
  }
}

function labelsOf(props: InferenceServiceProps, mode: DeploymentMode): { [key: string]: string } | undefined {
  const visibility = mode === DeploymentMode.KNATIVE ? KEYS.knativeVisibility : KEYS.standardVisibility;
  return props.clusterLocal ? { [visibility]: KEY_VALUES.clusterLocal, ...props.labels } : props.labels;
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

/** Loaded when the first object is judged, not with the library. */
function rules(): ClusterRule[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be there at start
  return (require('./rules') as typeof import('./rules')).INFERENCE_SERVICE_RULES;
}
