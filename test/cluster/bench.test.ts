import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';

/** An InferenceService in the mode of the cluster. */
function service(name: string, namespace: string, spec: object): KubeObject {
  const mode = cluster().mode === 'standard' ? 'Standard' : 'Knative';
  const annotations = { 'serving.kserve.io/deploymentMode': mode };
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace, annotations }, spec };
}

const MODEL = { modelFormat: { name: 'sklearn' }, storageUri: 's3://bucket/iris' };

describe('the bench', () => {
  let namespace: string;

  beforeAll(async () => {
    namespace = await cluster().namespace('bench');
  });

  test('runs the release that was asked for', async () => {
    const crd = await cluster().client.find({
      apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'inferenceservices.serving.kserve.io' },
    });

    const fields = Object.keys(crd!.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties);

    expect(fields.includes('canary')).toBe(cluster().release._data.abilities.canaryPredictors);
  });

  test('brings a service to Ready', async () => {
    const iris = service('iris', namespace, { predictor: { model: MODEL } });

    await cluster().client.apply(iris);
    const ready = await cluster().untilReady(iris);

    expect(ready.status.url).toBe(cluster().mode === 'standard' ? `http://iris-${namespace}.example.com` : `http://iris.${namespace}.example.com`);
    expect(ready.status.clusterServingRuntimeName).toBe('kserve-sklearnserver');
  });

  test('brings a service with transformer and explainer to Ready', async () => {
    const container = (image: string) => ({ containers: [{ name: 'kserve-container', image }] });
    const iris = service('whole', namespace, {
      predictor: { model: MODEL }, transformer: container('example/transformer:1'), explainer: container('example/explainer:1'),
    });

    await cluster().client.apply(iris);
    const ready = await cluster().untilReady(iris);

    expect(Object.keys(ready.status.components).sort()).toEqual(['explainer', 'predictor', 'transformer']);
  });

  test("gives the webhook's words for a refusal", async () => {
    const bad = service('bad', namespace, { predictor: { minReplicas: 3, maxReplicas: 2, model: MODEL } });

    expect(await cluster().refusal(bad)).toContain("'MinReplicas' cannot be greater than MaxReplicas");
  });

  test('refuses a field that the schema does not have', async () => {
    const bad = service('bad', namespace, { predictor: { model: { ...MODEL, storageURL: 's3://bucket/iris' } } });

    expect(await cluster().refusal(bad)).toContain('.spec.predictor.model.storageURL: field not declared in schema');
  });

  test('tells all about an object that does not get there in time', async () => {
    const lost = service('lost', namespace, { predictor: { model: { ...MODEL, modelFormat: { name: 'unheard-of' } } } });
    await cluster().client.apply(lost);

    const waiting = cluster().untilReady(lost, 3);

    await expect(waiting).rejects.toThrow(/Ready: not within 3 s[\s\S]*unheard-of[\s\S]*--- events[\s\S]*--- kserve-manager\n\{[^\n]*lost/);
  });

  test('lets go of everything that a deleted service had', async () => {
    const iris = service('short', namespace, { predictor: { model: MODEL } });
    await cluster().client.apply(iris);
    await cluster().untilReady(iris);

    await cluster().client.delete(iris);

    await cluster().untilGone(iris);
    await cluster().untilNone('apps/v1', 'Deployment', namespace, ({ metadata }) => metadata.name.startsWith('short-'));
  });
});
