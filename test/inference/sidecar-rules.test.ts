import { judge, standard } from './judge';
import { SIDECAR_RULES } from '../../src/inference/sidecar-rules';

const RUNTIME = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  name: 'acme',
  spec: { supportedModelFormats: [{ name: 'acme' }], containers: ['metrics', 'kserve-container', 'transformer-container'].map((name) => ({ name, image: name })) },
};
const codes = (...names: string[]) =>
  judge(SIDECAR_RULES, standard({ model: { modelFormat: { name: 'acme' }, runtime: 'acme' }, containers: names.map((name) => ({ name })) }), { others: [RUNTIME] });

test('a container that the runtime has too is found', () => {
  expect(codes('cache', 'metrics')).toEqual(['KSV1436 /spec/predictor/containers/1/name']);
});

test('containers that KServe merges may have the names of the runtime', () => {
  expect(codes('transformer-container')).toEqual([]);
});

test('nothing is said of a runtime that is not known', () => {
  expect(judge(SIDECAR_RULES, standard({ model: { modelFormat: { name: 'acme' }, runtime: 'acme' }, containers: [{ name: 'metrics' }] }))).toEqual([]);
});
