import { Explainer, InferenceServiceProps, KedaMetric, Scaling, Transformer } from '../../src';
import { KubeObject, ObjectRef } from './bench/client';
import { isTrue } from './bench/handle';
import { cluster } from './bench/suite';
import { forEachOf } from './support/parallel';
import { MadeService, makeService, sklearn } from './support/service';

const TRANSFORMER = Transformer.fromContainer({ image: 'example/transformer:1' });
const EXPLAINER = Explainer.fromContainer({ image: 'example/explainer:1' });

/** The shapes of services whose names differ, by what is in their names. */
const SHAPES: { [shape: string]: Partial<InferenceServiceProps> } = {
  plain: {},
  transformed: { transformer: TRANSFORMER },
  explained: { explainer: EXPLAINER },
  whole: { transformer: TRANSFORMER, explainer: EXPLAINER },
  local: { clusterLocal: true },
};

const SHAPES_OF_MODE: { [mode: string]: typeof SHAPES } = {
  standard: {
    collocated: { transformer: Transformer.collocated({ image: 'example/transformer:1' }) },
    keda: { predictor: sklearn({ scaling: Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu()] }) }) },
    external: { predictor: sklearn({ scaling: Scaling.external() }) },
    fixed: { predictor: sklearn({ scaling: Scaling.fixed(2) }), transformer: TRANSFORMER },
    triggered: { predictor: sklearn({ scaling: Scaling.kedaTriggers({ triggers: [] }) }) },
  },
  knative: {
    tagged: { tagRouting: true },
  },
};

