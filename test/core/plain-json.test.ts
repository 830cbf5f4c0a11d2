import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import * as fc from 'fast-check';
import { plainManifest } from '../../src/core/plain-json';
import { MadeObject } from '../support/made-object';

// cdk8s assigns each key, which loses this one
const key = fc.string().filter((text) => text !== '__proto__');
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(key, tie('any'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).any;
const fields = fc.dictionary(key.filter((text) => !['apiVersion', 'kind', 'metadata'].includes(text)), value, { noNullPrototype: true });
const strings = fc.dictionary(key, fc.string(), { maxKeys: 4, noNullPrototype: true });

/** What cdk8s itself writes for an object of the same content. */
function byCdk8s(labels: object, annotations: object, rest: object): unknown {
  return new ApiObject(new Chart(new App(), 'chart'), 'thing', {
    ...rest, apiVersion: 'acme.org/v1', kind: 'Thing', metadata: { name: 'thing', labels: { ...labels }, annotations: { ...annotations } },
  }).toJson();
}

test('a plain manifest is written as cdk8s writes it, to the order of its keys', () => {
  fc.assert(fc.property(strings, strings, fields, (labels, annotations, rest) => {
    const made = new MadeObject(new Chart(new App(), 'chart'), 'thing', { name: 'thing', labels, annotations: () => annotations }, () => rest);

    expect(JSON.stringify(made.toJson())).toBe(JSON.stringify(byCdk8s(labels, annotations, rest)));
  }), { numRuns: 300 });
});

test('keys that a user adds to the metadata are written, too', () => {
  const made = new MadeObject(new Chart(new App(), 'chart'), 'thing', { name: 'thing' });

  made.metadata.add('generateName', 'x');
  made.metadata.addFinalizers('acme.org/keep');

  expect(made.toJson().metadata).toEqual({ name: 'thing', generateName: 'x', finalizers: ['acme.org/keep'] });
});

test.each([
  ['a lazy value', Lazy.any({ produce: () => 1 })],
  ['a value that resolves itself', { deep: { resolve: () => 1 } }],
  ['an instance of a class', [new Date(0)]],
  ['a key that is the name of the prototype', JSON.parse('{ "deep": { "__proto__": [1] } }')],
])('%s is left to cdk8s', (_, spec) => {
  expect(plainManifest({ apiVersion: 'v1', kind: 'Thing', metadata: {}, spec })).toBeUndefined();
});

test('what cdk8s resolves is resolved', () => {
  const made = new MadeObject(new Chart(new App(), 'chart'), 'thing', { name: 'thing' }, () => ({ spec: { replicas: Lazy.any({ produce: () => 2 }) } }));

  expect(made.toJson().spec).toEqual({ replicas: 2 });
});

test('resolvers of an app see every value', () => {
  const app = new App({ resolvers: [{ resolve: (context) => { if (context.value === 'x') { context.replaceValue('y'); } } }] });
  const made = new MadeObject(new Chart(app, 'chart'), 'thing', { name: 'thing' }, () => ({ spec: { letter: 'x' } }));

  expect(made.toJson().spec).toEqual({ letter: 'y' });
});

test('keys keep their order where cdk8s is told so', () => {
  process.env.CDK8S_DISABLE_SORT = '1';
  try {
    const made = new MadeObject(new Chart(new App(), 'chart'), 'thing', { name: 'thing' }, () => ({ spec: { b: 1, a: 2 } }));

    expect(JSON.stringify(made.toJson().spec)).toBe('{"b":1,"a":2}');
  } finally {
    delete process.env.CDK8S_DISABLE_SORT;
  }
});

test('what a caller changes in the answer is not in the next one', () => {
  const made = new MadeObject(new Chart(new App(), 'chart'), 'thing', { name: 'thing' }, () => ({ spec: { replicas: 1 } }));

  made.toJson().spec.replicas = 2;

  expect(made.toJson().spec).toEqual({ replicas: 1 });
});
