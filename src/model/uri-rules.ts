import { Rule, Violation } from '../diagnostics/rule';
import { KServeRelease } from '../release';
import { mutability } from './mutable';
import { kindOf, schemeOf, SourceKind } from './source-kind';
import { formViolation } from './uri-form';

/** What the judgement of a URI depends on. */
export interface UriSurroundings {
  readonly release: KServeRelease;
  /** Whether a storage container of this program says that it takes the URI. */
  readonly ownContainer: (uri: string) => boolean;
}

/** A rule about one URI that KServe is to download or mount. The URI is never deferred. */
export interface UriRule extends Rule {
  /** The kinds that it is about; all when undefined. */
  readonly kinds?: readonly SourceKind[];
  judge(uri: string, kind: SourceKind, surroundings: UriSurroundings): Violation | undefined;
}

const GITHUB_ASSET = /^https:\/\/github\.com\/[^/]+\/[^/]+\/releases\/(download|latest\/download)\//;
const WEB_PAGES: [RegExp, string][] = [
  [/^https:\/\/github\.com\/[^/]+\/[^/]+\/releases(\/tag\/[^/]+|\/latest)?\/?$/,
    'open the release and copy the link of the asset: https://github.com/<owner>/<repository>/releases/download/<tag>/<asset>'],
  [/^https:\/\/github\.com\/[^/]+\/[^/]+\/(blob|tree)\//, 'copy the link of the page\'s Raw button, or attach the file to a release.'],
  [/^https:\/\/gitlab\.com\/.+\/-\/(blob|tree)\//, 'write /-/raw/ in place of /-/blob/.'],
  [/^https:\/\/huggingface\.co\/(?!.*\/resolve\/)/, 'use ModelSource.huggingFace(\'<owner>/<model>\', { revision }), or /resolve/ in place of /blob/ for one file.'],
];

export const URI_WITHOUT_SCHEME: UriRule = {
  code: 'KSV1201',
  title: 'A model URI has no scheme',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'ValidateStorageURI: text without a scheme is a path in the storage initializer',
  explanation: 'KServe takes text without a scheme for a path inside the container that downloads models, where there is no such file. The pod stays in Init.',
  kinds: ['local'],
  judge: (uri) => uri === '' ? undefined : {
    message: 'has no scheme, so KServe looks for a file of that name inside its storage initializer',
    value: uri,
    allowed: 's3://, gs://, https://, hf://, pvc://, oci://, hdfs://, webhdfs://',
    fix: `write the whole URI, such as s3://${uri.replace(/^[./]+/, '')}.`,
  },
};

export const UNKNOWN_SCHEME: UriRule = {
  code: 'KSV1202',
  title: 'The release does not know the scheme of a model URI',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'ValidateStorageURI',
  explanation: 'The controller refuses the URI and the service never becomes ready, unless a ClusterStorageContainer says that it takes such URIs.',
  kinds: ['oci', 'other'], // every release knows the schemes of the other kinds
  judge: (uri, _, { release, ownContainer }) => {
    const { prefixes, defaultContainer } = release._data.storage;
    const begins = (prefix: string) => uri.startsWith(prefix);
    const known = prefixes.some(begins) || defaultContainer.prefixes.some(begins) || ownContainer(uri);
    return known ? undefined : {
      message: `has a scheme that KServe ${release.version} does not know`,
      value: uri,
      allowed: prefixes.join(' '),
      fix: schemeOf(uri) === 'oci+native://'
        ? 'use oci:// (ModelSource.oci without `native`), or a newer release.'
        : `use one of these, or add a ClusterStorageContainer to this program that takes '${schemeOf(uri)}'.`,
    };
  },
};

export const MALFORMED_URI: UriRule = {
  code: 'KSV1203',
  title: 'A model URI is malformed',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: the parser of each scheme',
  explanation: 'KServe accepts the text as a URI, but the download or the mount fails, and the pod never starts.',
  judge: formViolation,
};

export const MUTABLE_REFERENCE: UriRule = {
  code: 'KSV1204',
  title: 'A model URI can mean another model tomorrow',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'KServe downloads the model whenever a pod starts. When what stands behind the URI changes, pods of one service answer differently, and rolling back the manifest does not bring the old model back.',
  judge: (uri, kind) => {
    const found = mutability(uri, kind);
    return found === undefined || formViolation(uri, kind) !== undefined || page(uri) !== undefined ? undefined : {
      message: `${found.why}, so pods that start later may serve another model`,
      value: uri,
      fix: `pin it: ${found.pinned}.`,
    };
  },
};

export const URL_WITHOUT_FILE: UriRule = {
  code: 'KSV1205',
  title: 'A model URL names no file',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: _download_from_uri',
  explanation: 'Over http and https KServe downloads exactly one file and keeps the name that ends the path. Folders cannot be listed.',
  kinds: ['https'],
  judge: (uri, kind) => {
    const file = uri.split(/[?#]/)[0].split('/').pop()!;
    if (formViolation(uri, kind) !== undefined || page(uri) !== undefined) {
      return undefined;
    }
    if (file === '') {
      return {
        message: 'ends in a folder, but over https KServe downloads one file and keeps its name',
        value: uri,
        fix: 'name the file; pack several files as .tar.gz or .zip, which KServe unpacks.',
      };
    }
    return !/\.gz$/.test(file) || /\.tar\.gz$/.test(file) ? undefined : {
      message: `is compressed but no archive: KServe stores it as '${file}.tar', which no server loads`,
      value: uri,
      fix: 'publish the file itself, or a .tar.gz archive that contains it.',
    };
  },
};

export const WEB_PAGE: UriRule = {
  code: 'KSV1206',
  title: 'A model URL is that of a web page',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: _download_from_uri',
  explanation: 'The address shows the file in a browser. KServe gets the HTML of the page and refuses its content type.',
  kinds: ['https'],
  judge: (uri) => {
    const fix = page(uri);
    return fix === undefined ? undefined : { message: 'is a web page, not the file', value: uri, fix };
  },
};

export const GITHUB_ARCHIVE: UriRule = {
  code: 'KSV1207',
  title: 'An archive is attached to a GitHub release',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: _download_from_uri',
  explanation: 'KServe unpacks archives only when the server says that they are archives. GitHub serves every asset as application/octet-stream, so the download is refused.',
  kinds: ['https'],
  judge: (uri) => !GITHUB_ASSET.test(uri) || !/\.(zip|tar|tgz|tar\.gz|tar\.bz2|tar\.xz)$/.test(uri.split(/[?#]/)[0]) ? undefined : {
    message: 'is an archive that GitHub serves as application/octet-stream, which KServe refuses to unpack',
    value: uri,
    fix: 'attach the model file itself, use the tag\'s source archive (https://github.com/<owner>/<repository>/archive/refs/tags/<tag>.tar.gz), or keep the archive in a bucket.',
  },
};

export const GIT_UNSUPPORTED: UriRule = {
  code: 'KSV1208',
  title: 'The release does not clone git repositories',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: download',
  explanation: 'The storage initializer takes the URL for that of a file and refuses the answer of the git server.',
  kinds: ['git'],
  judge: (uri, _, { release, ownContainer }) => release._data.abilities.gitSource || ownContainer(uri) ? undefined : {
    message: `is a git repository, which KServe ${release.version} does not clone`,
    value: uri,
    fix: 'use an archive of a tag (https://github.com/<owner>/<repository>/archive/refs/tags/<tag>.tar.gz), or a newer release.',
  },
};

export const TAKEN_FOR_GIT: UriRule = {
  code: 'KSV1209',
  title: 'A model URL contains .git, so KServe clones it',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: _GIT_RE, which looks for .git anywhere after https://',
  explanation: 'KServe takes every https URL with .git after its first letters for a repository, raw.githubusercontent.com and *.gitlab.io among them, and tries to clone the file.',
  kinds: ['https'],
  judge: (uri, _, { release, ownContainer }) =>
    !release._data.abilities.gitSource || !/^https:\/\/.+\.git/.test(uri) || ownContainer(uri) ? undefined : {
      message: 'contains \'.git\', so KServe tries to clone it instead of downloading the file',
      value: uri,
      fix: 'attach the file to a GitHub release, use https://github.com/<owner>/<repository>/raw/<commit>/<file>, or keep it in a bucket.',
    },
};

/** Every rule about a URI by itself. */
export const URI_RULES: UriRule[] = [
  URI_WITHOUT_SCHEME, UNKNOWN_SCHEME, MALFORMED_URI, MUTABLE_REFERENCE, URL_WITHOUT_FILE, WEB_PAGE, GITHUB_ARCHIVE, GIT_UNSUPPORTED,
  TAKEN_FOR_GIT,
];

/** What to do instead, if a URL is that of a page about a file. */
function page(uri: string): string | undefined {
  return WEB_PAGES.find(([pattern]) => pattern.test(uri))?.[1];
}

/** Whether a rule is about URIs of a kind. */
export function isAbout({ kinds }: UriRule, kind: SourceKind): boolean {
  return kinds === undefined || kinds.includes(kind);
}

/** What rules find about one URI; all rules unless some are given. */
export function judgeUri(
  uri: string, surroundings: UriSurroundings, rules: readonly UriRule[] = URI_RULES,
): { rule: UriRule; violation: Violation }[] {
  const kind = kindOf(uri);
  return rules.filter((rule) => isAbout(rule, kind)).flatMap((rule) => {
    const violation = rule.judge(uri, kind, surroundings);
    return violation === undefined ? [] : [{ rule, violation }];
  });
}
