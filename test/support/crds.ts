/**
 * Checks manifests against the real CRDs of KServe and the projects around it.
 *
 * As strict as an API server with strict field validation: unknown fields,
 * types, formats, enums, patterns, limits, required fields, duplicate keys of
 * list maps, nulls that would be dropped, and the CEL rules that hold on
 * creation. Not evaluated are rules about `oldSelf` (they concern updates), and
 * of a kind without a CRD only apiVersion, kind and metadata are checked.
 */
import { isCoreKind } from './core-kinds';
import { CRDS_AVAILABLE, CRDS_DIR, findCrd, type Crd, type CrdVersions } from './crd-files';
import { objectMetaErrors } from './object-meta';
import { schemaErrors, type Schema } from './schema';

export { CRDS_AVAILABLE, CRDS_DIR, type CrdVersions };

/**
 * Every reason why a cluster refuses a manifest, as `path: reason`.
 *
 * @param release the KServe release, such as `0.20.0`
 * @param versions other projects count in their newest version unless named here
 */
export function crdErrors(manifest: any, release: string, versions: CrdVersions = {}): string[] {
  const object = JSON.parse(JSON.stringify(manifest)); // as it travels: without undefined fields
  const { apiVersion = '', kind = '', metadata } = object;
  const meta = apiVersion.startsWith('rbac.') ? objectMetaErrors(metadata, /^[^/%]+$/) : objectMetaErrors(metadata);
  if (isCoreKind(apiVersion, kind)) return meta;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const crd = findCrd(group, kind, { ...versions, kserve: `v${release}` });
  if (!crd) return [`kind: no cluster knows ${apiVersion} ${kind}`];
  const served = crd.versions.filter((candidate) => candidate.served);
  const found = served.find((candidate) => candidate.name === version);
  if (!found) return [`apiVersion: ${kind} is not served as ${version} but as ${served.map(({ name }) => name).join(', ')}`];
  return [...meta, ...schemaErrors(object, asRoot(found.schema), '').map((error) => error.replace(/^\.?/, ''))];
}

/** A schema's root, where the object's own fields are known and metadata has its own check. */
function asRoot(schema: Schema): Schema {
  const { apiVersion = {}, kind = {}, metadata } = schema.properties ?? {};
  return {
    ...schema,
    properties: { ...schema.properties, apiVersion, kind, metadata: { ...metadata, 'x-kubernetes-preserve-unknown-fields': true } },
  };
}

/** Fails with all reasons, each with the object it belongs to, when a cluster refuses any of the manifests. */
export function expectAccepted(manifests: any | any[], release: string, versions: CrdVersions = {}): void {
  const refused = [manifests].flat().flatMap((manifest) =>
    crdErrors(manifest, release, versions).map((error) => `${manifest.kind}/${manifest.metadata?.name} ${error}`));
  expect(refused).toEqual([]);
}

/** The schema of a kind of KServe: its `spec`, in the newest API version unless one is given. */
export function specSchema(kind: string, release: string, apiVersion?: string): Schema {
  const crd: Crd | undefined = findCrd('serving.kserve.io', kind, { kserve: `v${release}` });
  const version = crd?.versions.filter(({ name }) => name === (apiVersion ?? name)).at(-1);
  if (!version) throw new Error(`KServe ${release} has no ${kind} ${apiVersion ?? ''}`);
  return version.schema.properties.spec;
}

/** How {@link schemaPaths} walks. */
export interface SchemaPathsOptions {
  /** Stop at the fields of a pod or container: they are listed, their own fields are not. */
  readonly stopAtPod?: boolean;
  /** For a kind with several API versions. */
  readonly apiVersion?: string;
}

/**
 * The path of every field below `spec` of a kind of KServe. Items of a list are
 * `list[]`, values of a map `map{}`: `predictor.storageUris[].uri`.
 */
export function schemaPaths(kind: string, release: string, options: SchemaPathsOptions = {}): string[] {
  return fieldPaths(specSchema(kind, release, options.apiVersion), '', options.stopAtPod ? podFields(release) : new Map());
}

type PodFields = Map<string, string>;

/** The fields of a pod and of a container, from the one place where KServe's API holds a plain pod template. */
function podFields(release: string): PodFields {
  const pod = specSchema('LLMInferenceService', release).properties.template.properties;
  return new Map(Object.entries<Schema>({ ...pod.containers.items.properties, ...pod }).map(([name, schema]) => [name, shape(schema)]));
}

/** The names one level down, which tell a pod's `resources` from another object of that name. */
function shape(schema: Schema): string {
  return Object.keys(schema.properties ?? schema.items?.properties ?? {}).sort().join();
}

function fieldPaths(schema: Schema, path: string, stopAt: PodFields): string[] {
  if (schema.items) return fieldPaths(schema.items, `${path}[]`, stopAt);
  if (typeof schema.additionalProperties === 'object') return fieldPaths(schema.additionalProperties, `${path}{}`, stopAt);
  return Object.entries<Schema>(schema.properties ?? {}).flatMap(([name, child]) => {
    const at = path ? `${path}.${name}` : name;
    return stopAt.get(name) === shape(child) ? [at] : [at, ...fieldPaths(child, at, stopAt)];
  });
}

type Body = () => void;
const ABSENT = `no CRDs in ${CRDS_DIR}; set CRDS_DIR`;

/** A test that reads the CRDs: skipped where there are none, failed where CI must have them. */
export function itWithCrds(title: string, body: Body): void {
  if (CRDS_AVAILABLE) it(title, body);
  else if (process.env.CI) it(title, () => { throw new Error(ABSENT); });
  else it.skip(`${title} (${ABSENT})`, body);
}

/** A group of tests that read the CRDs, also while the tests are collected. */
export function describeWithCrds(title: string, body: () => void): void {
  if (CRDS_AVAILABLE) describe(title, body);
  else itWithCrds(title, () => undefined);
}
