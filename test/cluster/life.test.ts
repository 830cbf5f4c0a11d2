import { InferenceServiceProps, KedaMetric, Scaling, Transformer } from '../../src';
import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { forEachOf } from './support/parallel';
import { makeService, sklearn } from './support/service';

const TRANSFORMER = Transformer.fromContainer({ image: 'example/transformer:1' });

/** What a component has in Standard mode. */
const STANDARD_KINDS = [
  ['apps/v1', 'Deployment'], ['v1', 'Service'], ['autoscaling/v2', 'HorizontalPodAutoscaler'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
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

  const workload = (name: string, probe: (pod: any) => boolean) => onStandard()
    ? child('apps/v1', 'Deployment', name, ({ spec }) => probe(spec.template) || undefined)
    : child('serving.knative.dev/v1', 'Service', name, ({ spec }) => probe(spec.template) || undefined);

  test('changes of fields reach the pods', async () => {
    const service = await apply('changing', { transformer: TRANSFORMER });
    await cluster().untilReady(service, 100);

    await apply('changing', {
      transformer: TRANSFORMER,
      labels: { team: 'fraud' },
      predictor: sklearn({ args: ['--workers=2'], env: {}, annotations: { note: 'second' } }),
    });

    await workload('changing-predictor', ({ metadata, spec }) => metadata.labels.team === 'fraud' && metadata.annotations.note === 'second'
      && spec.containers.some(({ args = [] }: { args?: string[] }) => args.includes('--workers=2')));
    await cluster().untilReady(service, 100);
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

  test('a change from a HorizontalPodAutoscaler to KEDA leaves the old autoscaler behind', async () => {
    if (!onStandard()) {
      return;
    }
    await apply('scaled', { predictor: sklearn({ scaling: Scaling.cpu({ maxReplicas: 3 }) }) });
    await child('autoscaling/v2', 'HorizontalPodAutoscaler', 'scaled-predictor', (hpa) => hpa);

    await apply('scaled', { predictor: sklearn({ scaling: Scaling.keda({ maxReplicas: 3, metrics: [KedaMetric.cpu()] }) }) });
    await child('keda.sh/v1alpha1', 'ScaledObject', 'scaled-predictor', (scaler) => scaler);

    const hpa = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'scaled-predictor', namespace } };
    await expect(cluster().untilGone(hpa, 3)).rejects.toThrow('not within 3 s');
  });

  test('a stopped service has no pods, and has them again when it goes on', async () => {
    const service = await apply('changing', { stopped: true });
    await cluster().untilNone('v1', 'Pod', namespace, ({ metadata }) => metadata.name.startsWith('changing-predictor') && metadata.deletionTimestamp === undefined);

    await apply('changing', {});

    await cluster().untilReady(service, 100);
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
