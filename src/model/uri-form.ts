import { SourceKind } from './source-kind';
import { Violation } from '../diagnostics/rule';

const IMAGE = /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,})?$/;
const CLAIM = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A form that a URI of a kind must have: the part after the scheme is judged. */
interface Form {
  readonly fits: (rest: string) => boolean;
  /** The sentence after the URI. */
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

const BUCKET: Form = {
  fits: (rest) => /^[A-Za-z0-9._:-]+(\/|$)/.test(rest),
  message: 'names no bucket',
  allowed: '<scheme>://<bucket>/<path>',
  fix: 'write the bucket and the path of the model\'s folder.',
};

/** What the storage initializer or the API server demands of each kind, one form after the other. */
const FORMS: { readonly [kind in SourceKind]?: readonly Form[] } = {
  s3: [BUCKET],
  gcs: [BUCKET, {
    fits: (rest) => /^[^/]+\/+[^/]/.test(rest),
    message: 'is the root of a bucket, where KServe finds nothing: it looks for objects below a folder',
    allowed: 'gs://<bucket>/<path>',
    fix: 'put the model into a folder and name the folder.',
  }],
  azureBlob: [{
    fits: (rest) => /^[^/]+\/[^/]+\//.test(rest),
    message: 'names no path in a container',
    allowed: 'https://<account>.blob.core.windows.net/<container>/<path>',
    fix: 'write the container and the path of the model\'s folder.',
  }],
  azureFile: [{
    fits: (rest) => /^[^/]+\/[^/]+\//.test(rest),
    message: 'names no path in a share',
    allowed: 'https://<account>.file.core.windows.net/<share>/<path>',
    fix: 'write the share and the path of the model\'s folder.',
  }],
  huggingFace: [{
    fits: (rest) => /^[^/:]+\/[^/:]+(:[^/]+)?$/.test(rest),
    message: 'does not have the form of a Hugging Face model',
    allowed: 'hf://<owner>/<model> or hf://<owner>/<model>:<revision>',
    fix: 'write the id that the model\'s page on huggingface.co shows; a folder or file inside the model cannot be named.',
  }],
  hdfs: [{
    fits: (rest) => /[^/]/.test(rest),
    message: 'names no path',
    allowed: 'hdfs://<path> or webhdfs://<path>, without a host: the host is HDFS_NAMENODE of the Secret',
    fix: 'write the path of the model\'s folder.',
  }],
  pvc: [
    {
      fits: (rest) => CLAIM.test(rest.split('/')[0]),
      message: 'names no PersistentVolumeClaim',
      allowed: 'pvc://<claim>/<path>, where the claim is a DNS name in lower case',
      fix: 'write the name of a claim in the service\'s namespace.',
    },
    {
      fits: (rest) => !/^[^/]*\/\//.test(rest) && !rest.split('/').includes('..'),
      message: 'has a path that no volume can be mounted from',
      allowed: 'a path below the claim\'s root, without `//` at its start and without `..`',
      fix: 'write the path of the model\'s folder, relative to the claim.',
    },
  ],
  oci: [{
    fits: (rest) => IMAGE.test(rest),
    message: 'is not an image reference',
    allowed: 'oci://<registry>/<repository>:<tag> or oci://<registry>/<repository>@sha256:<digest>, the repository in lower case',
    fix: 'write the reference as for `docker pull`, after oci://.',
  }],
  https: [{
    fits: (rest) => /^[^/?#\s]+\//.test(rest),
    message: 'names no host and path',
    allowed: 'https://<host>/<path>/<file>',
    fix: 'write the URL of the file.',
  }],
};

/** What is wrong with the form of a URI, if anything. It must not be deferred. */
export function formViolation(uri: string, kind: SourceKind): Violation | undefined {
  if (uri === '' || /\s/.test(uri)) {
    return {
      message: uri === '' ? 'is empty' : 'contains white space',
      value: uri,
      fix: 'write the URI without white space; encode a space of a path as %20.',
    };
  }
  const rest = uri.slice(uri.indexOf('://') + 3);
  const broken = FORMS[kind]?.find(({ fits }) => !fits(rest));
  return broken && { message: broken.message, value: uri, allowed: broken.allowed, fix: broken.fix };
}
