import type { EnvValue } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { STORAGE_CONTAINER_RULES } from './storage-container-rules';
import { caused } from '../core/cause';
import { renderContainer } from '../core/container';
import { defined, Fields } from '../core/fields';
import type { Container } from '../core/generated/pod-spec';
import { ManifestObject } from '../core/manifest';
import type { Resources } from '../core/resources';
import { ServingTarget } from '../target';
import { judgeBy } from '../target/rule-context';

/** What a ClusterStorageContainer does for KServe. */
export enum StorageWorkload {
  /** Downloads the model when a pod starts. */
  INIT_CONTAINER = 'initContainer',
  /** Downloads a local model to the disk of a node. */
  LOCAL_MODEL_DOWNLOAD_JOB = 'localModelDownloadJob',
}

/** Props of `ClusterStorageContainer`. */
export interface ClusterStorageContainerProps {
  /**
   * Name of the object. `default` replaces the one that KServe installs.
   *
   * @default - the construct id
   */
  readonly name?: string;

  /**
   * Starts of the URIs that it takes, such as `registry://`.
   *
   * @default - none
   */
  readonly prefixes?: string[];

  /**
   * Regular expressions (RE2) that are found in the URIs that it takes.
   *
   * @default - none
   */
  readonly regexes?: string[];

  /**
   * Image of the downloader. It is called with pairs of arguments, a URI and the folder to put the files into.
   *
   * @default - KServe's storage initializer
   */
  readonly image?: string;

  /**
   * Environment variables by name, such as `GIT_USERNAME` and `GIT_PASSWORD` for private git repositories. A Secret
   * that they name must be in each namespace that serves models.
   *
   * @default - none
   */
  readonly env?: { [name: string]: EnvValue };

  /**
   * CPU, memory and disk space of the download.
   *
   * @default - what KServe's ConfigMap says
   */
  readonly resources?: Resources;

  /**
   * Any other field of the container in the manifest's spelling.
   *
   * @default - none
   */
  readonly override?: Container;

  /**
   * File patterns such as `*.safetensors`; only matching files are downloaded. KServe's storage initializer does this
   * from KServe 0.17.
   *
   * @default - all files
   */
  readonly allowPatterns?: string[];

  /**
   * File patterns such as `*.bin`; matching files are left out. KServe's storage initializer does this from KServe 0.17.
   *
   * @default - no file is left out
   */
  readonly ignorePatterns?: string[];

  /**
   * What it is used for.
   *
   * @default StorageWorkload.INIT_CONTAINER
   */
  readonly workloadType?: StorageWorkload;

  /**
   * Whether the image takes several pairs of arguments, for services with several sources.
   *
   * @default false
   */
  readonly supportsMultiModelDownload?: boolean;

  /**
   * Whether KServe leaves it alone.
   *
   * @default false
   */
  readonly disabled?: boolean;
}

/**
 * How models behind certain URIs are downloaded, in the whole cluster: another
 * image, variables, or limits for KServe's storage initializer.
 *
 * It is named by its construct id.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/storage-containers
 *
 * @example
 * new ClusterStorageContainer(chart, 'model-registry', {
 *   prefixes: ['model-registry://'],
 *   image: 'ghcr.io/acme/model-registry-initializer:1.4.0',
 * });
 */
export class ClusterStorageContainer extends ManifestObject {
  private readonly given: ClusterStorageContainerProps;

  constructor(scope: Construct, id: string, props: ClusterStorageContainerProps) {
    const { version } = ServingTarget._ofChild(scope, id).release._data.kinds.ClusterStorageContainer;
    super(scope, id, { apiVersion: `serving.kserve.io/${version}`, kind: 'ClusterStorageContainer', name: props.name ?? id, clusterScoped: true });
    this.given = props;
    judgeBy(this, () => STORAGE_CONTAINER_RULES);
  }

  /** @internal */
  _fields(): Fields {
    return { spec: renderSpec(this.given), disabled: caused('disabled', this.given.disabled) };
  }
}

function renderSpec(props: ClusterStorageContainerProps): { [field: string]: unknown } {
  const { env, resources, override } = props;
  const container = renderContainer({ env, resources, override });
  const filters = [
    ...filter('allowPatterns', 'STORAGE_ALLOW_PATTERNS', props.allowPatterns),
    ...filter('ignorePatterns', 'STORAGE_IGNORE_PATTERNS', props.ignorePatterns),
  ];
  const formats = [
    ...(props.prefixes ?? []).map((prefix, i) => ({ prefix: caused(`prefixes[${i}]`, prefix) })),
    ...(props.regexes ?? []).map((regex, i) => ({ regex: caused(`regexes[${i}]`, regex) })),
  ];
  return {
    supportedUriFormats: formats.length === 0 ? caused('prefixes', formats) : formats,
    container: {
      name: 'storage-initializer', // by this name KServe finds its init container again
      ...container,
      ...defined({
        image: caused('image', props.image),
        env: filters.length === 0 ? undefined : [...container.env as unknown[] ?? [], ...filters],
      }),
    },
    ...defined({
      workloadType: caused('workloadType', props.workloadType),
      supportsMultiModelDownload: caused('supportsMultiModelDownload', props.supportsMultiModelDownload),
    }),
  };
}

function filter(prop: string, name: string, patterns: string[] | undefined): object[] {
  return patterns === undefined ? [] : [caused(prop, { name, value: JSON.stringify(patterns) })];
}
