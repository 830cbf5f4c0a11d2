import { containersFor, servesPods, takes } from './container-match';
import { DOWNLOAD_RULES } from './download-rules';
import { MOUNT_RULES } from './mount-rules';
import { StoredUri, storedIn } from './stored';
import { isAbout, URI_RULES, UriRule, UriSurroundings } from './uri-rules';
import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { ManifestViolation, Rule } from '../diagnostics/rule';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { ComponentView, componentsOf } from '../target/service-view';

const SEVERITY: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'controller', bites: 'runtime' };

/** A rule about URIs, on all of them in an InferenceService. */
function everywhere(rule: UriRule): ClusterRule {
  return {
    ...rule,
    individual: (manifest) => storedIn(manifest).uris.some((uri) => looksInto(rule, uri)),
    check(manifest, context) {
      const found: ManifestViolation[] = [];
      // a plain loop: this runs for each rule on each service
      for (const { uri, kind, at, component } of storedIn(manifest).uris) {
        if (uri !== undefined && kind !== undefined && isAbout(rule, kind)) {
          const violation = rule.judge(uri, kind, surroundingsOf(component, context));
          if (violation !== undefined) {
            found.push({ at, ...violation });
          }
        }
      }
      return found;
    },
  };
}

/** Whether a rule says different things of a URI and of others with its scheme. */
function looksInto(rule: UriRule, { uri, kind }: StoredUri): boolean {
  return uri === undefined || kind === undefined || /^https?:/.test(uri) || isAbout(rule, kind);
}

function surroundingsOf({ spec }: ComponentView, { target, neighbours }: RuleContext): UriSurroundings {
  return {
    release: target.release,
    // one that is named but not part of the program is the user's word that it takes the URI
    ownContainer: (uri) => spec.storageContainerName !== undefined
      || target.storageUriPrefixes.some((prefix) => uri.startsWith(prefix))
      || containersFor(neighbours, uri).length > 0,
  };
}

const URI_AND_PATH: ClusterRule = {
  ...SEVERITY,
  code: 'KSV1215',
  about: ['storage'],
  title: 'A model has a URI and a storage path',
  mirrors: 'predictor reconciler: must provide only one of storageUri and storage.path',
  explanation: 'The controller stops at the contradiction and the service never becomes ready.',
  check: (manifest) => storedIn(manifest).specs
    .filter(({ spec, uri }) => uri !== undefined && spec.path !== undefined)
    .map(({ at }) => ({ at: `${at}/path`, message: 'has a storage path beside a storageUri', fix: 'keep one of them: ModelSource.storageKey or a URI.' })),
};

const STORAGE_TYPE: ClusterRule = {
  ...SEVERITY,
  code: 'KSV1216',
  about: ['storage'],
  title: 'The parameters of a storage key do not suffice',
  mirrors: 'pkg/credentials: CreateStorageSpecSecretEnvs',
  explanation: 'The type decides how the path is read; s3, hdfs and webhdfs exist. With the type in the parameters KServe no longer looks into the entry of the Secret, so the bucket of S3 must stand beside it.',
  check: (manifest, { target }) => storedIn(manifest).specs
    .filter(({ component, spec }) => component.name === 'predictor' && spec.parameters?.type !== undefined && !Deferred.is(spec.parameters.type))
    .flatMap(({ spec: { parameters }, at }): ManifestViolation[] => {
      const types = target.release._data.storage.specTypes;
      if (!types.includes(parameters.type)) {
        return [{
          at: `${at}/parameters/type`,
          value: parameters.type,
          message: 'is no type of storage that KServe knows',
          allowed: types.join(', '),
          fix: 'use one of these, or a source with a URI.',
        }];
      }
      return parameters.type !== 's3' || parameters.bucket !== undefined ? [] : [{
        at: `${at}/parameters`,
        message: 'has the type s3 but no bucket, and with a type KServe does not read the bucket of the entry',
        fix: 'add the parameter `bucket`, or leave `type` to the entry.',
      }];
    }),
};

const STORAGE_ENTRY: ClusterRule = {
  ...SEVERITY,
  code: 'KSV1217',
  about: ['storage'],
  title: 'The Secret of storage keys lacks the key',
  mirrors: 'pkg/credentials: CreateStorageSpecSecretEnvs',
  explanation: 'KServe looks the key up in one Secret of the service\'s namespace and refuses to start pods when it is not there.',
  check: (manifest, { target, neighbours, namespace }) => storedIn(manifest).specs.flatMap(({ spec, at }) => {
    const [secret] = neighbours.named('Secret', namespace, secretName(manifest, target));
    if (secret === undefined || spec.key === undefined || Deferred.is(spec.key)) {
      return [];
    }
    const { data = {}, stringData = {} } = secret.manifest;
    const keys = [...Object.keys(data), ...Object.keys(stringData)];
    return keys.length === 0 || keys.includes(spec.key) ? [] : [{
      at: `${at}/key`,
      value: spec.key,
      message: `is no key of Secret '${secret.name}'`,
      allowed: keys.join(', '),
      fix: 'use one of these, or add the entry to the Secret.',
    }];
  }),
};

/** The annotation takes precedence over the name in the ConfigMap. */
function secretName(manifest: Manifest, target: RuleContext['target']): string {
  return manifest.metadata.annotations?.[target.storageSecretNameAnnotation] ?? target.storageSpecSecretName;
}

