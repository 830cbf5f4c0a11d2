import type { IPersistentVolumeClaim } from 'cdk8s-plus-28';
import { CREDENTIAL_MISFIT } from './credential-rules';
import { ModelCredentials } from './credentials';
import { ValueProblem } from './problem';
import { kindOf, schemeOf, SourceKind } from './source-kind';
import {
  AzureBlobSourceOptions, GcsSourceOptions, GithubAssetOptions, HdfsSourceOptions, HttpsSourceOptions, HuggingFaceSourceOptions, OciSourceOptions,
  PvcSourceOptions, S3SourceOptions, StorageKeyOptions, UriSourceOptions,
} from './source-options';
import { OTHER_SOURCE } from './source-rules';
import { caused } from '../core/cause';
import { Deferred } from '../core/deferred';

/** What a source renders. */
interface SourceContent {
  readonly storageUri?: string;
  readonly storage?: StorageKeyOptions & { readonly key?: string };
  readonly credentials?: ModelCredentials;
  readonly problems: readonly ValueProblem[];
}

/** What a factory is for. */
interface Factory {
  readonly name: string;
  readonly kinds: readonly SourceKind[];
  readonly form: string;
}

/**
 * Where a model is. KServe downloads it to `/mnt/models` before the server
 * starts, or mounts it there.
 *
 * A source is a value and may be used in many services. What is wrong with it
 * is reported by the construct that uses it.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/overview
 *
 * @example
 * const source = ModelSource.s3('s3://models/fraud/v3/');
 */
export class ModelSource {
  /**
   * A folder, file or archive in S3 or a store that speaks its protocol.
   *
   * @param uri `s3://<bucket>/<path>`. End a folder with `/`: S3 knows prefixes only, so `fraud/v1` means `fraud/v10` too.
   */
  static s3(uri: string, options: S3SourceOptions = {}): ModelSource {
    return ModelSource.made({ name: 's3', kinds: ['s3'], form: 's3://<bucket>/<path>' }, uri, options.credentials);
  }

  /**
   * A folder, file or archive in Google Cloud Storage.
   *
   * @param uri `gs://<bucket>/<path>`
   */
  static gcs(uri: string, options: GcsSourceOptions = {}): ModelSource {
    return ModelSource.made({ name: 'gcs', kinds: ['gcs'], form: 'gs://<bucket>/<path>' }, uri, options.credentials);
  }

  /**
   * A folder, file or archive in Azure Blob Storage.
   *
   * @param uri `https://<account>.blob.core.windows.net/<container>/<path>`
   */
  static azureBlob(uri: string, options: AzureBlobSourceOptions = {}): ModelSource {
    return ModelSource.made(
      { name: 'azureBlob', kinds: ['azureBlob'], form: 'https://<account>.blob.core.windows.net/<container>/<path>' },
      uri, options.credentials,
    );
  }

  /**
   * A folder of a PersistentVolumeClaim in the service's namespace. It is mounted, not copied.
   *
   * @param claim the claim; its volume must allow as many nodes as the service has pods on
   */
  static pvc(claim: IPersistentVolumeClaim, options: PvcSourceOptions = {}): ModelSource {
    return ModelSource.pvcNamed(claim.name, options);
  }

  /**
   * A folder of a PersistentVolumeClaim that is not part of the program.
   *
   * @param claimName name of the claim in the service's namespace
   */
  static pvcNamed(claimName: string, options: PvcSourceOptions = {}): ModelSource {
    const { path } = options;
    return new ModelSource({ storageUri: `pvc://${claimName}${path === undefined ? '' : `/${path}`}`, problems: [] });
  }

  /**
   * One file or archive behind a URL. `.zip`, `.tar`, `.tgz` and `.tar.gz` are unpacked and must be
   * served with an archive's content type, any other file as `application/octet-stream`.
   *
   * @param url of the file; its path must end in the file's name
   */
  static https(url: string, options: HttpsSourceOptions = {}): ModelSource {
    return ModelSource.made({ name: 'https', kinds: ['https'], form: 'https://<host>/<path>/<file>' }, url, options.credentials);
  }

