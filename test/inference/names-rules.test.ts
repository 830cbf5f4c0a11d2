import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { Diagnostics, InferenceService, KServeRelease, Predictor, ServingIngress, ServingTarget } from '../../src';
import { Deferred } from '../../src/core/deferred';
import { NAME_RULES } from '../../src/inference/names-rules';
import { judge, knative, standard, violations } from './judge';
import { IRIS } from './support';
import { chartOn } from '../support/chart';

const named = (name: string, manifest = standard({})) => ({ ...manifest, metadata: { ...manifest.metadata!, name } });

describe('the name', () => {
  test.each(['iris', 'a', 'iris-2', 'a--b'])('%p is valid', (name) => {
    expect(judge(NAME_RULES, named(name))).toEqual([]);
  });

  test.each(['Iris', '2-iris', 'iris-', '-iris', 'iris_2', 'iris.2', ''])('%p is not', (name) => {
    expect(judge(NAME_RULES, named(name))).toEqual(['KSV1101 /metadata/name']);
  });

  test.each([
    ['Fraud_Detector', 'fraud-detector'],
    ['2nd Model!', 'nd-model'],
    ['models.iris', 'models-iris'],
  ])('%p gets the fix %p', (name, valid) => {
    expect(violations(NAME_RULES, named(name))[0].fix).toContain(`name: '${valid}'`);
    expect(judge(NAME_RULES, named(valid))).toEqual([]);
  });

  test('that is known at deployment is not judged', () => {
    expect(judge(NAME_RULES, named(`${new Deferred('name')}-ABC-${'x'.repeat(80)}`))).toEqual([]);
  });
});

describe('names that follow', () => {
  test('are named with their length and the longest name', () => {
    const [violation] = violations(NAME_RULES, named('n'.repeat(47)));

    expect(violation).toMatchObject({
      code: 'KSV1102',
      message: `makes the part '${'n'.repeat(47)}-predictor-models' of the host of the predictor 64 characters long, where 63 are allowed`,
      allowed: 'names of up to 46 characters',
    });
    expect(violation.fix).toContain('domainTemplate');
  });

  test('in Knative mode are those of Knative Services: it shortens the names of revisions itself', () => {
    expect(violations(NAME_RULES, named('n'.repeat(53), knative({})))).toEqual([]);
    expect(violations(NAME_RULES, named('n'.repeat(54), knative({})))[0]).toMatchObject({
      message: expect.stringContaining(`Service '${'n'.repeat(54)}-predictor' of the predictor 64 characters long, where 63 are allowed`),
      allowed: 'names of up to 53 characters',
      fix: 'shorten the name to 53 characters.',
    });
  });

  test('say so where no name is short enough', () => {
    expect(violations(NAME_RULES, named('iris'), { namespace: 'n'.repeat(60) })[0]).toMatchObject({
      allowed: 'no name, with this namespace and these host names',
      fix: expect.stringContaining('shorten the namespace'),
    });
  });

  const manifests = fc.record({
    mode: fc.constantFrom(standard, knative),
    transformer: fc.boolean(),
    workers: fc.boolean(),
    namespace: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/),
    ingress: fc.constantFrom(ServingIngress.gatewayApi(), ServingIngress.none(), ServingIngress.kubernetes()),
  });

  test('accept every valid name up to the longest, and refuse the next one with that number', () => {
    fc.assert(fc.property(manifests, fc.integer({ min: 0, max: 62 }), ({ mode, transformer, workers, namespace, ingress }, more) => {
      const manifest = (name: string) => {
        const { metadata, spec } = mode(workers ? { workerSpec: {} } : {});
        return { metadata: { ...metadata!, name }, spec: { ...spec, ...transformer && { transformer: {} } } };
      };
      const around = { namespace, target: { ingress } };
      const [tooLong] = violations(NAME_RULES, manifest('n'.repeat(63)), around).filter(({ code }) => code === 'KSV1102');
      const longest = Number(/up to (\d+)/.exec(tooLong.allowed!)![1]);
      const length = 1 + more;

      expect(judge(NAME_RULES, manifest('n'.repeat(length)), around)).toEqual(length <= longest ? [] : ['KSV1102 /metadata/name']);
    }), { numRuns: 50 });
  });
});