const ART_STORAGE: ClusterRule = {
  ...SEVERITY,
  origin: 'webhook',
  bites: 'create',
  code: 'KSV1218',
  about: ['storage'],
  title: 'The ART explainer cannot use this storage',
  mirrors: 'InferenceService validator: validateStorageSpec of the explainer',
  explanation: 'With a storage spec the webhook accepts S3 and HDFS for the explainer and nothing else.',
  check: (manifest, { target }) => storedIn(manifest).specs
    .filter(({ component }) => component.name === 'explainer')
    .flatMap(({ spec, at, uri }): ManifestViolation[] => {
      const types = target.release._data.storage.specTypes;
      const type = spec.parameters?.type;
      if (uri !== undefined) {
        return Deferred.is(uri) || types.some((known) => String(uri).startsWith(`${known}://`)) ? [] : [{
          at: at.replace(/storage$/, 'storageUri'),
          value: uri,
          message: 'is refused beside a storage spec',
          allowed: types.map((known) => `${known}://`).join(', '),
          fix: 'use one of these, or leave the storage spec out.',
        }];
      }
      return type === undefined || Deferred.is(type) || types.some((known) => `${type}://`.startsWith(`${known}://`)) ? [] : [{
        at: `${at}/parameters/type`,
        value: type,
        message: 'is refused for an explainer',
        allowed: types.join(', '),
        fix: 'use one of these.',
      }];
    }),
};

const CONFIDENTIAL: ClusterRule = {
  ...SEVERITY,
  origin: 'webhook',
  bites: 'create',
  code: 'KSV1219',
  about: ['confidential'],
  title: 'A confidential model lacks its URI or names a malformed key',
  mirrors: 'InferenceService validator: validateConfidential',
  explanation: 'The storage initializer decrypts what it downloads, so there must be one URI; the key has the address form of the key broker.',
  check: (manifest) => storedIn(manifest).confidential.flatMap(({ confidential: { resourceId }, uri, at }): ManifestViolation[] => [
    ...(uri === undefined || uri === '' ? [{
      at: `${at}/confidential`,
      message: 'needs one model with a URI',
      fix: 'set `source` to a ModelSource with a URI; `sources` and storage keys are not decrypted.',
    }] : []),
    ...(!resourceId || Deferred.is(resourceId) || /^kbs:\/\/\/[a-zA-Z0-9_.-]+\/[a-zA-Z0-9_.-]+\/[a-zA-Z0-9_.-]+$/.test(resourceId) ? [] : [{
      at: `${at}/confidential/resourceId`,
      value: resourceId,
      message: 'is no address of a key',
      allowed: 'kbs:///<repository>/<type>/<tag>',
      fix: 'write the three parts of the resource in the key broker.',
    }]),
  ]),
};

const CONFIDENTIAL_MOUNT: ClusterRule = {
  ...SEVERITY,
  severity: 'warning',
  origin: 'webhook',
  bites: 'runtime',
  code: 'KSV1220',
  about: ['confidential'],
  title: 'A mounted model cannot be confidential',
  mirrors: 'InferenceService validator: warnings of ValidateConfidentialSpec',
  explanation: 'The storage initializer decrypts the model, and for volume claims and images there is none: the setting has no effect.',
  check: (manifest) => storedIn(manifest).confidential
    .filter(({ uri }) => typeof uri === 'string' && !Deferred.is(uri) && /^(pvc|oci):\/\//.test(uri))
    .map(({ at, uri }) => ({
      at: `${at}/confidential`,
      message: `has no effect on ${uri}, which is mounted and not downloaded`,
      fix: 'download the model, or encrypt the volume or the image by its own means.',
    })),
};

const NAMED_CONTAINER: ClusterRule = {
  ...SEVERITY,
  code: 'KSV1221',
  individual: true,
  about: ['storageContainerName'],
  title: 'The storage container cannot be used for this model',
  mirrors: 'GetStorageContainerSpecByName',
  explanation: 'KServe uses exactly the storage container that is named: it must be enabled, be for init containers and take the URI.',
  check: (manifest, { neighbours }) => componentsOf(manifest).flatMap(({ spec, at }): ManifestViolation[] => {
    const name = spec.storageContainerName;
    const container = name === undefined || Deferred.is(name) ? undefined
      : neighbours.ofKind('ClusterStorageContainer').find((one) => one.name === name);
    if (container === undefined) {
      return [];
    }
    const refused = storedIn(manifest).uris.find(({ uri, component }) => component.at === at && uri !== undefined && !takes(container.manifest, uri));
    const reason = container.manifest.disabled === true ? 'is disabled'
      : !servesPods(container.manifest) ? `is for the workload ${container.manifest.spec.workloadType}`
        : refused && `does not take ${refused.uri}`;
    return reason === undefined ? [] : [{
      at: `${at}/storageContainerName`,
      value: name,
      message: `${reason}, so KServe refuses to start pods`,
      fix: `change '${container.path}', or name another ClusterStorageContainer.`,
    }];
  }),
};

/** Everything about the files of an InferenceService. */
export const STORAGE_RULES: ClusterRule[] = [
  ...URI_RULES.map(everywhere),
  ...MOUNT_RULES, ...DOWNLOAD_RULES,
  URI_AND_PATH, STORAGE_TYPE, STORAGE_ENTRY, ART_STORAGE, CONFIDENTIAL, CONFIDENTIAL_MOUNT, NAMED_CONTAINER,
];