  /**
   * A file attached to a GitHub release. Archives are not possible: GitHub does not serve them as such.
   *
   * @param assetUrl `https://github.com/<owner>/<repository>/releases/download/<tag>/<asset>`, as copied from the release's page
   */
  static githubRelease(assetUrl: string, options: HttpsSourceOptions = {}): ModelSource {
    return ModelSource.made(
      { name: 'githubRelease', kinds: ['https'], form: 'https://github.com/<owner>/<repository>/releases/download/<tag>/<asset>' },
      assetUrl, options.credentials,
    );
  }

  /** A file attached to a GitHub release, by its parts. */
  static githubAsset(asset: GithubAssetOptions): ModelSource {
    return ModelSource.githubRelease(
      `https://github.com/${asset.repository}/releases/download/${asset.tag}/${asset.asset}`,
      { credentials: asset.credentials },
    );
  }

  /**
   * A model of the Hugging Face hub.
   *
   * @param model `<owner>/<model>`, as its page shows; `hf://` may stand before it
   */
  static huggingFace(model: string, options: HuggingFaceSourceOptions = {}): ModelSource {
    const { revision, credentials } = options;
    const uri = withScheme('hf://', model);
    return ModelSource.made(
      { name: 'huggingFace', kinds: ['huggingFace'], form: '<owner>/<model>' },
      revision === undefined ? uri : `${uri}:${revision}`, credentials,
    );
  }

  /**
   * An OCI image that has the model in its folder `/models`. Its registry is opened by the pod's image pull secrets.
   *
   * @param image `<registry>/<repository>:<tag>` or `…@sha256:<digest>`; `oci://` may stand before it
   */
  static oci(image: string, options: OciSourceOptions = {}): ModelSource {
    return ModelSource.made(
      { name: 'oci', kinds: ['oci'], form: '<registry>/<repository>@sha256:<digest>' },
      withScheme(options.native ? 'oci+native://' : 'oci://', image),
    );
  }

  /**
   * A folder or file in HDFS.
   *
   * @param uri `hdfs://<path>`, without a host: the name node is in the credentials
   */
  static hdfs(uri: string, options: HdfsSourceOptions = {}): ModelSource {
    return ModelSource.made({ name: 'hdfs', kinds: ['hdfs'], form: 'hdfs://<path>' }, uri, options.credentials);
  }

  /**
   * A folder or file in HDFS; KServe does not tell it from `hdfs`.
   *
   * @param uri `webhdfs://<path>`, without a host: the name node is in the credentials
   */
  static webhdfs(uri: string, options: HdfsSourceOptions = {}): ModelSource {
    return ModelSource.made({ name: 'webhdfs', kinds: ['hdfs'], form: 'webhdfs://<path>' }, uri, options.credentials);
  }

  /**
   * A git repository, cloned at the head of its default branch. From KServe 0.17. For a private one, a
   * ClusterStorageContainer sets `GIT_USERNAME` and `GIT_PASSWORD`.
   *
   * @param url `https://<host>/<path>.git`
   */
  static git(url: string): ModelSource {
    return ModelSource.made({ name: 'git', kinds: ['git'], form: 'https://<host>/<path>.git' }, url);
  }

  /**
   * A path that an entry of the namespace's Secret `storage-config` tells how to reach.
   *
   * @param key key of the entry, a JSON object with `type`, `bucket`, `endpoint_url` and so on
   */
  static storageKey(key: string, options: StorageKeyOptions = {}): ModelSource {
    return new ModelSource({ storage: { ...options, key }, problems: [] });
  }

  /**
   * A path that the entry `default` of the namespace's Secret `storage-config` tells how to reach, or
   * `default_<type>` when the parameters have a type.
   */
  static storageDefaultKey(options: StorageKeyOptions): ModelSource {
    return new ModelSource({ storage: { ...options }, problems: [] });
  }

  /**
   * Any URI that the cluster understands, such as one of a ClusterStorageContainer of your own.
   *
   * @param uri beginning with its scheme
   */
  static uri(uri: string, options: UriSourceOptions = {}): ModelSource {
    return ModelSource.made({ name: 'uri', kinds: [], form: '<scheme>://<path>' }, uri, options.credentials);
  }

  private static made(factory: Factory, uri: string, credentials?: ModelCredentials): ModelSource {
    return new ModelSource({
      storageUri: uri,
      credentials,
      problems: [...otherSource(factory, uri), ...misfit(factory, uri, credentials)],
    });
  }

  /** The URI as KServe gets it; undefined for sources by storage key. */
  readonly storageUri?: string;
  /** How the source is read, if the program says so. */
  readonly credentials?: ModelCredentials;
  /** @internal */
  readonly _problems: readonly ValueProblem[];

