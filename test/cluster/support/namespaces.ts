import { KubeClient, KubeObject } from '../bench/client';

/** Creates the namespaces that objects are in. */
export async function createNamespaces(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  const names = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  await Promise.all([...names].map((name) => client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
}

/** The objects of a program in a namespace that no other program has; those of the cluster are left out, unless the program runs alone. */
export function inNamespaceOfItsOwn(objects: readonly KubeObject[], suffix: string, alone = false): KubeObject[] {
  const moved = (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, namespace: `${object.metadata.namespace}-${suffix}` } });
  return objects.filter(({ metadata }) => alone || metadata.namespace !== undefined)
    .map((object) => object.metadata.namespace === undefined ? object : moved(object))
    .sort((a, b) => rank(a) - rank(b));
}

/** What others refer to comes first. */
const ORDER = ['Secret', 'ConfigMap', 'ServiceAccount', 'Service', 'ClusterStorageContainer', 'ServingRuntime', 'InferenceService'];

function rank({ kind }: KubeObject): number {
  return ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length;
}
