import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-28';
import {
  Batcher, DeploymentStrategy, Explainer, InferenceLogger, InferenceServiceProps, KedaMetric, KnativeFeatures, Placement, PodSecurity, Protocol,
  Scaling, Transformer,
} from '../../src';
import { KubeObject } from './bench/client';
import { CACHE } from './bench/paths';
import { cluster } from './bench/suite';
import { forEachOf } from './support/parallel';
import { MadeService, makeService, sklearn } from './support/service';

type Props = Partial<InferenceServiceProps>;
const predictor = (props: object): Props => ({ predictor: sklearn(props) });

/** One program for each prop that reaches the cluster. */
const PROPS: { [prop: string]: Props } = {
  'labels': { labels: { team: 'fraud' } },
  'annotations': { annotations: { 'acme.org/note': 'x' } },
  'clusterLocal': { clusterLocal: true },
  'tagRouting': { tagRouting: true },
  'rolloutDuration': { rolloutDuration: Duration.minutes(5) },
  'prometheusScraping': { prometheusScraping: true },
  'metricAggregation': { metricAggregation: true },
  'writableModel': { writableModel: true },
  'storageInitializerUid': { storageInitializerUid: 1337 },
  'transformer': { transformer: Transformer.fromContainer({ image: 'example/transformer:1' }) },
  'transformer (collocated)': { transformer: Transformer.collocated({ image: 'example/transformer:1' }) },
  'explainer': { explainer: Explainer.fromContainer({ image: 'example/explainer:1' }) },
  'predictor.protocol': predictor({ protocol: Protocol.V2 }),
  'predictor.args': predictor({ args: ['--nthread=2'] }),
  'predictor.env': predictor({ env: { A: EnvValue.fromValue('b') } }),
  'predictor.runtimeVersion': predictor({ runtimeVersion: 'v0.15.0' }),
  'predictor.resources.cpu': predictor({ resources: { cpu: { request: Cpu.millis(500), limit: Cpu.units(2) } } }),
  'predictor.resources.memory': predictor({ resources: { memory: { request: Size.gibibytes(1), limit: Size.gibibytes(4) } } }),
  'predictor.resources.gpu': predictor({ resources: { gpu: { count: 1 } } }),
  'predictor.labels': predictor({ labels: { a: 'b' } }),
  'predictor.annotations': predictor({ annotations: { 'acme.org/a': 'b' } }),
  'predictor.timeout': predictor({ timeout: Duration.seconds(120) }),
  'predictor.containerConcurrency': predictor({ containerConcurrency: 4 }),
  'predictor.logger': predictor({ logger: InferenceLogger.all({ url: 'http://sink.logging' }) }),
  'predictor.logger.metadataHeaders': predictor({ logger: InferenceLogger.all({ url: 'http://sink.logging', metadataHeaders: ['x-tenant'] }) }),
  'predictor.batcher': predictor({ batcher: Batcher.of({ maxBatchSize: 16, maxLatency: Duration.millis(50) }) }),
  'predictor.deploymentStrategy': predictor({ deploymentStrategy: DeploymentStrategy.recreate() }),
  'predictor.placement': predictor({ placement: Placement.of({ nodeSelector: { 'kubernetes.io/os': 'linux' } }) }),
  'predictor.podSecurity': predictor({ podSecurity: PodSecurity.RESTRICTED }),
  'predictor.podSpec.terminationGracePeriodSeconds': predictor({ podSpec: { terminationGracePeriodSeconds: 99 } }),
  'predictor.podSpec.priorityClassName': predictor({ podSpec: { priorityClassName: 'system-node-critical' } }),
  'predictor.scaling: concurrency': predictor({ scaling: Scaling.concurrency({ minReplicas: 1, maxReplicas: 3, target: 5 }) }),
  'predictor.scaling: rps': predictor({ scaling: Scaling.rps({ target: 50 }) }),
  'predictor.scaling: cpu': predictor({ scaling: Scaling.cpu({ minReplicas: 2, maxReplicas: 5, targetUtilization: 60 }) }),
  'predictor.scaling: memory': predictor({ scaling: Scaling.memory({ maxReplicas: 5, targetUtilization: 60 }) }),
  'predictor.scaling: keda': predictor({ scaling: Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu({ targetUtilization: 50 })] }) }),
  'predictor.scaling: fixed': predictor({ scaling: Scaling.fixed(3) }),
  'predictor.scaling: external': predictor({ scaling: Scaling.external() }),
};

