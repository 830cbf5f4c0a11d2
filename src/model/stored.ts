import { kindOf, SourceKind } from './source-kind';
import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { rememberLast } from '../core/remember';
import { ComponentView, componentsOf, FRAMEWORKS, variablesOf } from '../target/service-view';

type Fields = { readonly [field: string]: any };

/** A URI that a manifest gives to KServe. */
export interface StoredUri {
  /** The text; undefined when it is known only at deployment or is none at all. */
  readonly uri?: string;
  readonly kind?: SourceKind;
  /** JSON pointer to the URI. */
  readonly at: string;
}

/** One of several sources of a component. */
export interface StoredMount extends StoredUri {
  /** The entry as it stands in the manifest. */
  readonly entry: Fields;
  /** JSON pointer to the entry. */
  readonly entryAt: string;
  /** Where it is mounted; undefined when that is known only at deployment. */
  readonly path?: string;
}

export const isClaim = ({ kind }: StoredMount) => kind === 'pvc';
export const isImage = ({ kind }: StoredMount) => kind === 'oci';
/** What the storage initializer downloads; a URI known only at deployment may be anything. */
export const isDownload = (mount: StoredMount) => mount.uri !== undefined && !isClaim(mount) && !isImage(mount);

/** The `storage` of a model. */
export interface StoredSpec {
  readonly component: ComponentView;
  readonly spec: Fields;
  /** JSON pointer to it. */
  readonly at: string;
  /** The `storageUri` beside it. */
  readonly uri: unknown;
}

/** Several sources of a component. */
export interface StoredList {
  readonly component: ComponentView;
  readonly mounts: readonly StoredMount[];
  /** Whether there is a single source beside them. */
  readonly besideSingle: boolean;
}

/** A model of the predictor that is switched to confidential. */
export interface ConfidentialView {
  readonly confidential: Fields;
  readonly uri: unknown;
  /** JSON pointer to the model. */
  readonly at: string;
}

/** How an InferenceService gets its files, in flat lists: most are empty for most services. */
export interface Stored {
  /** Every URI, whether it is the single one or one of several. */
  readonly uris: readonly (StoredUri & { readonly component: ComponentView })[];
  readonly specs: readonly StoredSpec[];
  readonly lists: readonly StoredList[];
  readonly confidential: readonly ConfidentialView[];
}

/** How an InferenceService gets its files. */
export const storedIn = rememberLast((manifest: Manifest): Stored => storedBy(componentsOf(manifest)));

function storedBy(components: ComponentView[]): Stored {
  const uris: (StoredUri & { component: ComponentView })[] = [];
  const specs: StoredSpec[] = [];
  const lists: StoredList[] = [];
  const confidential: ConfidentialView[] = [];
  for (const component of components) {
    const { spec, at } = component;
    const before = uris.length;
    for (const field of component.name === 'predictor' ? FRAMEWORKS : ['art']) {
      const model = spec[field];
      if (model?.confidential?.enabled === true) {
        confidential.push({ confidential: model.confidential, uri: model.storageUri, at: `${at}/${field}` });
      }
      if (model?.storageUri !== undefined) {
        uris.push({ component, ...uriAt(model.storageUri, `${at}/${field}/storageUri`) });
      }
      if (model?.storage) {
        specs.push({ component, spec: model.storage, at: `${at}/${field}/storage`, uri: model.storageUri });
      }
    }
    (spec.containers ?? []).forEach((container: Fields, i: number) => {
      for (const variable of container.env === undefined ? [] : variablesOf({ container, at: `${at}/containers/${i}` })) {
        if (variable.name === 'STORAGE_URI') {
          uris.push({ component, ...uriAt(variable.value, variable.at) });
        }
      }
    });
    if (spec.storageUris !== undefined) {
      const mounts = spec.storageUris.map((entry: any, i: number) => mountAt(entry ?? {}, `${at}/storageUris/${i}`));
      lists.push({ component, mounts, besideSingle: uris.length > before });
      uris.push(...mounts.map((mount: StoredMount) => ({ component, ...mount })));
    }
  }
  return { uris, specs, lists, confidential };
}

function mountAt(entry: Fields, entryAt: string): StoredMount {
  const path = entry.mountPath ?? '/mnt/models';
  return { ...uriAt(entry.uri, `${entryAt}/uri`), entry, entryAt, path: Deferred.is(path) ? undefined : String(path) };
}

function uriAt(uri: unknown, at: string): StoredUri {
  return typeof uri === 'string' && !Deferred.is(uri) ? { uri, kind: kindOf(uri), at } : { at };
}
