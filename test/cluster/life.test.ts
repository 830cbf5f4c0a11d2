import { Duration, Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-28';
import {
  Batcher, Explainer, InferenceLogger, InferenceProtocol, InferenceServiceProps, KedaMetric, ModelFormat, ModelSource, Scaling, Transformer,
} from '../../src';
import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { until } from './bench/wait';
import { build } from './support/effects/build';
import { childrenIn } from './support/effects/children';
import { forEachOf } from './support/parallel';
import { makeService, sklearn } from './support/service';

const TRANSFORMER = Transformer.fromContainer({ image: 'example/transformer:1' });

/** What a component has in Standard mode. */
const STANDARD_KINDS = [
  ['apps/v1', 'Deployment'], ['v1', 'Service'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
];

const EXPLAINER = Explainer.fromContainer({ image: 'example/explainer:1' });

/** One change after the other, each with what of the child objects then shows every field of it. */
const CHANGES: { readonly props: () => object; readonly shows: RegExp[] }[] = [
  {
    props: () => ({
      source: ModelSource.gcs('gs://bench/iris/second'),
      resources: { cpu: { request: Cpu.millis(701), limit: Cpu.units(2) }, memory: { request: Size.mebibytes(701), limit: Size.gibibytes(2) } },
      env: { SECOND: EnvValue.fromValue('set') },
      labels: { 'acme.org/second': 'label' },
      annotations: { 'acme.org/second': 'note' },
    }),
    shows: [/gs:\/\/bench\/iris\/second/, /requests\.cpu = 701m/, /requests\.memory = 701Mi/, /SECOND/, /acme\.org\/second = label/, /acme\.org\/second = note/],
  },
  {
    props: () => ({
      scaling: cluster().mode === 'standard' ? Scaling.cpu({ minReplicas: 2, maxReplicas: 4 }) : Scaling.concurrency({ minReplicas: 2, maxReplicas: 4 }),
      timeout: Duration.seconds(91),
      logger: InferenceLogger.all({ url: 'http://sink.example.com' }),
      batcher: Batcher.of({ maxBatchSize: 7, maxLatency: Duration.millis(70) }),
    }),
    shows: [/(minReplicas|min-scale) = 2/, /(maxReplicas|max-scale) = 4/, /(timeoutSeconds|timeouts\.request) = (91s?|1m31s)/, /sink\.example\.com/, /max-?[bB]atch-?[sS]ize = 7|= 7$/],
  },
  { props: () => ({ protocol: InferenceProtocol.V2 }), shows: [/image = .*mlserver/] },
  { props: () => ({ format: ModelFormat.LIGHTGBM }), shows: [/image = kserve\/lgbserver/] },
];

/** Ways to scale in Standard mode, one after the other, and the autoscalers that are there afterwards, old ones among them. */
const SWITCHES: { readonly to: string; readonly scaling: () => Scaling; readonly left: string[] }[] = [
  { to: 'hpa', scaling: () => Scaling.cpu({ maxReplicas: 3 }), left: ['HorizontalPodAutoscaler'] },
  { to: 'none', scaling: () => Scaling.fixed(2), left: [] },
  { to: 'keda', scaling: () => Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu()] }), left: ['ScaledObject'] },
  { to: 'external', scaling: () => Scaling.external(), left: ['ScaledObject'] },
  { to: 'hpa', scaling: () => Scaling.cpu({ maxReplicas: 4 }), left: ['HorizontalPodAutoscaler', 'ScaledObject'] },
  { to: 'keda', scaling: () => Scaling.keda({ maxReplicas: 5, metrics: [KedaMetric.cpu()] }), left: ['HorizontalPodAutoscaler', 'ScaledObject'] },
  { to: 'hpa', scaling: () => Scaling.cpu({ maxReplicas: 6 }), left: ['HorizontalPodAutoscaler', 'ScaledObject'] },
  { to: 'none', scaling: () => Scaling.fixed(1), left: ['ScaledObject'] },
];

const onStandard = () => cluster().mode === 'standard';

