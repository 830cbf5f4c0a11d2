import { SourceKind } from './source-kind';

/** Why a URI may mean another model tomorrow, and how to pin it. */
export interface Mutability {
  /** The sentence after the URI. */
  readonly why: string;
  readonly pinned: string;
}

const BRANCH = /^(main|master|head|latest|develop|dev)$/i;
const BRANCH_IN_PATH = /\/(?:main|master|head|latest|develop|dev)(?:\/|$)/i;
const CODE_HOSTS = /^(github\.com|raw\.githubusercontent\.com|gitlab\.com|huggingface\.co|bitbucket\.org)$/i;

/** Whether what stands behind a well-formed URI can change while the URI stays. It must not be deferred. */
export function mutability(uri: string, kind: SourceKind): Mutability | undefined {
  const rest = uri.slice(uri.indexOf('://') + 3);
  switch (kind) {
    case 's3':
    case 'gcs':
      return bucketPath(uri, rest, 1);
    case 'azureBlob':
    case 'azureFile':
      return bucketPath(uri, rest, 2);
    case 'huggingFace':
      return revision(uri, rest.split(':')[1]);
    case 'oci':
      return imageTag(uri, rest);
    case 'git':
      return {
        why: 'is cloned at the head of its default branch whenever a pod starts',
        pinned: 'an archive of a tag, such as https://github.com/<owner>/<repository>/archive/refs/tags/<tag>.tar.gz',
      };
    case 'https':
      return webAddress(rest.split(/[?#]/)[0].split('/'));
    default:
      return undefined;
  }
}

/** A folder whose path has no number anywhere is taken for one that is written over in place. */
function bucketPath(uri: string, rest: string, depth: number): Mutability | undefined {
  let at = rest.indexOf('/');
  for (let i = 1; i < depth && at !== -1; i++) {
    at = rest.indexOf('/', at + 1);
  }
  const path = at === -1 ? '' : rest.slice(at);
  if (/\d/.test(path) && !BRANCH_IN_PATH.test(path)) {
    return undefined;
  }
  const segments = path.split('/').filter((segment) => segment !== '');
  const moving = segments.find((segment) => BRANCH.test(segment));
  return {
    why: segments.length === 0
      ? 'is a whole bucket'
      : moving === undefined ? 'names no version of the model' : `follows '${moving}'`,
    pinned: moving === undefined
      ? `${uri.replace(/\/+$/, '')}/v1/, a folder that is written once`
      : `${uri.replace(`/${moving}`, '/v1')}, a folder that is written once`,
  };
}

function revision(uri: string, name: string | undefined): Mutability | undefined {
  if (name !== undefined && !BRANCH.test(name)) {
    return undefined;
  }
  return {
    why: name === undefined ? 'follows the head of the default branch' : `follows the branch '${name}'`,
    pinned: `${uri.split(':').slice(0, 2).join(':')}:<commit>, the commit from the model's history`,
  };
}

function imageTag(uri: string, image: string): Mutability | undefined {
  if (image.includes('@')) {
    return undefined;
  }
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag !== undefined && !BRANCH.test(tag)) {
    return undefined;
  }
  const repository = tag === undefined ? uri : uri.slice(0, -tag.length - 1);
  return {
    why: tag === undefined ? 'has no tag, which means latest' : `follows the tag '${tag}'`,
    pinned: `${repository}@sha256:<digest>`,
  };
}

function webAddress([host, ...path]: string[]): Mutability | undefined {
  const moving = path.slice(0, -1).find((segment) => /^latest$/i.test(segment) || (CODE_HOSTS.test(host) && BRANCH.test(segment)));
  return moving === undefined ? undefined : {
    why: `follows '${moving}'`,
    pinned: `the URL with a version, tag or commit in place of '${moving}'`,
  };
}
