import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient, KubeObject } from './client';
import { Programs } from './programs';

/** The annotation by which kwok knows the nodes that it plays. */
const PLAYED = 'kwok.x-k8s.io/node';

/** Big enough for everything that the tests schedule. */
const CAPACITY = {
  'cpu': '4000',
  'memory': '32Ti',
  'ephemeral-storage': '64Ti',
  'pods': '10000',
  'nvidia.com/gpu': '512',
  'amd.com/gpu': '512',
};

/** Status of a pod whose containers all run; init containers have ended, unless they are sidecars. */
const RUNNING = `
phase: Running
startTime: {{ Now }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
conditions:
{{ range $type := tuple "PodScheduled" "Initialized" "ContainersReady" "Ready" }}
- {type: {{ $type }}, status: "True", lastTransitionTime: {{ Now }}}
{{ end }}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType }}, status: "True", lastTransitionTime: {{ Now }}}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name }}, image: {{ .image | Quote }}, imageID: "", ready: true, started: true, restartCount: 0, state: {running: {startedAt: {{ Now }}}}}
{{ end }}
{{ if .spec.initContainers }}
initContainerStatuses:
{{ range .spec.initContainers }}
{{ if eq ( or .restartPolicy "" ) "Always" }}
- {name: {{ .name }}, image: {{ .image | Quote }}, imageID: "", ready: true, started: true, restartCount: 0, state: {running: {startedAt: {{ Now }}}}}
{{ else }}
- {name: {{ .name }}, image: {{ .image | Quote }}, imageID: "", ready: true, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now }}, finishedAt: {{ Now }}}}}
{{ end }}
{{ end }}
{{ end }}
`;

const COMPLETED = `
phase: Succeeded
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name }}, image: {{ .image | Quote }}, imageID: "", ready: false, started: false, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now }}, finishedAt: {{ Now }}}}}
{{ end }}
`;

/** What happens to a pod on a played node, and when. */
const STAGES = [
  stage('run', { '.metadata.deletionTimestamp': 'DoesNotExist', '.status.podIP': 'DoesNotExist' }, { statusTemplate: RUNNING }),
  stage('complete', {
    '.metadata.deletionTimestamp': 'DoesNotExist',
    '.status.phase': ['Running'],
    '.metadata.ownerReferences.[].kind': ['Job'],
  }, { statusTemplate: COMPLETED }),
  stage('delete', { '.metadata.deletionTimestamp': 'Exists' }, { finalizers: { empty: true }, delete: true }),
];

function stage(name: string, when: { readonly [path: string]: string | string[] }, next: object): object {
  const matchExpressions = Object.entries(when).map(([key, test]) =>
    typeof test === 'string' ? { key, operator: test } : { key, operator: 'In', values: test });
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind: 'Pod' }, selector: { matchExpressions }, next },
  };
}

/** kwok: pods on its nodes run and become ready at once, without an image. */
export async function startNodes(programs: Programs, client: KubeClient, kubeconfig: string): Promise<void> {
  const config = join(programs.runDir, 'kwok.yaml');
  writeFileSync(config, STAGES.map((document) => JSON.stringify(document)).join('\n---\n'));
  await programs.start({
    name: 'kwok',
    tool: 'kwok',
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--config=${config}`,
      '--manage-all-nodes=false',
      `--manage-nodes-with-annotation-selector=${PLAYED}=fake`,
      '--node-lease-duration-seconds=40', // a lease is all that keeps a node ready
      '--cidr=10.244.0.0/16',
      '--node-ip=10.0.0.1',
    ],
  });
  await addNode(client, 'bench');
}

/** Adds a node with labels, for pods that ask for them. */
export async function addNode(client: KubeClient, name: string, labels: { readonly [key: string]: string } = {}): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const node = (fields: object): KubeObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, ...fields });
  const own = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name };
  await client.apply(node({ metadata: { name, annotations: { [PLAYED]: 'fake' }, labels: { ...own, ...labels } } }), { manager: 'bench' });
  const ready = { type: 'Ready', status: 'True', reason: 'Played', message: '', lastHeartbeatTime: now, lastTransitionTime: now };
  await client.apply(node({
    status: { capacity: CAPACITY, allocatable: CAPACITY, conditions: [ready], addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] },
  }), { manager: 'bench', subresource: 'status' });
}