describe('the life of a service', () => {
  let namespace: string;

  beforeAll(async () => {
    namespace = await cluster().namespace('life');
  });

  /** Applies what the program makes now, and returns the service. */
  async function apply(name: string, props: Partial<InferenceServiceProps>): Promise<KubeObject> {
    const { object } = makeService(cluster(), namespace, name, props);
    return cluster().client.apply(object);
  }

  /** The object of a kind that is called like the predictor, as soon as it is as it should be. */
  async function child<T>(apiVersion: string, kind: string, name: string, probe: (object: KubeObject) => T | undefined): Promise<T> {
    return cluster().until('follows the service', { apiVersion, kind, metadata: { name, namespace } }, probe);
  }

  /** The kinds of autoscalers of a component. */
  async function autoscalers(name: string): Promise<string[]> {
    const kinds = [['autoscaling/v2', 'HorizontalPodAutoscaler'], ['keda.sh/v1alpha1', 'ScaledObject']];
    const found = await forEachOf(kinds, ([apiVersion, kind]) => cluster().client.find({ apiVersion, kind, metadata: { name, namespace } }));
    return kinds.filter((_, i) => found[i] !== undefined).map(([, kind]) => kind);
  }

  const workload = (name: string, probe: (pod: any) => boolean) => onStandard()
    ? child('apps/v1', 'Deployment', name, ({ spec }) => probe(spec.template) || undefined)
    : child('serving.knative.dev/v1', 'Service', name, ({ spec }) => probe(spec.template) || undefined);

  test('changes of fields reach the pods', async () => {
    const service = await apply('changing', { transformer: TRANSFORMER });
    await cluster().untilReady(service);

    await apply('changing', {
      transformer: TRANSFORMER,
      labels: { team: 'fraud' },
      predictor: sklearn({ args: ['--workers=2'], env: {}, annotations: { note: 'second' } }),
    });

    await workload('changing-predictor', ({ metadata, spec }) => metadata.labels.team === 'fraud' && metadata.annotations.note === 'second'
      && spec.containers.some(({ args = [] }: { args?: string[] }) => args.includes('--workers=2')));
    await cluster().untilReady(service);
  });

  test('what is taken away from the program is taken away from the pods', async () => {
    await apply('changing', { transformer: TRANSFORMER });

    await workload('changing-predictor', ({ metadata, spec }) => metadata.labels.team === undefined && metadata.annotations?.note === undefined
      && !spec.containers.some(({ args = [] }: { args?: string[] }) => args.includes('--workers=2')));
  });

  test('the mode of a live service cannot be changed, as the library says of every service', async () => {
    const { object } = makeService(cluster(), namespace, 'changing', { transformer: TRANSFORMER });
    const other = onStandard() ? 'Knative' : 'Standard';
    const annotations = { ...object.metadata.annotations, 'serving.kserve.io/deploymentMode': other };

    expect(await cluster().refusal({ ...object, metadata: { ...object.metadata, annotations } })).toMatch(/deploymentMode|deployment mode/i);
  });

  test('a transformer that is removed leaves the way to the predictor', async () => {
    await apply('changing', {});

    const ref = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'changing', namespace } };
    const { internalUrl } = makeService(cluster(), namespace, 'changing').service;
    await cluster().until('its address is that of the predictor', ref, ({ status }) => status.address?.url === internalUrl || undefined);
  });

  test('KServe leaves the objects of a removed transformer behind, until they are deleted by hand or the service is', async () => {
    const kinds = onStandard() ? STANDARD_KINDS : [['serving.knative.dev/v1', 'Service']];

    const left = await forEachOf(kinds, ([apiVersion, kind]) => cluster().client.find({ apiVersion, kind, metadata: { name: 'changing-transformer', namespace } }));

    expect(kinds.filter((_, i) => left[i] === undefined)).toEqual([]);
  });

  test('KServe leaves the objects of a removed explainer behind, too', async () => {
    await cluster().untilReady(await apply('explained', { explainer: EXPLAINER }));
    await apply('explained', { annotations: { 'acme.org/without': 'explainer' } });

    await workload('explained-predictor', ({ metadata }) => metadata.annotations['acme.org/without'] === 'explainer');
    const kinds = onStandard() ? STANDARD_KINDS : [['serving.knative.dev/v1', 'Service']];
    const left = await forEachOf(kinds, ([apiVersion, kind]) => cluster().client.find({ apiVersion, kind, metadata: { name: 'explained-explainer', namespace } }));
    expect(kinds.filter((_, i) => left[i] === undefined)).toEqual([]);
  });

  test('every kind of field can be changed', async () => {
    await apply('fields', {});

    for (const { props, shows } of CHANGES) {
      await apply('fields', { predictor: sklearn(props()) });
      await until(`fields shows ${shows}`, async () => {
        const lines = [...(await childrenIn(cluster(), namespace))('fields')].map(([path, value]) => `${path} = ${value}`);
        return shows.every((shown) => lines.some((line) => shown.test(line))) || undefined;
      });
    }
  });

  test('the runtime of a service can be changed', async () => {
    const { objects } = build(cluster(), namespace, 'moved', 'runtime', {});
    for (const object of [...objects, ...build(cluster(), namespace, 'moved', 'model', {}).objects]) {
      await cluster().client.apply(object, { force: true });
    }

    await workload('moved-predictor', ({ spec }) => spec.containers.some(({ image }: { image: string }) => image.includes('sklearnserver')));
  });

  test('a change of the autoscaler makes the new one, and leaves what is listed here', async () => {
    if (!onStandard()) {
      return;
    }
    for (const [i, { to, scaling, left }] of SWITCHES.entries()) {
      const marker = { 'acme.org/switch': `${i}` };
      await apply('scaled', { annotations: marker, predictor: sklearn({ scaling: scaling() }) });
      await child('apps/v1', 'Deployment', 'scaled-predictor', ({ metadata }) => metadata.annotations?.['acme.org/switch'] === `${i}` || undefined);
      const made = { hpa: ['autoscaling/v2', 'HorizontalPodAutoscaler'], keda: ['keda.sh/v1alpha1', 'ScaledObject'] }[to];
      if (made !== undefined) {
        await child(made[0], made[1], 'scaled-predictor', ({ metadata }) => metadata.annotations?.['acme.org/switch'] === `${i}` || undefined);
      }
      // the Deployment is written first; what is deleted goes a moment later
      await until(`after the change to ${to} there are [${left}]`, async () => String(await autoscalers('scaled-predictor')) === String(left) || undefined, {
        explain: async () => `there are [${await autoscalers('scaled-predictor')}]`,
      });
    }
  });

  test("a change of Knative's autoscaler replaces the annotations of the old one", async () => {
    if (onStandard()) {
      return;
    }
    for (const [scaling, annotations] of [
      [Scaling.concurrency({ target: 5, maxReplicas: 3 }), { metric: 'concurrency', target: '5' }],
      [Scaling.rps({ target: 50 }), { metric: 'rps', target: '50' }],
      [Scaling.fixed(2), { 'min-scale': '2', 'max-scale': '2' }],
      [Scaling.cpu({ maxReplicas: 3, targetUtilization: 60 }), { class: 'hpa.autoscaling.knative.dev', metric: 'cpu', target: '60' }],
      [Scaling.concurrency({ target: 6 }), { metric: 'concurrency', target: '6' }],
    ] as const) {
      await apply('scaled', { predictor: sklearn({ scaling }) });
      await workload('scaled-predictor', ({ metadata }) => ['class', 'metric', 'target'].every((key) => {
        const wanted = (annotations as { [key: string]: string })[key];
        const value = metadata.annotations?.[`autoscaling.knative.dev/${key}`];
        return key === 'class' && wanted === undefined ? value !== 'hpa.autoscaling.knative.dev' : value === wanted;
      }));
    }
  });

  test('a service that is not updated keeps its pods as they are', async () => {
    await cluster().untilReady(await apply('kept', { disableAutoUpdate: true }));

    await apply('kept', { disableAutoUpdate: true, predictor: sklearn({ args: ['--workers=2'] }) });

    await expect(until('kept follows', async () => {
      const lines = [...(await childrenIn(cluster(), namespace))('kept')];
      return lines.some(([, value]) => value === '--workers=2') || undefined;
    }, { seconds: 4 })).rejects.toThrow('not within 4 s');
  });

  test('a stopped graph has no router, and has one again when it goes on', async () => {
    const kind = onStandard() ? { apiVersion: 'apps/v1', kind: 'Deployment' } : { apiVersion: 'serving.knative.dev/v1', kind: 'Service' };
    const router = { ...kind, metadata: { name: 'routed', namespace } };
    const graph = (props: object) => cluster().client.apply(build(cluster(), namespace, 'routed', 'graph', props).main);
    await cluster().untilReady(await graph({}));

    await graph({ stopped: true });
    await cluster().untilGone(router);
    await graph({});

    await child(router.apiVersion, router.kind, 'routed', (object) => object);
  });

  test('a trained model that comes before its service is deleted', async () => {
    const { objects } = build(cluster(), namespace, 'absent', 'trainedModel', { isTrained: true });
    const model = objects.find(({ kind }) => kind === 'TrainedModel')!;

    await cluster().client.apply(model);

    await cluster().untilGone(model);
  });

  test('a stopped service has no pods, and has them again when it goes on', async () => {
    const service = await apply('changing', { stopped: true });
    await cluster().untilNone('v1', 'Pod', namespace, ({ metadata }) => metadata.name.startsWith('changing-predictor') && metadata.deletionTimestamp === undefined);

    await apply('changing', {});

    await cluster().untilReady(service);
  });

  test('a deleted service takes everything along', async () => {
    const { object } = makeService(cluster(), namespace, 'changing');

    await cluster().client.delete(object);

    await cluster().untilGone(object);
    for (const [apiVersion, kind] of onStandard() ? [['apps/v1', 'Deployment'], ['v1', 'Service']] : [['serving.knative.dev/v1', 'Service'], ['v1', 'Service']]) {
      await cluster().untilNone(apiVersion, kind, namespace, ({ metadata }) => metadata.name.startsWith('changing'));
    }
  });
});
