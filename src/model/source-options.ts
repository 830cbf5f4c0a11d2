import { AzureCredentials } from './azure-credentials';
import { ModelCredentials } from './credentials';
import { GcsCredentials } from './gcs-credentials';
import { S3Credentials } from './s3-credentials';
import { HdfsCredentials, HttpsCredentials, HuggingFaceCredentials } from './secret-credentials';

/** Options of `ModelSource.s3`. */
export interface S3SourceOptions {
  /**
   * How the bucket is read.
   *
   * @default - what the service's ServiceAccount has
   */
  readonly credentials?: S3Credentials;
}

/** Options of `ModelSource.gcs`. */
export interface GcsSourceOptions {
  /**
   * How the bucket is read.
   *
   * @default - what the service's ServiceAccount has, else anonymously
   */
  readonly credentials?: GcsCredentials;
}

/** Options of `ModelSource.azureBlob`. */
export interface AzureBlobSourceOptions {
  /**
   * How the container is read.
   *
   * @default - what the service's ServiceAccount has, else anonymously
   */
  readonly credentials?: AzureCredentials;
}

/** Options of `ModelSource.pvc` and `ModelSource.pvcNamed`. */
export interface PvcSourceOptions {
  /**
   * Folder of the model in the volume.
   *
   * @default - the volume's root
   */
  readonly path?: string;
}

/** Options of `ModelSource.https` and `ModelSource.githubRelease`. */
export interface HttpsSourceOptions {
  /**
   * Request headers, such as a token.
   *
   * @default - none
   */
  readonly credentials?: HttpsCredentials;
}

/** What `ModelSource.githubAsset` downloads. */
export interface GithubAssetOptions extends HttpsSourceOptions {
  /** `<owner>/<repository>`. */
  readonly repository: string;
  /** Tag of the release. */
  readonly tag: string;
  /** File name of the asset. */
  readonly asset: string;
}

/** Options of `ModelSource.huggingFace`. */
export interface HuggingFaceSourceOptions {
  /**
   * Commit, tag or branch. Only a commit never changes.
   *
   * @default - the head of the default branch, with a warning
   */
  readonly revision?: string;
  /**
   * Token for gated and private models.
   *
   * @default - what the service's ServiceAccount has, else anonymously
   */
  readonly credentials?: HuggingFaceCredentials;
}

/** Options of `ModelSource.oci`. */
export interface OciSourceOptions {
  /**
   * Whether Kubernetes mounts the image as a volume, instead of a sidecar that holds it open. From KServe 0.20, on
   * clusters with image volumes.
   *
   * @default false
   */
  readonly native?: boolean;
}

/** Options of `ModelSource.hdfs` and `ModelSource.webhdfs`. */
export interface HdfsSourceOptions {
  /**
   * Name node and keys.
   *
   * @default - what the service's ServiceAccount has; there must be some
   */
  readonly credentials?: HdfsCredentials;
}

/** Options of `ModelSource.storageKey` and `ModelSource.storageDefaultKey`. */
export interface StorageKeyOptions {
  /**
   * Path of the model in the bucket or file system.
   *
   * @default - its root
   */
  readonly path?: string;
  /**
   * Overrides of the entry: `type` (`s3`, `hdfs`, `webhdfs`), `bucket` and so on. With `type`, KServe no
   * longer reads the bucket of the entry.
   *
   * @default - the entry as it is
   */
  readonly parameters?: { [name: string]: string };
  /**
   * Path of the model's schema.
   *
   * @default - none
   */
  readonly schemaPath?: string;
}

/** Options of `ModelSource.uri`. */
export interface UriSourceOptions {
  /**
   * How the source is read; must fit the URI.
   *
   * @default - what the service's ServiceAccount has, else anonymously
   */
  readonly credentials?: ModelCredentials;
}
