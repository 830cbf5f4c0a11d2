import { ApiObject } from 'cdk8s';
import { CASES } from './cases';
import { runProgram } from './run-program';
import { likenessOf } from '../../src/core/likeness';
import { Manifest, manifestOf, namespaceOf } from '../../src/core/manifest';
import { INFERENCE_GRAPH_RULES } from '../../src/graph/rules';
import { INFERENCE_SERVICE_RULES } from '../../src/inference/rules';
import { SERVING_RUNTIME_RULES } from '../../src/runtime/rules';
import { ServingTarget } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';
import { ClusterRule, RuleContext } from '../../src/target/rule-context';

const RULES_OF: { [kind: string]: ClusterRule[] } = {
  InferenceService: INFERENCE_SERVICE_RULES,
  InferenceGraph: INFERENCE_GRAPH_RULES,
  ServingRuntime: SERVING_RUNTIME_RULES,
  ClusterServingRuntime: SERVING_RUNTIME_RULES,
};

/** The same object with another name, and another place for its model. */
function alike(manifest: Manifest): Manifest {
  const other = JSON.parse(JSON.stringify(manifest), (key, value) =>
    key === 'storageUri' && typeof value === 'string' && !value.includes('{{') ? value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^]*$/, '$1acme-models/other') : value);
  return { ...other, metadata: { ...other.metadata, name: 'other' } };
}

const finds = (rule: ClusterRule, manifest: Manifest, context: RuleContext) => [...rule.check(manifest, context)].length > 0;

test('a rule that is not individual says the same of objects that are alike', () => {
  const asked = new Set<string>();
  const different = new Set<string>();
  for (const program of Object.values(CASES).flatMap(({ wrong, right }) => [wrong, right])) {
    for (const object of (runProgram(program).app?.node.findAll() ?? []).filter(ApiObject.isApiObject) as ApiObject[]) {
      const [manifest, target] = [manifestOf(object), ServingTarget.of(object)];
      const context = { target, neighbours: Neighbours.of(object), namespace: namespaceOf(object, target.namespace) };
      for (const rule of (RULES_OF[object.kind] ?? []).filter(({ individual }) => !individual)) {
        const found = finds(rule, manifest, context);
        if (finds(rule, alike(manifest), context) !== found) different.add(rule.code);
        if (found) asked.add(rule.code);
      }
    }
  }
  expect([...different]).toEqual([]);
  expect(asked.size).toBeGreaterThan(100);
});

test('objects are alike that differ in name and place of the model, and no others', () => {
  const likeness = (program: string) => {
    const object = runProgram(program).app!.node.findAll().find((construct) => (construct as ApiObject).kind === 'InferenceService') as ApiObject;
    return likenessOf(object, manifestOf(object));
  };
  const service = (id: string, uri: string, more = '') => `new InferenceService(chart, '${id}', {
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.uri('${uri}')${more} }),
  });`;
  const iris = likeness(service('iris', 'gs://acme/iris/v1/'));

  expect(likeness(service('wine', 'gs://acme/wine/"v2"/'))).toBe(iris);
  expect(likeness(service('iris', 's3://acme/iris/v1/'))).not.toBe(iris);
  expect(likeness(service('iris', 'gs://acme/iris/v1/', ', args: [\'-v\']'))).not.toBe(iris);
  expect(likeness(service('iris', 'gs://acme/{{.Name}}/'))).not.toBe(iris);
  expect(likeness(`${service('iris', 'gs://acme/iris/v1/')} chart.node.findChild('iris').addJsonPatch(JsonPatch.remove('/spec'));`)).toBeUndefined();
});
