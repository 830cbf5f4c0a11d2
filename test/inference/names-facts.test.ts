import * as fc from 'fast-check';
import { Manifest } from '../../src/core/manifest';
import { longestName, namesOfManifest } from '../../src/inference/names-facts';
import { contextOf } from './judge';

function service(metadata: object, spec: object): Manifest {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', ...metadata }, spec };
}

test('names follow from everything that the manifest says', () => {
  const names = namesOfManifest(service(
    { annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
    {
      predictor: { name: 'blue', annotations: { 'serving.kserve.io/autoscalerClass': 'keda' } },
      transformer: {},
      explainer: {},
      canary: [{ predictor: { name: 'green' } }],
    },
  ), contextOf());

  expect(names.all().filter(({ kind }) => ['Deployment', 'ScaledObject', 'HorizontalPodAutoscaler'].includes(kind)).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'Deployment iris-blue-predictor', 'ScaledObject iris-blue-predictor',
    'Deployment iris-transformer', 'HorizontalPodAutoscaler iris-transformer',
    'Deployment iris-explainer', 'HorizontalPodAutoscaler iris-explainer',
    'Deployment iris-green-predictor', 'ScaledObject iris-green-predictor',
  ]);
});

test('Knative\'s tags follow from the share of a canary and from tag routing', () => {
  const tags = (annotations: object, predictor: object) => namesOfManifest(service(
    { annotations: { 'serving.kserve.io/deploymentMode': 'Knative', ...annotations } }, { predictor },
  ), contextOf()).all().filter(({ kind, name }) => kind === 'Service' && name.endsWith('-iris-predictor')).map(({ name }) => name);

  expect(tags({}, {})).toEqual([]);
  expect(tags({ 'serving.kserve.io/enable-tag-routing': 'true' }, { canaryTrafficPercent: 10 })).toEqual(['prev-iris-predictor', 'latest-iris-predictor']);
});

test.each([
  ['Standard', 'networking.kserve.io/visibility'],
  ['Knative', 'networking.knative.dev/visibility'],
])('in %s mode %s keeps the service inside', (mode, label) => {
  const at = (labels: object) => namesOfManifest(service({ annotations: { 'serving.kserve.io/deploymentMode': mode }, labels }, { predictor: {} }), contextOf()).url;

  expect(at({ [label]: 'cluster-local' })).toBeUndefined();
  expect(at({ [label]: 'open' })).toBeDefined();
});

test('the longest name is remembered for services that are alike, and for no others', () => {
  const context = contextOf();
  const services = fc.record({
    mode: fc.constantFrom('Standard', 'Knative'),
    tagRouting: fc.constantFrom(undefined, 'true'),
    visibility: fc.constantFrom(undefined, 'cluster-local'),
    variant: fc.constantFrom(undefined, 'blue', 'a-long-variant'),
    workers: fc.constantFrom(undefined, {}),
    canaryTrafficPercent: fc.constantFrom(undefined, 10),
    transformer: fc.constantFrom(undefined, {}),
    explainer: fc.constantFrom(undefined, {}),
    canary: fc.constantFrom(undefined, [{ predictor: { name: 'green' } }], [{ predictor: { name: 'another-long-variant' } }]),
    namespace: fc.constantFrom(undefined, 'models', 'a-namespace-with-a-long-name'),
  });

  fc.assert(fc.property(services, ({ mode, tagRouting, visibility, variant, workers, canaryTrafficPercent, namespace, ...spec }) => {
    const manifest = service({
      annotations: { 'serving.kserve.io/deploymentMode': mode, ...tagRouting && { 'serving.kserve.io/enable-tag-routing': tagRouting } },
      labels: visibility && { 'networking.knative.dev/visibility': visibility },
    }, { predictor: { name: variant, workerSpec: workers, canaryTrafficPercent }, ...spec });
    const here = { ...context, namespace };

    expect(longestName(manifest, here)).toBe(namesOfManifest(manifest, here).longestName());
  }), { numRuns: 300 });
});
