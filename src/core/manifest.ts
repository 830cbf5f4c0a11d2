import { isDeepStrictEqual } from 'node:util';
import {
  ApiObject, ApiObjectMetadata, ApiObjectMetadataDefinition, App, ImplicitTokenResolver, JsonPatch, LazyResolver, NumberStringUnionResolver,
} from 'cdk8s';
import { Construct } from 'constructs';
import { caused, Causes, pointerStep, stepsOf, trace, untraced } from './cause';
import { Changes, changed, changesIn } from './changes';
import { defined } from './fields';
import { plainManifest } from './plain-json';

/** What stands above the fields of a manifest. */
export interface ManifestHeader {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** Cluster-scoped objects do not take the chart's namespace. */
  readonly clusterScoped?: boolean;
  readonly labels?: { readonly [key: string]: string };
  /** Read when the object is made, and once more for the causes; an undefined annotation is left out. */
  readonly annotations?: () => { readonly [key: string]: string | undefined };
}

/** A manifest as rules read it: plain JSON, in which values may be deferred and keys undefined. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { [key: string]: string };
    readonly annotations?: { [key: string]: string };
  };
  readonly [field: string]: any;
}

/**
 * The one API object that a construct of ours is: it renders itself when it is read.
 *
 * @internal
 */
export abstract class ManifestObject extends ApiObject {
  /**
   * cdk8s's own says yes to every API object.
   *
   * @internal
   */
  static [Symbol.hasInstance]<T>(this: abstract new (...args: any[]) => T, value: unknown): value is T {
    return Object.prototype.isPrototypeOf.call(this.prototype as object, value as object);
  }

  private readonly changes: Changes;
  private known?: { readonly at: number; readonly manifest: Manifest; readonly plain: boolean };

  constructor(
    scope: Construct, id: string,
    /** @internal */
    readonly _header: ManifestHeader,
  ) {
    super(scope, id, { apiVersion: _header.apiVersion, kind: _header.kind, metadata: metadataOf(_header) });
    this.changes = changesIn(this);
    if (_header.clusterScoped) {
      Object.assign(this.metadata, { namespace: undefined }); // cdk8s gives every object the chart's
    }
  }

  /**
   * The top-level fields beside metadata, `spec` and the like: read anew after each change of the tree.
   *
   * @internal
   */
  abstract _fields(): { readonly [field: string]: unknown };

  addJsonPatch(...operations: JsonPatch[]): void {
    changed(this);
    super.addJsonPatch(...operations);
  }

  /** As cdk8s does it, at a fraction of the cost where there is nothing to resolve and to patch. */
  toJson(): any {
    if (patchesOf(this) === 0 && isResolvedAsUsual(this.changes)) {
      const known = this._read();
      if (known.plain) {
        this.known = undefined; // the caller may change it
        return known.manifest;
      }
    }
    const { apiVersion, kind } = this;
    return super.toJson.call(Object.assign(Object.create(this), { props: { apiVersion, kind, ...this._fields() } }));
  }

  /**
   * Whether its manifest is plain JSON: nothing in it is patched, or left to be resolved.
   *
   * @internal
   */
  get _isPlain(): boolean {
    return patchesOf(this) === 0 && this._read().plain;
  }

  /**
   * The manifest without JSON patches, as rules and `toJson` share it until something changes.
   *
   * @internal
   */
  _read(): { readonly manifest: Manifest; readonly plain: boolean } {
    const at = this.changes.count;
    if (this.known?.at !== at) {
      const { apiVersion, kind } = this;
      const { _additionalAttributes, name, namespace, labels, annotations, finalizers, ownerReferences } = this.metadata as unknown as Metadata;
      const metadata = { ..._additionalAttributes, name, namespace, labels, annotations, finalizers, ownerReferences };
      const raw = { apiVersion, kind, metadata, ...untraced(() => this._fields()) };
      const plain = plainManifest(raw);
      this.known = { at, manifest: plain ?? raw, plain: plain !== undefined } as typeof this.known;
    }
    return this.known!;
  }
}

/**
 * The manifest of an API object before cdk8s resolves it, which is much cheaper;
 * objects with JSON patches, and those that others made, are resolved.
 */
export function manifestOf(object: ApiObject): Manifest {
  return object instanceof ManifestObject && patchesOf(object) === 0 ? object._read().manifest : object.toJson();
}