/** Kinds of the objects that KServe makes itself. */
const KINDS: [apiVersion: string, kind: string][] = [
  ['apps/v1', 'Deployment'], ['v1', 'Service'], ['v1', 'ConfigMap'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['keda.sh/v1alpha1', 'ScaledObject'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['networking.k8s.io/v1', 'Ingress'], ['networking.istio.io/v1beta1', 'VirtualService'],
  ['serving.knative.dev/v1', 'Service'],
];

interface Seen extends MadeService {
  readonly shape: string;
  readonly live: KubeObject;
}

const TOO_LONG = /must be no more than 63|longer than 63|should be|exceed/;

/** What the controllers say of a service and its objects, in conditions and events. */
async function said({ metadata: { name, namespace }, status }: KubeObject): Promise<string> {
  const events = await cluster().client.list('v1', 'Event', { namespace });
  return [...status?.conditions ?? [], ...events.filter(({ involvedObject }) => involvedObject.name.startsWith(name.slice(0, 30)))]
    .map(({ message }: { message?: string }) => message).join('\n');
}

describe('names and addresses', () => {
  let seen: Seen[];

  beforeAll(async () => {
    const shapes = Object.entries({ ...SHAPES, ...SHAPES_OF_MODE[cluster().mode] });
    // each shape under a short and under the longest name that the library lets pass
    const wanted = shapes.flatMap(([shape, props]) => ['short', 'longest'].map((length) => ({ shape: `${shape}, ${length}`, length, props })));
    seen = await forEachOf(wanted, async ({ shape, length, props }) => {
      const namespace = await cluster().namespace('names');
      const { names } = makeService(cluster(), namespace, 'iris', props).service;
      const made = makeService(cluster(), namespace, length === 'short' ? 'iris' : 'n'.repeat(names.longestName()), props);
      expect([shape, made.errors.filter((code) => code.startsWith('KSV11'))]).toEqual([shape, []]);
      await cluster().client.apply(made.object);
      return { ...made, shape, live: await cluster().untilReady(made.object) };
    }, 40);
  });

  test('every object that is foretold is there', async () => {
    const missing = await forEachOf(seen, async ({ shape, service: { names, namespace } }) => {
      const objects = names.all().flatMap(({ kind, apiVersion, name }) =>
        apiVersion === undefined ? [] : [{ apiVersion, kind, metadata: { name, namespace } }]);
      const found = await forEachOf(objects, (ref: ObjectRef) => cluster().until('is there', ref, (object) => object).catch(() => undefined));
      return objects.filter((_, i) => found[i] === undefined).map(({ kind, metadata }) => `${shape}: ${kind} ${metadata.name}`);
    });

    expect(missing.flat()).toEqual([]);
  });

  test('every object that KServe made is foretold', async () => {
    const surprises = await forEachOf(seen, async ({ shape, service: { names, namespace } }) => {
      const kinds = await forEachOf(KINDS, ([apiVersion, kind]) => cluster().client.serves(apiVersion, kind));
      const lists = await forEachOf(KINDS.filter((_, i) => kinds[i]), ([apiVersion, kind]) => cluster().client.list(apiVersion, kind, { namespace }));
      const foretold = names.all().map(({ kind, apiVersion, name }) => `${apiVersion} ${kind} ${name}`);
      return lists.flat().filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'InferenceService'))
        .map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)
        .filter((name) => !foretold.includes(name))
        .map((name) => `${shape}: ${name}`);
    });

    expect(surprises.flat()).toEqual([]);
  });

  test('pods carry the labels that are foretold, and no label is longer', async () => {
    const missing = await forEachOf(seen, async ({ shape, service: { names, namespace } }) => {
      const pods = await cluster().client.list('v1', 'Pod', { namespace });
      const values = pods.flatMap(({ metadata }) => Object.values(metadata.labels ?? {}));
      return names.all().filter(({ kind, name }) => kind === 'Label' && !values.includes(name)).map(({ name }) => `${shape}: ${name}`);
    });

    expect(missing.flat()).toEqual([]);
  });

  test('routes have the hosts that are foretold', async () => {
    const hosts = await forEachOf(seen, async ({ shape, service: { names, namespace } }) => {
      const routes = cluster().mode === 'standard'
        ? (await cluster().client.list('gateway.networking.k8s.io/v1', 'HTTPRoute', { namespace })).flatMap(({ spec }) => spec.hostnames)
        : (await forEachOf(await cluster().client.list('serving.knative.dev/v1', 'Route', { namespace }), (route) =>
          cluster().until('leads somewhere', route, ({ status }) => status?.traffic && status)))
          .flatMap(({ url, traffic }) => [url, ...traffic.flatMap((part: { url?: string }) => part.url ?? [])])
          .map((url: string) => new URL(url).host).filter((host) => host.endsWith('.example.com'));
      const foretold = names.all().filter(({ kind }) => kind === 'Host').map(({ name }) => name);
      return { shape, unforeseen: routes.filter((host: string) => !foretold.includes(host)) };
    });

    expect(hosts.filter(({ unforeseen }) => unforeseen.length > 0)).toEqual([]);
  });

  test('addresses are those of the status', () => {
    const exposed = seen.filter(({ shape }) => !shape.startsWith('local'));

    expect(seen.map(({ shape, live }) => [shape, live.status.address?.url])).toEqual(seen.map(({ shape, service }) => [shape, service.internalUrl]));
    expect(exposed.map(({ shape, live }) => [shape, live.status.url])).toEqual(exposed.map(({ shape, service }) => [shape, service.url]));
  });

  test('a name that is one longer does not work', async () => {
    const outcome = await forEachOf(Object.entries(SHAPES), async ([shape, props]) => {
      const namespace = await cluster().namespace('names');
      const { names } = makeService(cluster(), namespace, 'iris', props).service;
      const made = makeService(cluster(), namespace, 'n'.repeat(names.longestName() + 1), props);
      expect([shape, made.errors]).toEqual([shape, ['KSV1102']]);
      const refusal = await cluster().client.apply(made.object).then(() => undefined, (error: Error) => error.message);
      if (refusal !== undefined) {
        return [shape, 'refused'];
      }
      const after = await cluster().until('Ready or in vain', made.object, async (object) => (isTrue(object, 'Ready') ? 'Ready' : TOO_LONG.exec(await said(object))?.[0]));
      return [shape, after];
    });

    expect(outcome.filter(([, after]) => after === 'Ready')).toEqual([]);
  });
});
