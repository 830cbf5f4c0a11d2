import { Chart } from 'cdk8s';
import { global, local } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';
import { BuiltInRuntimes, RuntimeChoice, ServerType } from '../../src/runtime';
import { RuntimeRequest } from '../../src/runtime/selection';
import { InferenceProtocol, ServingTarget } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';

function choose(chart: Chart, request: Partial<RuntimeRequest> = {}): RuntimeChoice {
  return RuntimeChoice._of({ format: 'prophet', namespace: 'models', ...request }, { target: ServingTarget.of(chart), neighbours: Neighbours.of(chart) });
}

test('a choice names the runtime, its namespace and the protocol', () => {
  const chart = chartOn();
  local(chart, 'prophet-server', { protocolVersions: [InferenceProtocol.V2, InferenceProtocol.V1] });

  expect(choose(chart)).toMatchObject({ known: true, name: 'prophet-server', namespace: 'models', protocol: 'v1', tiedWith: [] });
});

test('a choice names the runtimes that tie with the chosen one', () => {
  const chart = chartOn();
  global(chart, 'b');
  global(chart, 'a');

  expect(choose(chart)).toMatchObject({ name: 'a', namespace: undefined, protocol: undefined, tiedWith: ['b'] });
});

test('a choice that depends on a deferred value is not known', () => {
  const choice = choose(chartOn({ runtimes: [{ name: 'a', formats: [] }] }), { format: new Deferred('later') as any });

  expect(choice).toMatchObject({ known: false, name: undefined, protocol: undefined, grpcPort: undefined, tiedWith: [] });
  expect(choice.toString()).toBe('What runtime KServe 0.20.0 takes for (known at deployment) by protocol v1 is not known before deployment:\n'
    + '  a  cluster  depends on what is not known before deployment');
});

describe('the gRPC port', () => {
  test('is the one of the release\'s runtime, installed by the program or not', () => {
    const chart = chartOn({ runtimes: [] });
    new BuiltInRuntimes(chart, 'runtimes', { runtimes: ['kserve-tritonserver'] });

    expect(choose(chart, { format: 'onnx', protocol: 'grpc-v2' }).grpcPort).toBe(9000);
    expect(choose(chartOn(), { format: 'onnx', protocol: 'grpc-v2' }).grpcPort).toBe(9000);
    expect(choose(chartOn(), { format: 'sklearn' }).grpcPort).toBe(8081);
  });

  test.each<[number | undefined, { containerPort: number; name?: any }[]]>([
    [9001, [{ containerPort: 8080, name: 'http1' }, { containerPort: 9001, name: 'grpc-inference' }]],
    [9001, [{ containerPort: 9001, name: 'h2c' }]],
    [undefined, [{ containerPort: 9001 }]],
    [undefined, [{ containerPort: 9001, name: new Deferred('later') }]],
  ])('is %p for a runtime with ports %j', (port, ports) => {
    const chart = chartOn();
    local(chart, 'prophet-server', { container: { image: 'a:1', ports } });

    expect(choose(chart).grpcPort).toBe(port);
  });
});

test.each<[KServeRelease, string | undefined]>([
  [KServeRelease.V0_16, undefined], [KServeRelease.V0_17, 'v2'],
])('the server type of a runtime settles the protocol where the release reads it: KServe %s', (release, protocol) => {
  const chart = chartOn({ release });
  local(chart, 'acme-mlserver', { serverType: ServerType.MLSERVER });

  expect(choose(chart).protocol).toBe(protocol);
});

test('the explanation lists every runtime with its reason, best first', () => {
  const chart = chartOn({
    runtimes: [
      { name: 'kserve-sklearnserver', formats: [{ name: 'sklearn', version: '1', autoSelect: true }], protocolVersions: ['v1'] },
      { name: 'cased', formats: [{ name: 'Prophet', autoSelect: true }] },
    ],
  });
  const formats = (priority?: number) => [{ name: 'prophet', version: '1', autoSelect: true, priority }];
  local(chart, 'elsewhere', { namespace: 'ml-platform' });
  local(chart, 'own', { formats: formats(2), protocolVersions: [InferenceProtocol.V1] });
  local(chart, 'tie', { formats: formats(2), protocolVersions: [InferenceProtocol.V1] });
  local(chart, 'less', { formats: formats(1), protocolVersions: [InferenceProtocol.V1] });
  local(chart, 'none', { protocolVersions: [InferenceProtocol.V1] });
  local(chart, 'any', { formats: formats(2) });
  global(chart, 'cluster', { protocolVersions: [InferenceProtocol.V1] });
  global(chart, 'other-version', { formats: [{ name: 'prophet', version: '2', autoSelect: true }, { name: 'prophet', autoSelect: true }] });
  global(chart, 'by-name', { formats: [{ name: 'prophet', version: '1' }] });
  global(chart, 'v2-only', { protocolVersions: [InferenceProtocol.V2, InferenceProtocol.GRPC_V2] });
  global(chart, 'off', { disabled: true });
  global(chart, 'many', { multiModel: true });
  global(chart, 'spread', { workers: { container: { image: 'a:1' } } });

  const choice = choose(chart, { version: '1' });

  expect(choice.toString()).toBe(`KServe 0.20.0 takes own for prophet 1 by protocol v1:
  own                   namespace models       chosen
  tie                   namespace models       ties with the chosen one: the younger of them wins
  any                   namespace models       has the lowest protocol none, which comes after v1
  less                  namespace models       has priority 1, which comes after priority 2
  none                  namespace models       has no priority, which comes after priority 2
  cluster               cluster                comes after the runtimes of the namespace
  elsewhere             namespace ml-platform  serves namespace ml-platform only
  other-version         cluster                serves prophet 2, prophet of no version
  by-name               cluster                serves prophet only if it is named (autoSelect is off)
  v2-only               cluster                speaks v2, grpc-v2
  off                   cluster                is disabled
  many                  cluster                is for many models in one server, so it must be named
  spread                cluster                has workers, the service has none
  kserve-sklearnserver  cluster                does not serve prophet
  cased                 cluster                serves Prophet; upper and lower case count`);
  expect(choice.candidates[1]).toEqual({ name: 'tie', namespace: 'models', chosen: false, reason: 'ties with the chosen one: the younger of them wins' });
});

test('the explanation of a named runtime says what became of the others', () => {
  const chart = chartOn({ runtimes: [] });
  local(chart, 'own', { name: 'prophet', disabled: true });
  global(chart, 'prophet');
  global(chart, 'another');

  expect(choose(chart, { runtime: 'prophet', multiNode: true }).toString()).toBe(`KServe 0.20.0 finds no runtime for prophet with workers:
  prophet  namespace models  is disabled
  prophet  cluster           is hidden by a ServingRuntime of the same name
  another  cluster           is not the one that the service names`);
});