/** Has everything that the user changes of an object afterwards counted as a change of its tree. */
export function noticeChanges(object: ApiObject): void {
  const { metadata } = object;
  metadata.addLabel = addLabelNoticed;
  metadata.addAnnotation = addAnnotationNoticed;
  if (!(object instanceof ManifestObject)) {
    object.addJsonPatch = addJsonPatchNoticed;
  }
}

function addJsonPatchNoticed(this: ApiObject, ...operations: JsonPatch[]): void {
  changed(this);
  ApiObject.prototype.addJsonPatch.apply(this, operations);
}

function addLabelNoticed(this: ApiObjectMetadataDefinition, key: string, value: string): void {
  changed((this as unknown as Metadata).apiObject);
  ApiObjectMetadataDefinition.prototype.addLabel.call(this, key, value);
}

function addAnnotationNoticed(this: ApiObjectMetadataDefinition, key: string, value: string): void {
  changed((this as unknown as Metadata).apiObject);
  ApiObjectMetadataDefinition.prototype.addAnnotation.call(this, key, value);
}

/** The namespace of an object; undefined where it is not known and where there is none. */
export function namespaceOf(object: ApiObject, byDefault: string | undefined): string | undefined {
  return object instanceof ManifestObject && object._header.clusterScoped ? undefined : object.metadata.namespace ?? byDefault;
}

/** Whether a JSON patch wrote what stands at a path of the object's manifest. */
export function isPatched(object: ApiObject, manifest: Manifest, pointer: string): boolean {
  if (!(object instanceof ManifestObject) || patchesOf(object) === 0) {
    return false;
  }
  const [before, after] = [valueAt(object._read().manifest, pointer), valueAt(manifest, pointer)];
  return !(isDictionary(before) && isDictionary(after)) && !isDeepStrictEqual(before, after);
}

/** The props that caused each path of an object of ours. */
export function causesOf(object: ApiObject): Causes {
  if (!(object instanceof ManifestObject)) {
    return new Map();
  }
  const { _header: header, name, metadata: { namespace } } = object;
  const { labels, annotations } = object.metadata as unknown as Metadata;
  const given = header.annotations?.() ?? {};
  return trace(() => ({
    ...object._fields(),
    metadata: {
      name: caused('name', name),
      namespace: caused('namespace', namespace),
      // only what nobody has overwritten since
      labels: each(header.labels ?? {}, (value, key) => labels[key] === value ? caused(`labels.${key}`, value) : value),
      annotations: each(header.annotations?.() ?? {}, (value, key) => annotations[key] === given[key] ? value : undefined),
    },
  }));
}

/** The user's own annotations, as a source takes them. */
export function givenAnnotations(annotations: { readonly [key: string]: string } = {}): { [key: string]: string } {
  return each(annotations, (value, key) => caused(`annotations.${key}`, value));
}

/** JSON pointer to an annotation. */
export function annotationPointer(key: string): string {
  return `/metadata/annotations${pointerStep(key)}`;
}

/** JSON pointer to a label. */
export function labelPointer(key: string): string {
  return `/metadata/labels${pointerStep(key)}`;
}

function metadataOf({ name, namespace, labels, annotations }: ManifestHeader): ApiObjectMetadata {
  return defined({ name, namespace, labels, annotations: annotations && defined(annotations()) });
}

/** Whether the app resolves values, and sorts keys, as cdk8s does by default. */
function isResolvedAsUsual({ root }: Changes): boolean {
  const { resolvers } = root as Partial<App>;
  return resolvers?.length === BUILT_IN_RESOLVERS.length && resolvers.every((resolver, i) => resolver instanceof BUILT_IN_RESOLVERS[i])
    && !process.env.CDK8S_DISABLE_SORT;
}

const BUILT_IN_RESOLVERS = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** What stands at a path, as JSON. */
function valueAt(manifest: Manifest, pointer: string): unknown {
  const value = stepsOf(pointer).reduce<any>((parent, step) => parent?.[step], manifest);
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function isDictionary(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts of an object's metadata, which cdk8s keeps to itself. */
interface Metadata {
  readonly apiObject: ApiObject;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels: { readonly [key: string]: unknown };
  readonly annotations: { readonly [key: string]: unknown };
  readonly finalizers: unknown[];
  readonly ownerReferences: unknown[];
  readonly _additionalAttributes: object;
}

function patchesOf(object: ApiObject): number {
  return (object as unknown as { patches: unknown[] }).patches.length;
}

function each<T, R>(values: { readonly [key: string]: T }, map: (value: T, key: string) => R): { [key: string]: R } {
  const mapped: { [key: string]: R } = {};
  for (const key in values) {
    mapped[key] = map(values[key], key);
  }
  return mapped;
}
