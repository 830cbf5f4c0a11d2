/** Where models may come from and how credentials reach the storage initializer. */
export interface StorageData {
  /** Starts of a storageUri that the controller accepts without a storage container. */
  readonly prefixes: readonly string[];
  /** Regular expression for Azure blobs, which arrive as https. */
  readonly azureBlobPattern: string;
  /** Prefixes and patterns of the default ClusterStorageContainer. */
  readonly defaultContainer: { readonly prefixes: readonly string[]; readonly patterns: readonly string[] };
  /** Starts of a storageUri that a multi-node predictor may use. */
  readonly multiNodePrefixes: readonly string[];
  /** Starts of a storageUri that a TrainedModel may use. */
  readonly trainedModelPrefixes: readonly string[];
  /** Types of `storage.parameters.type`. */
  readonly specTypes: readonly string[];
  /** Where models are put. */
  readonly mountPath: string;
  /** Kinds of credentials, in the order in which KServe looks for their data keys in a Secret. */
  readonly credentials: readonly CredentialKind[];
  /** Settings of S3, each readable from an annotation, a data key or the ConfigMap, in this order. */
  readonly s3Settings: { readonly [setting: string]: S3Setting };
  /** Model image URIs per pod that are accepted when a component has several. Undefined: not limited. */
  readonly maxOciUris?: number;
}

/** One kind of credentials in a Secret. */
export interface CredentialKind {
  readonly kind: string;
  /** A Secret with one of these data keys is of this kind. */
  readonly anyOf: readonly string[];
  /** Further data keys that are read. */
  readonly keys: readonly string[];
}

/** One setting of S3. */
export interface S3Setting {
  /** Annotation of the Secret, or of the ServiceAccount when it carries an IAM role. */
  readonly annotation: string;
  /** Data key of the Secret, which is also the environment variable. */
  readonly key: string;
  /** Field under `credentials.s3` of the ConfigMap. */
  readonly config: string;
}
