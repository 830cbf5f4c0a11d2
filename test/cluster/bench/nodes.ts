import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient } from './client';
import { Programs } from './programs';
import { until } from './wait';

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

/** Status of a node that is ready. */
const READY = `
phase: Running
capacity: ${JSON.stringify(CAPACITY)}
allocatable: ${JSON.stringify(CAPACITY)}
addresses: [{type: InternalIP, address: {{ NodeIP | Quote }}}]
conditions:
- {type: Ready, status: "True", reason: Played, message: "", lastHeartbeatTime: {{ Now }}, lastTransitionTime: {{ Now }}}
`;

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

/** What happens to the nodes and to the pods on them, and when. */
const STAGES = [
  stage('Node', 'ready', { '.metadata.deletionTimestamp': 'DoesNotExist', '.status.phase': 'DoesNotExist' }, { statusTemplate: READY }),
  stage('Pod', 'run', { '.metadata.deletionTimestamp': 'DoesNotExist', '.status.podIP': 'DoesNotExist' }, { statusTemplate: RUNNING }),
  stage('Pod', 'complete', {
    '.metadata.deletionTimestamp': 'DoesNotExist',
    '.status.phase': ['Running'],
    '.metadata.ownerReferences.[].kind': ['Job'],
  }, { statusTemplate: COMPLETED }),
  stage('Pod', 'delete', { '.metadata.deletionTimestamp': 'Exists' }, { finalizers: { empty: true }, delete: true }),
];

function stage(kind: string, name: string, when: { readonly [path: string]: string | string[] }, next: object): object {
  const matchExpressions = Object.entries(when).map(([key, test]) =>
    typeof test === 'string' ? { key, operator: test } : { key, operator: 'In', values: test });
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
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
  const own = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name };
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, annotations: { [PLAYED]: 'fake' }, labels: { ...own, ...labels } } };
  await client.apply(node, { manager: 'bench' });
  await until(`node ${name} is ready`, async () => {
    const conditions: { type: string; status: string }[] = (await client.find(node))?.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True') || undefined;
  });
}
