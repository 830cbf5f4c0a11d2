import type { Duration, Size } from 'cdk8s';
import type { EnvValue, ISecret } from 'cdk8s-plus-28';
import type { ContainerOptions } from '../core/container-options';
import type { Affinity, Toleration, Volume } from '../core/generated/pod-spec';
import type { RuntimeFormat } from '../target';
import type { ServerType } from './server-type';
import type { InferenceProtocol } from '../target/inference-protocol';

/**
 * A container of a runtime. Go templates with the service's metadata may stand in all
 * strings of the serving container: `{{.Name}}`, `{{.Namespace}}`, `{{.Labels.x}}` and
 * `{{.Annotations.x}}`.
 */
export interface RuntimeContainerOptions extends ContainerOptions {
  /** Image of the container. */
  readonly image: string;
}

/** What runtimes and their workers say about pods. Fields of the service's own pods go over them. */
export interface RuntimePodOptions {
  /**
   * Labels of the pods.
   *
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of the pods.
   *
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * Labels that the nodes must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Nodes and neighbours that the pods need, prefer or avoid.
   *
   * @default - any node
   */
  readonly affinity?: Affinity;

  /**
   * Taints of nodes that do not keep the pods away.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];

  /**
   * Volumes that containers of the runtime mount.
   *
   * @default - none
   */
  readonly volumes?: Volume[];

  /**
   * Credentials for private registries, which each namespace with a service must have.
   *
   * @default - those of the service account
   */
  readonly imagePullSecrets?: ISecret[];

  /**
   * Whether the pods share the IPC namespace of their node. KServe does not pass it on to
   * pods: use `podSpec.hostIPC` of the service's predictor.
   *
   * @default false
   */
  readonly hostIpc?: boolean;

  /**
   * The scheduler of the pods. From KServe 0.17.
   *
   * @default - the cluster's default scheduler
   */
  readonly schedulerName?: string;
}

/** How the processes of a model that spans nodes find and start each other. */
export enum ExecutorBackend {
  /** Ray. */
  RAY = 'ray',
  /** vLLM's own multiprocessing: one node for each pipeline stage. From KServe 0.18. */
  MP = 'mp',
}

/** The worker pods of a runtime for models that span nodes. */
export interface RuntimeWorkers extends RuntimePodOptions {
  /** The container of a worker. */
  readonly container: RuntimeContainerOptions;

  /**
   * Number of nodes that the layers of a model are spread over, unless the service says otherwise.
   *
   * @default 1
   */
  readonly pipelineParallelSize?: number;

  /**
   * Number of GPUs that each layer is spread over, unless the service says otherwise.
   *
   * @default 1
   */
  readonly tensorParallelSize?: number;

  /**
   * How the workers are started, which decides how KServe counts nodes and GPUs.
   *
   * @default ExecutorBackend.RAY
   */
  readonly executorBackend?: ExecutorBackend;
}

/** ModelMesh's adapter for a server that does not speak its management protocol. */
export interface BuiltInAdapter {
  /** `triton`, `mlserver` or `ovms`. The serving container must have the same name. */
  readonly serverType: string;

  /**
   * Port on which the server takes management requests.
   *
   * @default - the adapter's own
   */
  readonly runtimeManagementPort?: number;

  /**
   * Memory of the container that models cannot use.
   *
   * @default - none
   */
  readonly memBuffer?: Size;

  /**
   * How long a model may take to load.
   *
   * @default - the adapter's own
   */
  readonly modelLoadingTimeout?: Duration;

  /**
   * Environment variables of the adapter, by name.
   *
   * @default - none
   */
  readonly env?: { [name: string]: EnvValue };
}

/**
 * Props of `ClusterServingRuntime`.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 */
export interface ClusterServingRuntimeProps extends RuntimePodOptions {
  /**
   * Name of the runtime, by which services refer to it.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Labels of the runtime itself.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the runtime itself.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /** The model formats that the runtime serves. Without `autoSelect` only services that name the runtime get it. */
  readonly formats: RuntimeFormat[];

  /**
   * The protocols that the server speaks.
   *
   * @default - any; KServe then prefers runtimes that say what they speak
   */
  readonly protocolVersions?: InferenceProtocol[];

  /** The container that serves the model, found at `/mnt/models`. */
  readonly container: RuntimeContainerOptions;

  /**
   * Name of the serving container. KServe serves from no other than the default; ModelMesh does.
   *
   * @default 'kserve-container', or the server type of `builtInAdapter`
   */
  readonly containerName?: string;

  /**
   * Containers beside the serving one, by name. One called `transformer-container` is a collocated transformer.
   *
   * @default - none
   */
  readonly extraContainers?: { [name: string]: RuntimeContainerOptions };

  /**
   * Worker pods, which make this a runtime for services that span nodes, and for no others.
   *
   * @default - one pod serves a model
   */
  readonly workers?: RuntimeWorkers;

  /**
   * The server that the runtime holds.
   *
   * @default - nothing special is known about it
   */
  readonly serverType?: ServerType;

  /**
   * Port with Prometheus metrics.
   *
   * @default - not said
   */
  readonly prometheusPort?: number;

  /**
   * Path with Prometheus metrics.
   *
   * @default '/metrics' if `prometheusPort` is given
   */
  readonly prometheusPath?: string;

  /**
   * Whether KServe leaves the runtime out of account. Services that name it fail.
   *
   * @default false
   */
  readonly disabled?: boolean;

  /**
   * Whether one server holds many models. Only services that name the runtime get it.
   *
   * @default false
   */
  readonly multiModel?: boolean;

  /**
   * Where ModelMesh manages models over gRPC: `port:<number>` or `unix:<path>`.
   *
   * @default - not for ModelMesh
   */
  readonly grpcEndpoint?: string;

  /**
   * Where ModelMesh sends gRPC inference requests: `port:<number>` or `unix:<path>`.
   *
   * @default - none
   */
  readonly grpcDataEndpoint?: string;

  /**
   * Where ModelMesh sends HTTP inference requests: `port:<number>` or `unix:<path>`.
   *
   * @default - none
   */
  readonly httpDataEndpoint?: string;

  /**
   * Number of pods that ModelMesh runs.
   *
   * @default - ModelMesh's `podsPerRuntime`
   */
  readonly replicas?: number;

  /**
   * Whether ModelMesh leaves the download of models to the server.
   *
   * @default false
   */
  readonly storageHelperDisabled?: boolean;

  /**
   * ModelMesh's adapter for the server.
   *
   * @default - none
   */
  readonly builtInAdapter?: BuiltInAdapter;
}

/**
 * Props of `ServingRuntime`.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 */
export interface ServingRuntimeProps extends ClusterServingRuntimeProps {
  /**
   * Namespace of the runtime. Only services of the same namespace can use it.
   *
   * @default - the chart's, else the target's
   */
  readonly namespace?: string;
}
