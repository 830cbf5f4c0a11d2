import type { Duration } from 'cdk8s';
import { DeploymentMode } from '../target';
import { Explainer } from './explainer';
import { Predictor } from './predictor';
import { Transformer } from './transformer';

/** Props of an InferenceService. */
export interface InferenceServiceProps {
  /** What answers prediction requests. */
  readonly predictor: Predictor;

  /**
   * What changes requests before and answers after the predictor.
   *
   * @default - none
   */
  readonly transformer?: Transformer;

  /**
   * What answers explanation requests.
   *
   * @default - none
   */
  readonly explainer?: Explainer;

  /**
   * How KServe runs the service. It can never change while the service lives.
   *
   * @default - the target's mode
   */
  readonly deploymentMode?: DeploymentMode;

  /**
   * Name of the service, which is part of its address and of its model's path.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Namespace of the service.
   *
   * @default - the chart's, else the target's
   */
  readonly namespace?: string;

  /**
   * Labels of the service. KServe copies them to the pods, so a change restarts them.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the service. KServe copies them to the pods, so a change restarts them.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Whether the service is reachable inside the cluster only.
   *
   * @default false
   */
  readonly clusterLocal?: boolean;

  /**
   * Whether the service's pods and routes are taken away while the object stays.
   *
   * @default false
   */
  readonly stopped?: boolean;

  /**
   * Whether the newest revision has an address of its own (`latest-…`). Knative mode only.
   *
   * @default false
   */
  readonly tagRouting?: boolean;

  /**
   * How long traffic takes to move to a new revision. Knative mode only.
   *
   * @default - at once
   */
  readonly rolloutDuration?: Duration;

  /**
   * Whether the pods carry the annotations that make Prometheus scrape them.
   *
   * @default - what KServe's ConfigMap says
   */
  readonly prometheusScraping?: boolean;

  /**
   * Whether Knative's proxy gives out the model server's metrics beside its own. Knative mode only.
   *
   * @default - what KServe's ConfigMap says
   */
  readonly metricAggregation?: boolean;

  /**
   * Whether the controller leaves the service alone once it is ready.
   *
   * @default false
   */
  readonly disableAutoUpdate?: boolean;

  /**
   * Whether a model that is cached on nodes is not used.
   *
   * @default false
   */
  readonly disableLocalModel?: boolean;

  /**
   * The node group whose cached model is used.
   *
   * @default - the cache's first
   */
  readonly nodeGroup?: string;

  /**
   * Whether the server may write to `/mnt/models`.
   *
   * @default false
   */
  readonly writableModel?: boolean;

  /**
   * User id of the container that downloads the model; Istio CNI needs 1337.
   *
   * @default - the image's
   */
  readonly storageInitializerUid?: number;

  /**
   * GPU resource names that KServe does not know, for models that span nodes.
   *
   * @default - none
   */
  readonly gpuResourceTypes?: string[];

  /**
   * GKE's name of the accelerator on which pods with NVIDIA GPUs run.
   *
   * @default - any
   */
  readonly gkeAccelerator?: string;
}
