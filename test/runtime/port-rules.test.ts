import { PORT_RULES } from '../../src/runtime/port-rules';
import { judge } from '../inference/judge';

const codes = (containers: object[], further = {}) =>
  judge(PORT_RULES, { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'acme' }, spec: { containers, ...further } });
const ports = [{ containerPort: 8080, name: 'http1' }, { containerPort: 9090 }];

test('a port without a name beside another one is found', () => {
  expect(codes([{ name: 'metrics' }, { name: 'kserve-container', ports }])).toEqual(['KSV1732 /spec/containers/1/ports/1']);
});

test.each<[string, object[], object]>([
  ['a single port', [{ name: 'kserve-container', ports: [{ containerPort: 8080 }] }], {}],
  ['ports of a container beside the server', [{ name: 'kserve-container' }, { name: 'metrics', ports }], {}],
  ['a runtime of ModelMesh, which makes no Service of them', [{ name: 'kserve-container', ports }], { multiModel: true }],
])('%s is not', (_, containers, further) => {
  expect(codes(containers, further)).toEqual([]);
});
