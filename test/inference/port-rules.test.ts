import { judge, knative, standard } from './judge';
import { Deferred } from '../../src/core/deferred';
import { PORT_RULES } from '../../src/inference/port-rules';

const server = (...ports: object[]) => ({ name: 'kserve-container', image: 'server', ports });
const HTTP = { containerPort: 8080, name: 'http1' };

test.each<[string, object, string[]]>([
  ['one port without a name', { containers: [server({ containerPort: 8080 })] }, []],
  ['two named ports', { containers: [server(HTTP, { containerPort: 9090, name: 'metrics' })] }, []],
  ['a second port without a name', { containers: [server(HTTP, { containerPort: 9090 })] }, ['containers/0/ports/1']],
  ['an empty name', { containers: [server(HTTP, { containerPort: 9090, name: '' })] }, ['containers/0/ports/1']],
  ['a name that is not known yet', { containers: [server(HTTP, { containerPort: 9090, name: new Deferred('name') })] }, []],
  ['two ports without names', { model: { modelFormat: { name: 'sklearn' }, ports: [{ containerPort: 1 }, { containerPort: 2 }] } }, ['model/ports/0', 'model/ports/1']],
  ['ports of a container that is not called', { containers: [server(HTTP), { name: 'side', ports: [{ containerPort: 1 }, { containerPort: 2 }] }] }, []],
  ['ports of a collocated transformer', { containers: [server({ containerPort: 8085 }), { name: 'transformer-container', ports: [HTTP, { containerPort: 2 }] }] }, ['containers/1/ports/1']],
  ['a second port of number 80', { containers: [server(HTTP, { containerPort: 80, name: 'web' })] }, ['containers/0/ports/1']],
  ['a first port of number 80', { containers: [server({ containerPort: 80, name: 'web' }, HTTP)] }, []],
  ['number 80 of another protocol', { containers: [server(HTTP, { containerPort: 80, name: 'web', protocol: 'UDP' })] }, []],
])('%s', (_, predictor, at) => {
  expect(judge(PORT_RULES, standard(predictor))).toEqual(at.map((pointer) => `KSV1435 /spec/predictor/${pointer}`));
});

test('Knative has a rule of its own', () => {
  expect(judge(PORT_RULES, knative({ containers: [server(HTTP, { containerPort: 9090 })] }))).toEqual([]);
});

test('ports of the runtime count', () => {
  const runtime = (...ports: object[]) => ({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    name: 'acme',
    spec: { supportedModelFormats: [{ name: 'acme' }], containers: [{ name: 'metrics', ports: [{ containerPort: 1 }] }, server(...ports)] },
  });
  const codes = (ports: object[], ...ofRuntime: object[]) =>
    judge(PORT_RULES, standard({ model: { modelFormat: { name: 'acme' }, runtime: 'acme', ports } }), { others: [runtime(...ofRuntime)] });

  expect(codes([{ containerPort: 9090 }], HTTP)).toEqual(['KSV1435 /spec/predictor/model/ports/0']);
  expect(codes([{ containerPort: 9090, name: 'http1' }], HTTP)).toEqual(['KSV1435 /spec/predictor/model/ports/0/name']);
  expect(codes([{ containerPort: 9090, name: 'metrics' }], HTTP)).toEqual([]);
  expect(codes([{ containerPort: 8080 }], HTTP)).toEqual([]);
  expect(codes([{ containerPort: new Deferred('port') }], HTTP)).toEqual([]);
});
