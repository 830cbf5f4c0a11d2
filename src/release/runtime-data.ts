/** A model format that a runtime serves. */
export interface RuntimeFormat {
  /** Case counts. */
  readonly name: string;
  readonly version?: string;
  readonly autoSelect?: boolean;
  readonly priority?: number;
}

/** The image of a runtime. */
export interface RuntimeImage {
  readonly repository: string;
  /** Tag that the Helm chart installs. */
  readonly tag: string;
  /** Tag in the raw manifests of the release. */
  readonly manifestTag: string;
  /** What the controller appends to the tag when the model asks for an NVIDIA GPU and sets no runtimeVersion. */
  readonly gpuTagSuffix?: string;
  /** What the controller appends to the repository when the model asks for no GPU. */
  readonly cpuRepositorySuffix?: string;
}

/** Plain JSON in the spelling of the Kubernetes API. */
export type Wire = string | number | boolean | readonly Wire[] | { readonly [key: string]: Wire };
export type WireObject = { readonly [key: string]: Wire };

/** A container in the spelling of the Kubernetes API, without name and image. */
export interface RuntimeContainer {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly WireObject[];
  readonly resources: WireObject;
  readonly securityContext?: WireObject;
  readonly volumeMounts?: readonly WireObject[];
  readonly livenessProbe?: WireObject;
  readonly readinessProbe?: WireObject;
  readonly startupProbe?: WireObject;
}

/** The second half of a multi-node runtime. */
export interface RuntimeWorker {
  readonly containerName: string;
  readonly container: RuntimeContainer;
  readonly volumes?: readonly WireObject[];
  /** By Helm chart and by raw manifests. */
  readonly pipelineParallelSize: { readonly helm: number; readonly manifests: number };
  readonly tensorParallelSize: number;
}

/** What a server expects to find below /mnt/models. */
export interface ModelLayout {
  /** Extensions of the model file; exactly one such file may lie at the top. Empty: a layout of folders. */
  readonly extensions: readonly string[];
  /** What else must be there, in words. */
  readonly layout?: string;
}

/** A ClusterServingRuntime of the release. */
export interface RuntimeData {
  readonly name: string;
  /** Value of annotation `serving.kserve.io/server-type`, in releases that have it. */
  readonly serverType: string;
  readonly formats: readonly RuntimeFormat[];
  /** In the order of the manifest. Empty: any protocol. */
  readonly protocols: readonly string[];
  readonly image: RuntimeImage;
  /** Whether a Helm or manifest installation contains it. False: the file exists upstream but nothing installs it. */
  readonly installed: boolean;
  /** Port with Prometheus metrics at /metrics. */
  readonly metricsPort: number;
  /** Port of REST. */
  readonly httpPort: number;
  /** Port of gRPC. Absent: the server has none, or the model's own configuration sets it. */
  readonly grpcPort?: number;
  readonly container: RuntimeContainer;
  readonly volumes?: readonly WireObject[];
  readonly worker?: RuntimeWorker;
  readonly model?: ModelLayout;
}
