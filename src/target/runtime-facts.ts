/** A model format that a runtime serves. */
export interface RuntimeFormat {
  /** Name of the format; case counts. */
  readonly name: string;
  /**
   * Version of the format.
   *
   * @default - any version
   */
  readonly version?: string;
  /**
   * Whether KServe may choose the runtime for a service that names none.
   *
   * @default false
   */
  readonly autoSelect?: boolean;
  /**
   * Highest wins among runtimes that serve the format.
   *
   * @default - comes last
   */
  readonly priority?: number;
}

/** What KServe looks at when it chooses a runtime. */
export interface RuntimeFacts {
  /** Name of the ServingRuntime or ClusterServingRuntime. */
  readonly name: string;
  /**
   * Namespace of a ServingRuntime.
   *
   * @default - a ClusterServingRuntime
   */
  readonly namespace?: string;
  /** The formats it serves. */
  readonly formats: RuntimeFormat[];
  /**
   * The protocols it speaks: `v1`, `v2`, `grpc-v1`, `grpc-v2`.
   *
   * @default - any, but KServe then chooses it only for a service that it gives a protocol by itself
   */
  readonly protocolVersions?: string[];
  /**
   * Whether it is switched off.
   *
   * @default false
   */
  readonly disabled?: boolean;
  /**
   * Whether it serves many models in one server.
   *
   * @default false
   */
  readonly multiModel?: boolean;
  /**
   * Whether it has workers for models that span nodes.
   *
   * @default false
   */
  readonly multiNode?: boolean;
}