describe('two services of one name', () => {
  function findings(namespaces: [string, string], clusters: [string, string] = ['default', 'default']) {
    const app = new App();
    for (const i of [0, 1]) {
      const chart = new Chart(app, `chart${i}`, { namespace: namespaces[i] });
      ServingTarget.attach(chart, { release: KServeRelease.V0_20, cluster: clusters[i] });
      new InferenceService(chart, `iris${i}`, { name: 'iris', predictor: Predictor.fromModel(IRIS) });
    }
    return Diagnostics.of(app).errors().filter(({ code }) => code === 'KSV1103');
  }

  test('in one namespace are an error at both, naming both', () => {
    const found = findings(['models', 'models']);

    expect(found.map(({ construct }) => construct)).toEqual(['chart0/iris0', 'chart1/iris1']);
    expect(found[0].message).toContain('\'chart0/iris0\' and \'chart1/iris1\'');
  });

  test('in two namespaces or clusters are two services', () => {
    expect(findings(['models', 'other'])).toEqual([]);
    expect(findings(['models', 'models'], ['east', 'west'])).toEqual([]);
  });
});

test('the namespace of the controller is refused', () => {
  expect(judge(NAME_RULES, standard({}), { namespace: 'kserve' })).toEqual(['KSV1104 /metadata/namespace']);
  expect(judge(NAME_RULES, standard({}), { namespace: 'kserve', target: { controllerNamespace: 'serving' } })).toEqual([]);
  expect(judge(NAME_RULES, standard({}), { namespace: 'serving', target: { controllerNamespace: 'serving' } })).toEqual(['KSV1104 /metadata/namespace']);
});

describe('a template that asks for more than is known', () => {
  const target = { domainTemplate: '{{ .Name }}.{{ .Labels.team }}.{{ .IngressDomain }}' };

  test('is a warning that names what it asks for', () => {
    expect(violations(NAME_RULES, standard({}), { target })).toMatchObject([{ code: 'KSV1105', message: expect.stringContaining('\'.Labels.team\'') }]);
    expect(judge(NAME_RULES, knative({}), { target })).toEqual([]);
  });

  test('is said once for all services', () => {
    const chart = chartOn(target);
    for (const id of ['a', 'b', 'c']) {
      new InferenceService(chart, id, { predictor: Predictor.fromModel(IRIS) });
    }

    expect(Diagnostics.of(chart).warnings().map(({ code, construct }) => [code, construct])).toEqual([['KSV1105', 'models/a']]);
  });
});

describe('a name that is taken', () => {
  const service = (name: string, spec: object = { predictor: {} }) => ({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name, spec });

  test.each<[string, object, ReturnType<typeof service>, string[]]>([
    ['a service called like another\'s predictor', standard({}), service('iris-predictor'), ['KSV1106 /metadata/name']],
    ['another\'s predictor called like the service', named('fraud-predictor'), service('fraud'), ['KSV1106 /metadata/name']],
    ['the variant of another service', named('iris-blue'), service('iris', { predictor: { name: 'blue' } }), []],
    ['a variant called like another service', standard({ name: 'blue' }), service('iris-blue'), ['KSV1106 /metadata/name']],
    ['another service', standard({}), service('fraud'), []],
    ['a service called like a transformer that is not there', standard({}), service('iris-transformer'), []],
  ])('%s', (_, manifest, other, found) => {
    expect(judge(NAME_RULES, manifest, { others: [other] })).toEqual(found);
  });

  test('by an object of the program is found by its API group', () => {
    const around = (apiVersion: string, kind: string) => ({ others: [{ apiVersion, kind, name: 'iris-predictor' }] });

    expect(judge(NAME_RULES, standard({}), around('apps/v1', 'Deployment'))).toEqual(['KSV1106 /metadata/name']);
    expect(judge(NAME_RULES, standard({}), around('v1', 'Service'))).toEqual(['KSV1106 /metadata/name']);
    expect(judge(NAME_RULES, standard({}), around('serving.knative.dev/v1', 'Service'))).toEqual([]);
    expect(judge(NAME_RULES, knative({}), around('serving.knative.dev/v1', 'Service'))).toEqual(['KSV1106 /metadata/name']);
    expect(judge(NAME_RULES, standard({}), around('autoscaling/v2', 'HorizontalPodAutoscaler'))).toEqual([]);
  });

  test('in another namespace is free', () => {
    expect(judge(NAME_RULES, standard({}), { others: [{ ...service('iris-predictor'), metadata: { name: 'iris-predictor', namespace: 'elsewhere' } }] })).toEqual([]);
  });
});
