import { kindOf, SourceKind } from './source-kind';
import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { ComponentView, componentsOf, containersOf, FRAMEWORKS, variablesOf } from '../target/service-view';

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

/** How a component gets its files. */
export interface Stored {
  readonly component: ComponentView;
  /** `storageUri`, or the variable STORAGE_URI of a container of one's own. */
  readonly single: readonly StoredUri[];
  /** `storage`, with its pointer. */
  readonly specs: readonly { readonly spec: Fields; readonly at: string; readonly uri: unknown }[];
  /** `storageUris`; undefined when there is no such list. */
  readonly several?: readonly StoredMount[];
}

let last: { manifest: Manifest; stored: Stored[] } | undefined;

/** How each component of an InferenceService gets its files. All rules ask about one manifest after the other. */
export function storedIn(manifest: Manifest): Stored[] {
  if (last?.manifest !== manifest) {
    last = { manifest, stored: componentsOf(manifest).map(ofComponent) };
  }
  return last.stored;
}

/** Every URI of a component. */
export function urisOf({ single, several }: Stored): readonly StoredUri[] {
  return several === undefined ? single : [...single, ...several];
}

function ofComponent(component: ComponentView): Stored {
  const { spec, at } = component;
  const models = (component.name === 'predictor' ? FRAMEWORKS : ['art']).filter((field) => spec[field]);
  return {
    component,
    single: [
      ...models.filter((field) => spec[field].storageUri !== undefined).map((field) => uriAt(spec[field].storageUri, `${at}/${field}/storageUri`)),
      ...containersOf(component)
        .filter(({ container, at: pointer }) => container.env && pointer.startsWith(`${at}/containers/`))
        .flatMap(variablesOf)
        .filter(({ name }) => name === 'STORAGE_URI')
        .map(({ value, at: pointer }) => uriAt(value, pointer)),
    ],
    specs: models.filter((field) => spec[field].storage)
      .map((field) => ({ spec: spec[field].storage, at: `${at}/${field}/storage`, uri: spec[field].storageUri })),
    several: spec.storageUris?.map((entry: any, i: number): StoredMount => {
      const entryAt = `${at}/storageUris/${i}`;
      const path = entry?.mountPath ?? '/mnt/models';
      return { ...uriAt(entry?.uri, `${entryAt}/uri`), entry: entry ?? {}, entryAt, path: Deferred.is(path) ? undefined : String(path) };
    }),
  };
}

function uriAt(uri: unknown, at: string): StoredUri {
  return typeof uri === 'string' && !Deferred.is(uri) ? { uri, kind: kindOf(uri), at } : { at };
}
