import { App, Chart, Testing } from 'cdk8s';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget } from '../src';
import { INFERENCE_SERVICE_RULES } from '../src/inference/rules';
import { synthYaml } from './support/manifests';

const predictor = Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://acme-models/iris/v1/') });

function fleet(charts: number, services: number): App {
  const app = Testing.app();
  ServingTarget.attach(app, { release: KServeRelease.V0_20, namespace: 'models' });
  const made = Array.from({ length: charts }, (_, i) => new Chart(app, `chart-${i}`));
  Array.from({ length: services }, (_, i) => new InferenceService(made[i % charts], `service-${i}`, { predictor }));
  return app;
}

test('loading the library does not load cdk8s-plus', () => {
  jest.isolateModules(() => {
    jest.doMock('cdk8s-plus-28', () => { throw new Error('cdk8s-plus is loaded'); });

    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded anew
    expect(() => require('../src')).not.toThrow();
  });
});

test('a service is one construct, its API object', () => {
  const app = fleet(1, 1);

  const paths = app.node.findAll().map(({ node }) => node.path);

  expect(paths).toEqual(['', 'chart-0', 'chart-0/service-0']);
});

test.each([1, 3, 10])('a rule judges a fleet of like services once, or each service if it looks at names or models, with %d charts', (charts) => {
  const app = fleet(charts, 10);
  const calls = countedChecks(() => synthYaml(app));

  const often = (individual: boolean) => new Set(calls.filter((_, i) => (INFERENCE_SERVICE_RULES[i].individual !== undefined) === individual));
  expect(often(true)).toEqual(new Set([10, 1, 0])); // 1: a rule about models elsewhere; 0: about a field that no service here has
  expect(often(false)).toEqual(new Set([1, 0]));
});

test('a second synthesis of an unchanged program judges nothing again', () => {
  const app = fleet(2, 10);
  synthYaml(app);

  const calls = countedChecks(() => synthYaml(app));

  expect(calls).toEqual(INFERENCE_SERVICE_RULES.map(() => 0));
});

/** How often each rule judged while something happened. */
function countedChecks(action: () => void): number[] {
  const checks = INFERENCE_SERVICE_RULES.map((rule) => jest.spyOn(rule, 'check'));
  action();
  const counts = checks.map((check) => check.mock.calls.length);
  checks.forEach((check) => check.mockRestore());
  return counts;
}
