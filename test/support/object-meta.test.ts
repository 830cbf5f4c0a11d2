import { objectMetaErrors } from './object-meta';

test('accepts what people write', () => {
  expect(objectMetaErrors({
    name: 'iris',
    namespace: 'models',
    labels: { 'app.kubernetes.io/name': 'iris', 'empty': '' },
    annotations: { 'serving.kserve.io/deploymentMode': 'Standard' },
  })).toEqual([]);
});

test.each<[string, any, string[]]>([
  ['no name', undefined, ['metadata.name: required']],
  ['another field', { name: 'a', label: {} }, ['metadata.label: unknown field']],
  ['a name in capitals', { name: 'Iris' }, [expect.stringMatching(/^metadata\.name: must match .*, not "Iris"$/)]],
  ['an annotation that is no string', { name: 'a', annotations: { a: true } }, ['metadata.annotations.a: must be of type string, not true']],
  ['a label value with a slash', { name: 'a', labels: { a: 'b/c' } }, [expect.stringMatching(/^metadata\.labels\.a: must match .*, not "b\/c"$/)]],
  ['a label key without a name', { name: 'a', labels: { 'example.com/': 'b' } }, ['metadata.labels: example.com/ is not a qualified name']],
  ['too many annotations', { name: 'a', annotations: { a: 'x'.repeat(262144) } }, ['metadata.annotations: 262145 bytes, at most 262144']],
])('refuses %s', (_, metadata, expected) => {
  expect(objectMetaErrors(metadata)).toEqual(expected);
});
