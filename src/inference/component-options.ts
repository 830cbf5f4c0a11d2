import type { Duration } from 'cdk8s';
import type { IServiceAccount } from 'cdk8s-plus-28';
import type { PodSpecOverride } from '../core/generated/pod-spec';
import type { Batcher } from './batcher';
import type { DeploymentStrategy } from './deployment-strategy';
import type { InferenceLogger } from './inference-logger';
import type { IPlacement } from './placement';
import type { PodDisruptionBudgetOptions } from './pod-disruption-budget';
import type { PodSecurity } from './pod-security';
import type { Scaling } from './scaling/scaling';

/**
 * What predictors, transformers and explainers have in common.
 *
 * @see https://kserve.github.io/website/docs/reference/crd-api
 */
export interface ComponentOptions {
  /**
   * How many pods run, and what makes them more or fewer.
   *
   * @default - one pod at least; Knative then adds pods without limit, Standard mode runs one
   */
  readonly scaling?: Scaling;

  /**
   * How long a request may take.
   *
   * @default - Knative's default (5 minutes); 60 seconds in Standard mode behind the Gateway API
   */
  readonly timeout?: Duration;

  /**
   * How many requests one pod takes at a time; more wait. Knative mode only.
   *
   * @default - no limit
   */
  readonly containerConcurrency?: number;

  /**
   * Sends requests and responses to a sink.
   *
   * @default - nothing is logged
   */
  readonly logger?: InferenceLogger;

  /**
   * Joins single requests to batches (V1 protocol only).
   *
   * @default - no batching
   */
  readonly batcher?: Batcher;

  /**
   * Labels of the component's workload and pods.
   *
   * @default - those of the service
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the component's workload and pods.
   *
   * @default - those of the service
   */
  readonly annotations?: { [key: string]: string };

  /**
   * How old pods are replaced by new ones. Standard mode only.
   *
   * @default - rolling update, 25 % at a time
   */
  readonly deploymentStrategy?: DeploymentStrategy;

  /**
   * On which nodes the pods run.
   *
   * @default - any node
   */
  readonly placement?: IPlacement;

  /**
   * The account the pods run as.
   *
   * @default - one is made when a model source needs credentials, else the namespace's default account
   */
  readonly serviceAccount?: IServiceAccount;

  /**
   * How many pods may be down at a time when nodes are drained; makes a PodDisruptionBudget.
   *
   * @default - no PodDisruptionBudget
   */
  readonly podDisruptionBudget?: PodDisruptionBudgetOptions;

  /**
   * The Pod Security level whose fields are written into the pods.
   *
   * @default - what the runtime says
   */
  readonly podSecurity?: PodSecurity;

  /**
   * Any other field of the pods, in the manifest's spelling. `containers` are
   * further containers beside the component's own. Where it and a typed prop
   * write the same field, the typed prop wins; lists of tolerations are joined.
   *
   * @default - none
   */
  readonly podSpec?: PodSpecOverride;
}
