import { KubeClient, KubeObject } from './client';
import { ControlPlane } from './control-plane';
import { INGRESS_CLASS } from './networking';
import { Programs } from './programs';
import { until } from './wait';

const NAMESPACE = 'knative-serving';
const LABELS = { 'app.kubernetes.io/name': 'knative-serving' };
const WEBHOOK_PORT = 8443;

/** Images cannot be looked at here, so their tags are taken as they are. */
const REGISTRIES = [
  'index.docker.io', 'docker.io', 'ghcr.io', 'gcr.io', 'quay.io', 'nvcr.io', 'public.ecr.aws', 'registry.k8s.io',
  'registry.example.com', 'kind.local', 'ko.local', 'dev.local',
];

/** What each ConfigMap says beyond Knative's defaults. */
const CONFIG: { readonly [name: string]: { readonly [key: string]: string } } = {
  'autoscaler': {},
  'certmanager': {},
  'defaults': {},
  'deployment': { 'queue-sidecar-image': 'knative/queue-proxy:v1.21.1', 'registries-skipping-tag-resolving': REGISTRIES.join(',') },
  'domain': { 'example.com': '' },
  'features': {},
  'gc': {},
  'leader-election': {},
  'logging': {},
  'network': { 'ingress-class': INGRESS_CLASS },
  'observability': {},
  'tracing': {},
};

const WEBHOOKS = [
  ['MutatingWebhookConfiguration', 'webhook.serving.knative.dev'],
  ['ValidatingWebhookConfiguration', 'validation.webhook.serving.knative.dev'],
  ['ValidatingWebhookConfiguration', 'config.webhook.serving.knative.dev'],
] as const;

/** Knative Serving: webhook, controller and both autoscalers; networking.ts plays its ingress. */
export async function startKnative(programs: Programs, plane: ControlPlane): Promise<void> {
  await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, { manager: 'bench' });
  const [early, late] = [objects(programs.address).filter(({ kind }) => kind !== 'Endpoints'), objects(programs.address).filter(({ kind }) => kind === 'Endpoints')];
  await Promise.all(early.map((object) => plane.client.apply(object, { manager: 'bench' })));
  await untilEndpointsAreKept(plane.client);
  await Promise.all(late.map((object) => plane.client.apply(object, { manager: 'bench' })));
  const { address } = programs;
  const args = [`--kubeconfig=${plane.kubeconfig}`, '--kube-api-qps=300', '--kube-api-burst=600'];
  // they are told apart by the port of their profiler, which each opens
  await Promise.all([
    programs.start({ name: 'knative-webhook', tool: 'knative', program: 'webhook', args, env: environment('webhook', address, 8108) }),
    programs.start({ name: 'knative-controller', tool: 'knative', program: 'controller', args, env: environment('controller', address, 8208) }),
    // these and the controller insist on port 8080
    programs.start({ name: 'knative-autoscaler', tool: 'knative', program: 'autoscaler', args, env: environment('autoscaler', address, 8308), apart: true }),
    programs.start({ name: 'knative-autoscaler-hpa', tool: 'knative', program: 'autoscaler-hpa', args, env: environment('autoscaler-hpa', address, 8408), apart: true }),
  ]);
  await untilWebhooksAreFilledIn(plane.client);
}

/** Changes one of Knative's ConfigMaps, such as `features`. */
export async function setKnativeConfig(client: KubeClient, name: string, data: { readonly [key: string]: string }): Promise<void> {
  await client.apply(config(name, { ...CONFIG[name], ...data }), { manager: 'bench' });
}

function objects(address: string): KubeObject[] {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels: LABELS });
  const service = (name: string, port: number): KubeObject[] => [
    { apiVersion: 'v1', kind: 'Service', metadata: metadata(name), spec: { ports: [{ name: 'port', port: 443, targetPort: port }] } },
    // no selector: these programs run beside the cluster, not in its pods
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: metadata(name),
      subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'port', port }] }],
    },
  ];
  return [
    ...Object.entries(CONFIG).map(([name, data]) => config(name, data)),
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('webhook-certs') },
    ...service('webhook', WEBHOOK_PORT),
    ...service('activator-service', 8012), // revisions at zero are routed to its addresses
    ...WEBHOOKS.map(([kind, name]): KubeObject => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name, labels: LABELS },
      webhooks: [{
        name,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 10,
        clientConfig: { service: { name: 'webhook', namespace: NAMESPACE } },
        ...(name.startsWith('config.') ? { objectSelector: { matchLabels: LABELS } } : {}),
      }],
    })),
  ];
}

function config(name: string, data: { readonly [key: string]: string }): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `config-${name}`, namespace: NAMESPACE, labels: LABELS }, data };
}

function environment(name: string, address: string, profilingPort: number): { [name: string]: string } {
  return {
    SYSTEM_NAMESPACE: NAMESPACE,
    POD_NAME: `${name}-0`,
    POD_IP: address,
    CONFIG_LOGGING_NAME: 'config-logging',
    CONFIG_OBSERVABILITY_NAME: 'config-observability',
    METRICS_DOMAIN: 'knative.dev/serving',
    KUBERNETES_MIN_VERSION: 'v1.30.0',
    WEBHOOK_NAME: 'webhook',
    WEBHOOK_PORT: String(WEBHOOK_PORT),
    PROFILING_PORT: String(profilingPort),
  };
}

/** As the controller of Endpoints starts, it deletes those whose Service it has not heard of yet. It has started when it makes some itself. */
async function untilEndpointsAreKept(client: KubeClient): Promise<void> {
  const metadata = { name: 'bench-probe', namespace: NAMESPACE };
  const probe = { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'bench-probe' }, ports: [{ port: 80 }] } };
  await client.apply(probe, { manager: 'bench' });
  await until('Endpoints are made', () => client.find({ apiVersion: 'v1', kind: 'Endpoints', metadata }));
  await client.delete(probe);
}

/** The webhook writes its rules and certificate itself; before that nothing would be checked. */
async function untilWebhooksAreFilledIn(client: KubeClient): Promise<void> {
  await until("Knative's webhooks are filled in", async () => {
    const found = await Promise.all(WEBHOOKS.map(([kind, name]) =>
      client.find({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name } })));
    return found.every((item) => item?.webhooks[0].clientConfig.caBundle && item.webhooks[0].rules?.length > 0) || undefined;
  });
}
