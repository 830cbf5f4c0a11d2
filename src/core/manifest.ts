import { isDeepStrictEqual } from 'node:util';
import { ApiObject, ApiObjectMetadataDefinition, JsonPatch, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { caused, Causes, isTracing, pointerStep, trace } from './cause';
import { changed, changesIn } from './changes';

/** What a construct renders: everything behind a function is read anew after each change of the tree. */
export interface ManifestSource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** Cluster-scoped objects do not take the chart's namespace. */
  readonly clusterScoped?: boolean;
  readonly labels?: { [key: string]: string };
  /** By annotation key; `undefined` leaves the key out. */
  readonly annotations?: { [key: string]: () => string | undefined };
  /** The top-level fields beside metadata: `spec` and the like. */
  readonly fields: { [field: string]: () => unknown };
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

const sources = new WeakMap<ApiObject, ManifestSource>();

/** Creates the one API object of a construct, with id `Resource`. */
export function createManifest(scope: Construct, given: ManifestSource): ApiObject {
  const source = { ...given, fields: each(given.fields, (render) => onceAfterEachChange(scope, render)) };
  const object = new ApiObject(scope, 'Resource', {
    apiVersion: source.apiVersion,
    kind: source.kind,
    metadata: {
      ...(source.name === undefined ? {} : { name: source.name }),
      ...(source.namespace === undefined ? {} : { namespace: source.namespace }),
      ...(source.labels === undefined ? {} : { labels: source.labels }),
      annotations: lazily(source.annotations ?? {}),
    },
    ...lazily(source.fields),
  });
  if (source.clusterScoped) {
    Object.assign(object.metadata, { namespace: undefined }); // cdk8s gives every object the chart's
  }
  sources.set(object, source);
  return object;
}

/**
 * The manifest of an API object before cdk8s resolves it, which is much cheaper;
 * objects with JSON patches, and those that others made, are resolved.
 */
export function manifestOf(object: ApiObject): Manifest {
  const source = sources.get(object);
  if (source === undefined || patchesOf(object) > 0) {
    return object.toJson();
  }
  return rendered(object, source);
}

/** Has everything that the user changes of an object afterwards counted as a change of its tree. */
export function noticeChanges(object: ApiObject): void {
  Object.assign(object, { addJsonPatch: addJsonPatchNoticed });
  Object.assign(object.metadata, { addLabel: addLabelNoticed, addAnnotation: addAnnotationNoticed });
}

function addJsonPatchNoticed(this: ApiObject, ...operations: JsonPatch[]): void {
  changed(this);
  ApiObject.prototype.addJsonPatch.apply(this, operations);
}

function addLabelNoticed(this: ApiObjectMetadataDefinition, key: string, value: string): void {
  changed((this as unknown as { apiObject: ApiObject }).apiObject);
  ApiObjectMetadataDefinition.prototype.addLabel.call(this, key, value);
}

function addAnnotationNoticed(this: ApiObjectMetadataDefinition, key: string, value: string): void {
  changed((this as unknown as { apiObject: ApiObject }).apiObject);
  ApiObjectMetadataDefinition.prototype.addAnnotation.call(this, key, value);
}

/** The namespace of an object; undefined where it is not known and where there is none. */
export function namespaceOf(object: ApiObject, byDefault: string | undefined): string | undefined {
  return sources.get(object)?.clusterScoped ? undefined : object.metadata.namespace ?? byDefault;
}

/** Whether a JSON patch wrote what stands at a path of the object's manifest. */
export function isPatched(object: ApiObject, manifest: Manifest, pointer: string): boolean {
  const source = sources.get(object);
  if (source === undefined || patchesOf(object) === 0) {
    return false;
  }
  const [before, after] = [valueAt(rendered(object, source), pointer), valueAt(manifest, pointer)];
  return !(isDictionary(before) && isDictionary(after)) && !isDeepStrictEqual(before, after);
}

/** The props that caused each path of an object that `createManifest` made. */
export function causesOf(object: ApiObject): Causes {
  const source = sources.get(object);
  if (source === undefined) {
    return new Map();
  }
  const { labels, annotations } = mapsOf(object);
  return trace(() => ({
    ...each(source.fields, (render) => render()),
    metadata: {
      name: caused('name', object.name),
      namespace: caused('namespace', object.metadata.namespace),
      // only what nobody has overwritten since
      labels: each(source.labels ?? {}, (value, key) => labels[key] === value ? caused(`labels.${key}`, value) : value),
      annotations: each(source.annotations ?? {}, (render, key) => annotations[key] instanceof Lazy ? render() : undefined),
    },
  }));
}

/** The user's own annotations, as a source takes them. */
export function givenAnnotations(annotations: { [key: string]: string } = {}): { [key: string]: () => string | undefined } {
  return each(annotations, (value, key) => () => caused(`annotations.${key}`, value));
}

/** JSON pointer to an annotation. */
export function annotationPointer(key: string): string {
  return `/metadata/annotations${pointerStep(key)}`;
}

/** JSON pointer to a label. */
export function labelPointer(key: string): string {
  return `/metadata/labels${pointerStep(key)}`;
}

/** Rules read what is synthesized right after, so both share it until something changes. */
function onceAfterEachChange(scope: Construct, render: () => unknown): () => unknown {
  const changes = changesIn(scope);
  let known: { at: number; value: unknown } | undefined;
  return () => {
    const at = changes.count;
    if (isTracing()) {
      return render();
    }
    if (known?.at !== at) {
      known = { at, value: render() };
    }
    return known.value;
  };
}

function rendered(object: ApiObject, source: ManifestSource): Manifest {
  const { labels, annotations } = mapsOf(object);
  return {
    apiVersion: source.apiVersion,
    kind: source.kind,
    metadata: {
      name: object.name,
      namespace: object.metadata.namespace,
      labels: filled(labels),
      annotations: filled(annotations),
    },
    ...each(source.fields, (render) => render()),
  } as Manifest;
}

/** The values of a map that there are; undefined without any, as cdk8s renders it. */
function filled(map: Maps['labels']): { [key: string]: unknown } | undefined {
  const values: { [key: string]: unknown } = {};
  let some = false;
  for (const key in map) {
    const value = map[key] instanceof Lazy ? (map[key] as Lazy).produce() : map[key];
    if (value !== undefined && value !== null) {
      values[key] = value;
      some = true;
    }
  }
  return some ? values : undefined;
}

/** What stands at a path, as JSON. */
function valueAt(manifest: Manifest, pointer: string): unknown {
  const steps = pointer.split('/').slice(1).map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  const value = steps.reduce<any>((parent, step) => parent?.[step], manifest);
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function isDictionary(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Maps {
  readonly labels: { readonly [key: string]: unknown };
  readonly annotations: { readonly [key: string]: unknown };
}

/** The labels and annotations of an object before cdk8s resolves them. */
function mapsOf(object: ApiObject): Maps {
  return object.metadata as unknown as Maps;
}

function patchesOf(object: ApiObject): number {
  return (object as unknown as { patches: unknown[] }).patches.length;
}

function lazily(values: { [key: string]: () => unknown }): { [key: string]: any } {
  return each(values, (produce) => Lazy.any({ produce }));
}

function each<T, R>(values: { [key: string]: T }, map: (value: T, key: string) => R): { [key: string]: R } {
  const mapped: { [key: string]: R } = {};
  for (const key in values) {
    mapped[key] = map(values[key], key);
  }
  return mapped;
}
