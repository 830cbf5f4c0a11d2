import { KubeObject } from '../../bench/client';
import { ClusterHandle } from '../../bench/handle';
import { forEachOf } from '../parallel';

const KINDS: [apiVersion: string, kind: string][] = [
  ['apps/v1', 'Deployment'], ['v1', 'Service'], ['v1', 'Pod'], ['v1', 'ConfigMap'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['policy/v1', 'PodDisruptionBudget'],
  ['keda.sh/v1alpha1', 'ScaledObject'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['networking.istio.io/v1beta1', 'VirtualService'],
  ['serving.knative.dev/v1', 'Service'],
];

/** What is random or follows from names. */
const NOISE = /kube-api-access|\.uid$|-template-hash|\/creator|lastModifier|resourceVersion|clusterIP|revision|serving\.knative\.dev\/configuration|^Pod .*\.spec\.nodeName|podIP|eneration|oidTemp|lastTransition|\.status\.conditions/;

/** The child objects of a namespace, by the service or graph that they belong to. */
export type Children = (name: string) => Map<string, string>;

/** What there is in a namespace now. */
export async function childrenIn({ client }: ClusterHandle, namespace: string): Promise<Children> {
  const served = await forEachOf(KINDS, ([apiVersion, kind]) => client.serves(apiVersion, kind));
  const lists = await forEachOf(KINDS.filter((_, i) => served[i]), ([apiVersion, kind]) => client.list(apiVersion, kind, { namespace }));
  const objects = lists.flat();
  return (name) => new Map(objects.filter(({ metadata }) => belongs(metadata.name, name)).flatMap((object) => [...linesOf(object, name)]));
}

function belongs(object: string, name: string): boolean {
  return object === name || object.startsWith(`${name}-`) || object === `modelconfig-${name}-0`;
}

/** The values of an object's fields that say what it does, by path. */
function linesOf({ apiVersion, kind, metadata, spec, data, status }: KubeObject, name: string): Map<string, string> {
  const lines = new Map<string, string>();
  const collect = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null) {
      Object.entries(value).forEach(([key, item]) => collect(item, `${path}.${key}`));
    } else if (!NOISE.test(path) && !NOISE.test(String(value))) {
      lines.set(path, String(value).replaceAll(name, 'NAME'));
    }
  };
  const part = /-(transformer|explainer|predictor-worker)/.exec(metadata.name)?.[1] ?? '';
  const title = `${apiVersion.startsWith('serving.knative') ? 'Knative ' : ''}${kind}${part && ` (${part})`} `;
  collect({ labels: metadata.labels, annotations: metadata.annotations, spec, data, ...kind === 'PodDisruptionBudget' && { status } }, title);
  return lines;
}

/** What is different: `<object> <path> = <value>`, or `= gone`. */
export function changesBetween(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${path} = ${after.get(path) ?? 'gone'}`);
}
