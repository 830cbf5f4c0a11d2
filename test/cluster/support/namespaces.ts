import { KubeClient, KubeObject } from '../bench/client';

/** Creates the namespaces that objects are in. */
export async function createNamespaces(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  const names = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  await Promise.all([...names].map((name) => client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
}

/** The objects of a program in a namespace that no other program has; those of the cluster are left out. */
export function inNamespaceOfItsOwn(objects: readonly KubeObject[], suffix: string): KubeObject[] {
  return objects.filter(({ metadata }) => metadata.namespace !== undefined).map((object) => ({
    ...object, metadata: { ...object.metadata, namespace: `${object.metadata.namespace}-${suffix}` },
  })).sort((a, b) => rank(a) - rank(b));
}

/** What others refer to comes first. */
const ORDER = ['Secret', 'ConfigMap', 'ServiceAccount', 'Service', 'ServingRuntime', 'InferenceService'];

function rank({ kind }: KubeObject): number {
  return ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length;
}
