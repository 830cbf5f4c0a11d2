import { ContainerOptions } from '../core/container-options';
import type { PodSpecOverride } from '../core/generated/pod-spec';
import { ModelFormat, ModelMount, ModelSource } from '../model';
import { IServingRuntime } from '../runtime';
import { InferenceProtocol } from '../target/inference-protocol';
import { ComponentOptions } from './component-options';

/** How clients and transformers talk to a server. */
export enum Transport {
  /** HTTP/1.1 with JSON or binary tensors. */
  HTTP = 'http',
  /** gRPC over plain HTTP/2. A service has one port, so it then speaks gRPC only. */
  GRPC = 'grpc',
}

/** Confidential model, decrypted inside a trusted execution environment. From KServe 0.20. */
export interface ConfidentialModel {
  /**
   * Whether the model is encrypted.
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Where the key is: `kbs:///<repository>/<type>/<tag>`.
   *
   * @default - the key broker's default
   */
  readonly resourceId?: string;
}

/** Where a component's files come from. */
export interface ArtifactOptions {
  /**
   * The model, downloaded or mounted to `/mnt/models`.
   *
   * @default - none
   */
  readonly source?: ModelSource;

  /**
   * Several models or artifacts, each at a path of its own. Not together with `source`.
   *
   * @default - none
   */
  readonly sources?: ModelMount[];
}

/** Props of `Predictor.fromModel`. */
export interface ModelPredictorOptions extends ComponentOptions, ContainerOptions, ArtifactOptions {
  /** The format of the model, which decides what runtimes can serve it. */
  readonly format: ModelFormat;

  /**
   * The runtime that serves the model.
   *
   * @default - KServe chooses; `service.predictor.runtime` says which
   */
  readonly runtime?: IServingRuntime;

  /**
   * Version of the runtime, put in place of its image's tag.
   *
   * @default - the runtime's own
   */
  readonly runtimeVersion?: string;

  /**
   * The inference protocol.
   *
   * @default - V1, or V2 for formats that no runtime of the release serves by V1
   */
  readonly protocol?: InferenceProtocol;

  /**
   * Whether the service speaks HTTP or gRPC.
   *
   * @default - gRPC for the gRPC protocols, else HTTP
   */
  readonly transport?: Transport;

  /**
   * Image of the server instead of the runtime's.
   *
   * @default - the runtime's image
   */
  readonly image?: string;

  /**
   * Name of the ClusterStorageContainer that downloads the model. From KServe 0.20.
   *
   * @default - the first that supports the source
   */
  readonly storageContainerName?: string;

  /**
   * The model is encrypted. From KServe 0.20.
   *
   * @default - it is not
   */
  readonly confidential?: ConfidentialModel;
}

/** Props of `Predictor.fromContainer`. */
export interface ContainerPredictorOptions extends ComponentOptions, ContainerOptions, ArtifactOptions {
  /** Image of the server. */
  readonly image: string;

  /**
   * The inference protocol that the server speaks.
   *
   * @default InferenceProtocol.V1
   */
  readonly protocol?: InferenceProtocol;

  /**
   * The port the server listens on.
   *
   * @default - 8081 for the gRPC protocols, else 8080
   */
  readonly port?: number;

  /**
   * Name of the ClusterStorageContainer that downloads the model. From KServe 0.20.
   *
   * @default - the first that supports the source
   */
  readonly storageContainerName?: string;
}

/** The worker pods of a model that spans several nodes. */
export interface WorkerOptions extends ContainerOptions {
  /**
   * Image of the workers.
   *
   * @default - the runtime's
   */
  readonly image?: string;

  /**
   * Number of nodes that the model's layers are spread over.
   *
   * @default - the runtime's
   */
  readonly pipelineParallelSize?: number;

  /**
   * Number of GPUs that each layer is spread over.
   *
   * @default - the runtime's
   */
  readonly tensorParallelSize?: number;

  /**
   * Any other field of the worker pods, in the manifest's spelling.
   *
   * @default - what the runtime says
   */
  readonly podSpec?: PodSpecOverride;
}

/** Props of `Predictor.fromWorkers`. */
export interface MultiNodePredictorOptions extends ModelPredictorOptions {
  /** The workers beside the head pod. */
  readonly workers: WorkerOptions;
}

/** How the parts of a predictor are told apart. */
export type PredictorShape =
  | { readonly kind: 'model'; readonly props: ModelPredictorOptions; readonly workers?: WorkerOptions }
  | { readonly kind: 'container'; readonly props: ContainerPredictorOptions };

/**
 * What answers prediction requests: a model in a runtime, a container of your
 * own, or a model that spans several nodes. A predictor is an immutable value
 * and may be used in many services.
 *
 * @example
 * const predictor = Predictor.fromModel({
 *   format: ModelFormat.SKLEARN,
 *   source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
 * });
 */
export class Predictor {
  /** A model that one of the cluster's runtimes serves. Use this for all formats that KServe knows. */
  static fromModel(options: ModelPredictorOptions): Predictor {
    return new Predictor({ kind: 'model', props: { ...options } });
  }

  /** A server of your own. KServe passes it no arguments; the model, if any, is at `/mnt/models`. */
  static fromContainer(options: ContainerPredictorOptions): Predictor {
    return new Predictor({ kind: 'container', props: { ...options } });
  }

  /**
   * A model that is too large for one node: a head pod and workers, in Standard mode,
   * with a fixed number of pods. The runtime must support it.
   */
  static fromWorkers(options: MultiNodePredictorOptions): Predictor {
    const { workers, ...rest } = options;
    return new Predictor({ kind: 'model', props: rest, workers });
  }

  private constructor(
    /** @internal */
    readonly _shape: PredictorShape,
  ) {}
}
