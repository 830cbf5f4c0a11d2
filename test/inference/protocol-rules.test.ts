import { judge, knative, standard } from './judge';
import { PROTOCOL_RULES } from '../../src/inference/protocol-rules';

const MODEL = { modelFormat: { name: 'sklearn' }, storageUri: 'gs://models/iris/v1/' };
const SIDECAR = { name: 'metrics', image: 'metrics' };
const PORTS = [{ containerPort: 8080 }];

const found = (manifest: object) => judge(PROTOCOL_RULES, manifest).filter((finding) => finding.startsWith('KSV1433'));

test('with several containers Knative asks for a port', () => {
  expect(found(knative({ model: MODEL, containers: [SIDECAR] }))).toEqual(['KSV1433 /spec/predictor/containers']);
  expect(found(knative({ containers: [{ name: 'kserve-container', image: 'server' }, SIDECAR] }))).toEqual(['KSV1433 /spec/predictor/containers']);
});

test.each<[string, object]>([
  ['the model declares one', knative({ model: { ...MODEL, ports: PORTS }, containers: [SIDECAR] })],
  ['the other container declares one', knative({ model: MODEL, containers: [{ ...SIDECAR, ports: PORTS }] })],
  ['there is one container', knative({ model: MODEL })],
  ['the runtime is not known', knative({ model: { ...MODEL, runtime: 'acme-server' }, containers: [SIDECAR] })],
  ['the mode is Standard', standard({ model: MODEL, containers: [SIDECAR] })],
])('nothing is missing where %s', (_, manifest) => {
  expect(found(manifest)).toEqual([]);
});
