/**
 * The networking that cannot be had here, and the one place where the bench pretends.
 *
 * There is no Envoy, no Istio and no Knative ingress, so nothing carries traffic and
 * nothing would report that it does. Controllers wait for such reports, and this program
 * writes them:
 *
 * - HTTPRoute: every parent has accepted the route and resolved its references;
 * - Gateway: accepted and programmed, with an address;
 * - Knative's internal Ingress of our class: its network is configured and load balanced.
 *
 * It looks at nothing but the object itself: a route to a Service that does not exist is
 * accepted too, so tests of routes read the specification, not the status.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Watch } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { KubeClient, KubeObject } from './client';

export const INGRESS_CLASS = 'bench.ingress.networking.knative.dev';

const CONTROLLER = 'bench.example.com/gateway-controller';
const LOAD_BALANCER = { ingress: [{ domainInternal: 'gateway.bench.svc.cluster.local' }] };

interface Played {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  status(object: KubeObject): object | undefined;
}

export const PLAYED: readonly Played[] = [
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    plural: 'httproutes',
    status: ({ spec, metadata }) => ({
      parents: (spec.parentRefs ?? []).map((parentRef: object) => ({
        parentRef,
        controllerName: CONTROLLER,
        conditions: [condition('Accepted', metadata), condition('ResolvedRefs', metadata)],
      })),
    }),
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    plural: 'gateways',
    status: ({ spec, metadata }) => ({
      addresses: [{ type: 'IPAddress', value: '192.0.2.1' }],
      conditions: [condition('Accepted', metadata), condition('Programmed', metadata)],
      listeners: (spec.listeners ?? []).map(({ name }: { name: string }) => ({
        name,
        attachedRoutes: 0,
        supportedKinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
        conditions: [condition('Accepted', metadata), condition('Programmed', metadata), condition('ResolvedRefs', metadata)],
      })),
    }),
  },
  {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'Ingress',
    plural: 'ingresses',
    status: ({ metadata }) => metadata?.annotations?.['networking.knative.dev/ingress.class'] !== INGRESS_CLASS ? undefined : {
      observedGeneration: metadata.generation,
      publicLoadBalancer: LOAD_BALANCER,
      privateLoadBalancer: LOAD_BALANCER,
      conditions: ['LoadBalancerReady', 'NetworkConfigured', 'Ready'].map((type) => ({
        type, status: 'True', lastTransitionTime: metadata.creationTimestamp,
      })),
    },
  },
];

function condition(type: string, metadata: KubeObject['metadata']): object {
  return {
    type,
    status: 'True',
    reason: type,
    message: 'written by the bench',
    observedGeneration: metadata.generation,
    lastTransitionTime: metadata.creationTimestamp,
  };
}

/** Writes the status of every such object, now and when one changes, until the process ends. */
async function playNetworking(kubeconfig: string): Promise<void> {
  const { KubeConfig, Watch } = await import('@kubernetes/client-node');
  const client = await KubeClient.connect(kubeconfig);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  for (const played of PLAYED) {
    if (await client.serves(played.apiVersion, played.kind)) {
      void watchForever(new Watch(config), client, played);
    }
  }
}

async function watchForever(watch: Watch, client: KubeClient, played: Played): Promise<void> {
  const written = new Map<string, number | undefined>();
  const seen = (phase: string, object: KubeObject) => {
    const { uid, generation, name, namespace } = object.metadata;
    const status = played.status(object);
    if (phase === 'DELETED' || phase === 'ERROR' || uid === undefined || status === undefined || written.get(uid) === generation) {
      return;
    }
    written.set(uid, generation);
    client.patch({ apiVersion: played.apiVersion, kind: played.kind, metadata: { name, namespace } }, { status }, 'status')
      .catch((error) => {
        written.delete(uid); // tried again when the watch is renewed
        console.error(`${played.kind} ${namespace}/${name}: ${error}`);
      });
  };
  for (;;) {
    const started = performance.now();
    await new Promise<void>((ended) => {
      watch.watch(`/apis/${played.apiVersion}/${played.plural}`, { timeoutSeconds: '25' }, seen, () => ended()).catch(() => ended());
    });
    await pause(Math.max(0, 500 - (performance.now() - started))); // a server that refuses is not asked without end
  }
}

if (require.main === module) {
  void playNetworking(process.argv[2]);
}