const KINDS: [apiVersion: string, kind: string][] = [
  ['apps/v1', 'Deployment'], ['v1', 'Service'], ['v1', 'Pod'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['keda.sh/v1alpha1', 'ScaledObject'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['networking.istio.io/v1beta1', 'VirtualService'], ['serving.knative.dev/v1', 'Service'],
];

/** Knative's flags as it comes. */
const BY_DEFAULT: KnativeFeatures = {
  affinity: false,
  nodeSelector: false,
  tolerations: false,
  topologySpreadConstraints: false,
  securityContext: false,
  priorityClassName: false,
  schedulerName: false,
  runtimeClassName: false,
  initContainers: false,
};

/** Props without an effect of which no rule warns: Knative takes the grace period from the timeout. */
const SILENT: { [mode: string]: string[] | undefined } = { knative: ['predictor.podSpec.terminationGracePeriodSeconds'] };

/** Knative's HPA extension, which would start these, is not on the bench. */
const NEVER_READY: { [mode: string]: string[] | undefined } = { knative: ['predictor.scaling: cpu'] };

const ksvcOf = ({ metadata: { name, namespace } }: KubeObject) =>
  ({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: `${name}-predictor`, namespace } });

/** What is random or follows from names. */
const NOISE = /kube-api-access|uid|UID|hash|\/creator|lastModifier|resourceVersion|clusterIP|revision|nodeName|podIP|generation|enableServiceLinks/;

/** The values of an object's fields that say what it does, by path. */
function fieldsOf({ apiVersion, kind, metadata, spec }: KubeObject, service: string): Map<string, string> {
  const fields = new Map<string, string>();
  const collect = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null) {
      Object.entries(value).forEach(([key, item]) => collect(item, `${path}.${key}`));
    } else if (!NOISE.test(path) && !NOISE.test(String(value))) {
      fields.set(path, String(value).replaceAll(service, 'NAME'));
    }
  };
  const title = `${apiVersion.startsWith('serving.knative') ? 'Knative ' : ''}${kind}`;
  const part = /-(transformer|explainer)/.exec(metadata.name)?.[1] ?? '';
  collect({ labels: metadata.labels, annotations: metadata.annotations, spec }, `${title}${part && ` (${part})`} `);
  return fields;
}

async function childrenOf(namespace: string, service: string): Promise<Map<string, string>> {
  const served = await forEachOf(KINDS, ([apiVersion, kind]) => cluster().client.serves(apiVersion, kind));
  const lists = await forEachOf(KINDS.filter((_, i) => served[i]), ([apiVersion, kind]) => cluster().client.list(apiVersion, kind, { namespace }));
  const own = lists.flat().filter(({ metadata }) => metadata.name === service || metadata.name.startsWith(`${service}-`));
  return new Map(own.flatMap((object) => [...fieldsOf(object, service)]));
}

function changesBetween(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}

describe('every prop has an effect', () => {
  test('on the objects that KServe makes, or the library says that it has none', async () => {
    const namespace = await cluster().namespace('effects');
    const made: [string, MadeService][] = Object.entries({ base: {}, ...PROPS }).map(([prop, props], i) => [prop,
      makeService(cluster(), namespace, `s${i}e`, props, { knativeFeatures: BY_DEFAULT })]);
    const known = made.map(([prop, service]) => ({ prop, ...service }));

    const rows = await forEachOf(known, async ({ prop, object, errors, warnings, service }) => {
      if (errors.length > 0) {
        return { prop, refused: errors };
      }
      await cluster().client.apply(object);
      const live = await (NEVER_READY[cluster().mode]?.includes(prop)
        ? cluster().until('KServe has made the ksvc', ksvcOf(object), (ksvc) => ksvc, 200)
        : cluster().untilReady(object, 200));
      const children = await childrenOf(namespace, service.name);
      children.set('status .url', String(live.status?.url).replaceAll(service.name, 'NAME'));
      return { prop, warnings, children };
    }, 100);

    const base = rows[0].children!;
    const table = rows.slice(1).map(({ prop, refused, warnings, children }) => ({
      prop, refused, warnings, changes: children ? changesBetween(base, children) : [],
    }));
    const folder = join(CACHE, 'verified');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${cluster().state.kserve}-${cluster().mode}.json`), JSON.stringify(table, undefined, 1));
    const without = table.filter(({ refused, warnings, changes }) => refused === undefined && warnings!.length === 0 && changes.length === 0);
    expect(without.map(({ prop }) => prop)).toEqual(SILENT[cluster().mode] ?? []);
  }, 300_000);
});
