import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Causes, pointerStep, trace } from './cause';

/** What a construct renders: everything behind a function is read anew at each synthesis. */
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
export function createManifest(scope: Construct, source: ManifestSource): ApiObject {
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
  const manifest: { [field: string]: unknown } = {
    apiVersion: source.apiVersion,
    kind: source.kind,
    metadata: object.metadata.toJson(),
  };
  for (const [field, render] of Object.entries(source.fields)) {
    manifest[field] = render();
  }
  return manifest as unknown as Manifest;
}

/** Changes whenever the user patches the object or adds to its metadata. */
export function revisionOf(object: ApiObject): string {
  const { labels, annotations } = object.metadata as unknown as { labels: object; annotations: object };
  return `${patchesOf(object)}/${Object.keys(labels).length}/${Object.keys(annotations).length}`;
}

/** The props that caused each path of an object that `createManifest` made. */
export function causesOf(object: ApiObject): Causes {
  const source = sources.get(object);
  return source === undefined ? new Map() : trace(() => ({
    ...each(source.fields, (render) => render()),
    metadata: { annotations: each(source.annotations ?? {}, (render) => render()) },
  }));
}

/** JSON pointer to an annotation. */
export function annotationPointer(key: string): string {
  return `/metadata/annotations${pointerStep(key)}`;
}

/** JSON pointer to a label. */
export function labelPointer(key: string): string {
  return `/metadata/labels${pointerStep(key)}`;
}

function patchesOf(object: ApiObject): number {
  return (object as unknown as { patches: unknown[] }).patches.length;
}

function lazily(values: { [key: string]: () => unknown }): { [key: string]: any } {
  return each(values, (produce) => Lazy.any({ produce }));
}

function each<T, R>(values: { [key: string]: T }, map: (value: T) => R): { [key: string]: R } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