  private readonly storage?: StorageKeyOptions & { readonly key?: string };

  private constructor({ storageUri, storage, credentials, problems }: SourceContent) {
    this.storageUri = storageUri;
    this.credentials = credentials;
    this.storage = storage && { ...storage, ...storage.parameters && { parameters: { ...storage.parameters } } };
    this._problems = [
      ...problems,
      ...(credentials?._facts.problems ?? []).map((problem) => ({
        ...problem,
        argument: problem.argument === undefined ? 'credentials' : `credentials.${problem.argument}`,
      })),
    ];
  }

  /**
   * The `storageUri` of a manifest.
   *
   * @internal
   */
  _storageUri(): string | undefined {
    return this.storageUri;
  }

  /**
   * The `storage` of a manifest.
   *
   * @internal
   */
  _storage(): { [field: string]: unknown } | undefined {
    if (this.storage === undefined) {
      return undefined;
    }
    const { key, path, parameters, schemaPath } = this.storage;
    return {
      ...(key === undefined ? {} : { key: caused('key', key) }),
      ...(path === undefined ? {} : { path: caused('path', path) }),
      ...(parameters === undefined ? {} : { parameters: caused('parameters', { ...parameters }) }),
      ...(schemaPath === undefined ? {} : { schemaPath: caused('schemaPath', schemaPath) }),
    };
  }
}

/**
 * What is written with and without its scheme in daily life is taken in both forms.
 * A scheme before a deferred part is known; one inside it shows when the program runs with the real value.
 */
function withScheme(scheme: string, text: string): string {
  return schemeOf(String(text)) === undefined ? `${scheme}${text}` : text;
}

function otherSource({ name, kinds, form }: Factory, uri: string): ValueProblem[] {
  if (Deferred.is(uri) || kinds.length === 0) {
    return [];
  }
  const kind = kindOf(uri);
  const fits = kinds.includes(kind) || kind === 'local'; // text without a scheme is judged in the manifest
  const rightHost = name !== 'githubRelease' || /^https:\/\/github\.com\//.test(uri);
  return fits && rightHost ? [] : [{
    rule: OTHER_SOURCE,
    violation: {
      message: `is not for ModelSource.${name}`,
      value: uri,
      allowed: form,
      fix: `use ${FACTORY_OF[kind] ?? 'ModelSource.uri'}, or correct the URI.`,
    },
  }];
}

const FACTORY_OF: { readonly [kind in SourceKind]?: string } = {
  s3: 'ModelSource.s3',
  gcs: 'ModelSource.gcs',
  azureBlob: 'ModelSource.azureBlob',
  hdfs: 'ModelSource.hdfs',
  huggingFace: 'ModelSource.huggingFace',
  git: 'ModelSource.git',
  https: 'ModelSource.https',
  pvc: 'ModelSource.pvcNamed',
  oci: 'ModelSource.oci',
};

function misfit({ kinds }: Factory, uri: string, credentials: ModelCredentials | undefined): ValueProblem[] {
  if (credentials === undefined || (kinds.length === 0 && Deferred.is(uri))) {
    return [];
  }
  const kind = kinds[0] ?? kindOf(uri);
  const { opens, factory } = credentials._facts;
  return kind === 'other' || opens.includes(kind) ? [] : [{
    rule: CREDENTIAL_MISFIT,
    argument: 'credentials',
    violation: {
      message: `by ${factory} do not open ${Deferred.is(uri) ? 'this source' : uri}`,
      allowed: OPENED_BY[kind],
      fix: `use ${OPENED_BY[kind]}.`,
    },
  }];
}

const OPENED_BY: { readonly [kind in SourceKind]: string } = {
  s3: 'S3Credentials',
  gcs: 'GcsCredentials',
  azureBlob: 'AzureCredentials',
  azureFile: 'AzureCredentials.fromAccessKeySecret',
  hdfs: 'HdfsCredentials',
  huggingFace: 'HuggingFaceCredentials',
  https: 'HttpsCredentials',
  git: 'a ClusterStorageContainer with GIT_USERNAME and GIT_PASSWORD',
  pvc: 'no credentials: the claim is mounted',
  oci: 'image pull secrets of the pod instead of credentials',
  file: 'no credentials: the file is local',
  local: 'no credentials: the file is local',
  other: 'what the storage container reads',
};
