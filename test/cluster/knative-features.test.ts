import { KnativeFeatures, PodSpecOverride } from '../../src';
import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { until } from './bench/wait';
import { forEachOf } from './support/parallel';
import { makeService, sklearn } from './support/service';

/** The flags of ConfigMap config-features by the names that the library gives them. */
const FLAGS: { [feature in keyof Required<KnativeFeatures>]: string } = {
  affinity: 'kubernetes.podspec-affinity',
  nodeSelector: 'kubernetes.podspec-nodeselector',
  tolerations: 'kubernetes.podspec-tolerations',
  topologySpreadConstraints: 'kubernetes.podspec-topologyspreadconstraints',
  initContainers: 'kubernetes.podspec-init-containers',
  persistentVolumeClaim: 'kubernetes.podspec-persistent-volume-claim',
  persistentVolumeWrite: 'kubernetes.podspec-persistent-volume-write',
  emptyDir: 'kubernetes.podspec-volumes-emptydir',
  hostPath: 'kubernetes.podspec-volumes-hostpath',
  csi: 'kubernetes.podspec-volumes-csi',
  imageVolume: 'kubernetes.podspec-volumes-image',
  securityContext: 'kubernetes.podspec-securitycontext',
  addCapabilities: 'kubernetes.containerspec-addcapabilities',
  runtimeClassName: 'kubernetes.podspec-runtimeclassname',
  schedulerName: 'kubernetes.podspec-schedulername',
  priorityClassName: 'kubernetes.podspec-priorityclassname',
  hostAliases: 'kubernetes.podspec-hostaliases',
  hostNetwork: 'kubernetes.podspec-hostnetwork',
  hostIpc: 'kubernetes.podspec-hostipc',
  hostPid: 'kubernetes.podspec-hostpid',
  dnsPolicy: 'kubernetes.podspec-dnspolicy',
  dnsConfig: 'kubernetes.podspec-dnsconfig',
  shareProcessNamespace: 'kubernetes.podspec-shareprocessnamespace',
  fieldRef: 'kubernetes.podspec-fieldref',
  multiContainer: 'multi-container',
  multiContainerProbing: 'multi-container-probing',
};
const FEATURES = Object.keys(FLAGS) as (keyof KnativeFeatures)[];

const TERM = { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] };
const SIDECAR = { name: 'metrics', image: 'example/metrics:1', resources: { limits: { memory: '64Mi' } } };

/** Pods that ask for something that Knative lets only by a flag. */
const PODS: { [what: string]: PodSpecOverride } = {
  'nothing special': {},
  'affinity': { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [TERM] } } } },
  'node selector': { nodeSelector: { gpu: 'a100' } },
  'tolerations': { tolerations: [{ key: 'gpu', operator: 'Exists' }] },
  'topology spread': { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }] },
  'init containers': { initContainers: [{ name: 'init', image: 'example/init:1' }] },
  'claim': { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c', readOnly: true } }] },
  'empty folder': { volumes: [{ name: 'v', emptyDir: {} }] },
  'host path': { volumes: [{ name: 'v', hostPath: { path: '/data' } }] },
  'csi volume': { volumes: [{ name: 'v', csi: { driver: 'csi.example.com', readOnly: true } }] },
  'security context': { securityContext: { runAsUser: 1000, fsGroup: 1000 } },
  'runtime class': { runtimeClassName: 'kata' },
  'scheduler': { schedulerName: 'volcano' },
  'priority class': { priorityClassName: 'high' },
  'host aliases': { hostAliases: [{ ip: '192.0.2.1', hostnames: ['a'] }] },
  'host network': { hostNetwork: true },
  'host ipc': { hostIPC: true },
  'host pid': { hostPID: true },
  'dns policy': { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1'] } },
  'dns config': { dnsConfig: { searches: ['acme.org'] } },
  'shared processes': { shareProcessNamespace: true },
  'second container': { containers: [{ ...SIDECAR, ports: [{ containerPort: 8080 }] }] },
};

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config-features', namespace: 'knative-serving' } };

/** Switches the flags of some features on and all others off. */
async function enable(features: readonly string[]): Promise<void> {
  const data = Object.fromEntries(Object.entries(FLAGS).map(([feature, flag]) => [flag, features.includes(feature) ? 'enabled' : 'disabled']));
  await cluster().client.patch(CONFIG, { data });
}

/** A predictor with some pod fields; Knative takes no volume that is not mounted. */
function predictorOf(podSpec: PodSpecOverride) {
  const volumeMounts = podSpec.volumes?.map(({ name }) => ({ name, mountPath: '/data', readOnly: true }));
  return sklearn({ podSpec, ...volumeMounts && { override: { volumeMounts } } });
}

/** The features without which the library finds an error in a service. */
function needed(namespace: string, podSpec: PodSpecOverride): (keyof KnativeFeatures)[] {
  return FEATURES.filter((feature) => makeService(cluster(), namespace, 'iris', { predictor: predictorOf(podSpec) }, { knativeFeatures: { [feature]: false } })
    .errors.includes('KSV1906'));
}

const onKnative = () => cluster().mode === 'knative';

describe("Knative's feature flags", () => {
  let namespace: string;
  let made: { what: string; ksvc: KubeObject; features: (keyof KnativeFeatures)[] }[];

  beforeAll(async () => {
    if (!onKnative()) {
      return;
    }
    namespace = await cluster().namespace('features');
    await cluster().client.apply({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'kata' }, handler: 'kata' });
    await cluster().client.apply({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 });
    await enable(FEATURES);
    made = await forEachOf(Object.entries(PODS), async ([what, podSpec], i) => {
      const { object } = makeService(cluster(), namespace, `service-${i}`, { predictor: predictorOf(podSpec) });
      await until(`${what}: the service is accepted`, () => cluster().client.apply(object));
      const ref = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: `${object.metadata.name}-predictor`, namespace } };
      const { spec, metadata } = await cluster().until('KServe makes the ksvc', ref, (ksvc) => ksvc);
      await cluster().client.delete(object);
      const copy = { name: `copy-${i}`, namespace, annotations: {}, labels: metadata.labels };
      return { what, features: needed(namespace, podSpec), ksvc: { ...ref, metadata: copy, spec } };
    });
  });

  afterAll(async () => {
    if (onKnative()) {
      await cluster().client.patch(CONFIG, { data: null });
    }
  });

  test('those that the library says are needed suffice, and without one of them Knative refuses the service', async () => {
    if (!onKnative()) {
      return;
    }
    const wrong: string[] = [];
    for (const { what, ksvc, features } of made) {
      const refusal = async () => (await cluster().refusal(ksvc)) ?? '';
      await enable(features);
      await until(`${what} is accepted with ${features}`, async () => await refusal() === '' ? true : undefined)
        .catch(async (error) => wrong.push(`${error.message}: ${await refusal()}`));
      for (const feature of features) {
        await enable(FEATURES.filter((other) => other !== feature));
        await until(`${what} is refused without ${feature}`, async () => await refusal() === '' ? undefined : true)
          .catch((error: Error) => wrong.push(error.message));
      }
    }
    expect(wrong).toEqual([]);
    expect(made.filter(({ features }) => features.length > 0).length).toBeGreaterThan(15);
  });
});

