import { schemaErrors, type Schema } from './schema';

const OBJECT = (properties: { [name: string]: Schema }, more: Schema = {}): Schema => ({ type: 'object', properties, ...more });
const QUANTITY: Schema = { 'x-kubernetes-int-or-string': true, 'anyOf': [{ type: 'integer' }, { type: 'string' }], 'pattern': '^[0-9]+m?$' };

test.each<[string, Schema, unknown, string[]]>([
  ['unknown fields are refused', OBJECT({ a: { type: 'string' } }), { a: '', b: 1 }, ['o.b: unknown field']],
  ['an object without properties knows no field', { type: 'object' }, { a: 1 }, ['o.a: unknown field']],
  ['unknown fields may be preserved', OBJECT({ a: { type: 'string' } }, { 'x-kubernetes-preserve-unknown-fields': true }), { a: 1, b: null },
    ['o.a: must be of type string, not 1']],
  ['map values have a schema', { type: 'object', additionalProperties: { type: 'string' } }, { a: 1 }, ['o.a: must be of type string, not 1']],
  ['required fields', OBJECT({ a: {} }, { required: ['a'] }), {}, ['o.a: required']],
  ['a default counts as given', OBJECT({ a: { type: 'string', default: 'x' } }, { required: ['a'] }), {}, []],
  ['a null would be dropped', OBJECT({ a: { type: 'string' } }), { a: null }, ['o.a: null would be dropped']],
  ['a null may be allowed', OBJECT({ a: { type: 'string', nullable: true } }), { a: null }, []],
  ['integers are not strings', { type: 'integer' }, '3', ['o: must be of type integer, not "3"']],
  ['integers have no fraction', { type: 'integer' }, 1.5, ['o: must be of type integer, not 1.5']],
  ['int32 has a range', { type: 'integer', format: 'int32' }, 2 ** 31, ['o: must be in the format int32, not 2147483648']],
  ['lists are not objects', OBJECT({}), [], ['o: must be of type object, not []']],
  ['an int-or-string takes an integer', QUANTITY, 3, []],
  ['an int-or-string takes a string of its pattern', QUANTITY, '3m', []],
  ['an int-or-string refuses another string', QUANTITY, 'x', ['o: must match ^[0-9]+m?$, not "x"']],
  ['an int-or-string refuses another type', QUANTITY, true, ['o: must be an integer or a string, not true']],
  ['enums', { type: 'string', enum: ['a', 'b'] }, 'c', ['o: must be one of "a", "b", not "c"']],
  ['minimum', { type: 'integer', minimum: 1 }, 0, ['o: the number must be at least 1, not 0']],
  ['exclusive maximum', { type: 'number', maximum: 1, exclusiveMaximum: true }, 1, ['o: the number must be at most 1, not 1']],
  ['maxLength counts characters', { type: 'string', maxLength: 1 }, '😀', []],
  ['minItems', { type: 'array', minItems: 1 }, [], ['o: the number of items must be at least 1, not []']],
  ['maxProperties', { 'type': 'object', 'maxProperties': 0, 'x-kubernetes-preserve-unknown-fields': true }, { a: 1 },
    ['o: the number of fields must be at most 0, not {"a":1}']],
  ['items of a list', { type: 'array', items: { type: 'string' } }, ['a', 1], ['o[1]: must be of type string, not 1']],
  ['duplicates in a set', { 'type': 'array', 'x-kubernetes-list-type': 'set' }, ['a', 'a'], ['o[1]: duplicate "a"']],
  ['formats', { type: 'string', format: 'duration' }, '1 minute', ['o: must be in the format duration, not "1 minute"']],
  ['allOf', { type: 'string', allOf: [{ maxLength: 1 }, { pattern: '^a' }] }, 'bb',
    ['o: the length must be at most 1, not "bb"', 'o: must match ^a, not "bb"']],
  ['anyOf', OBJECT({ a: {}, b: {} }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }), {},
    ['o: must satisfy one of [{"required":["a"]},{"required":["b"]}]']],
  ['oneOf', OBJECT({ a: {}, b: {} }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }), { a: 1, b: 1 },
    ['o: must satisfy exactly one of [{"required":["a"]},{"required":["b"]}]']],
  ['not', OBJECT({ a: { type: 'string' } }, { not: { properties: { a: { enum: ['x'] } }, required: ['a'] } }), { a: 'x' },
    ['o: must not satisfy {"properties":{"a":{"enum":["x"]}},"required":["a"]}']],
])('%s', (_, schema, value, expected) => {
  expect(schemaErrors(value, schema, 'o')).toEqual(expected);
});

describe('a list map', () => {
  const schema: Schema = {
    'type': 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
    'items': OBJECT({ port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } }),
  };

  test('refuses two items of the same keys', () => {
    expect(schemaErrors([{ port: 1, protocol: 'TCP' }, { port: 1 }], schema, 'o')).toEqual(['o[1]: duplicate port, protocol [1,"TCP"]']);
  });

  test('accepts items that differ in one key', () => {
    expect(schemaErrors([{ port: 1, protocol: 'UDP' }, { port: 1 }], schema, 'o')).toEqual([]);
  });
});

describe('a CEL rule', () => {
  const schema = OBJECT(
    { min: { type: 'integer' }, max: { type: 'integer', default: 1 } },
    { 'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min above max' }] },
  );

  test('judges the object with its defaults', () => {
    expect(schemaErrors({ min: 2 }, schema, 'o')).toEqual(['o: min above max']);
    expect(schemaErrors({ min: 1 }, schema, 'o')).toEqual([]);
  });

  test('says what it could not read', () => {
    expect(schemaErrors({}, schema, 'o')).toEqual(['o: min above max (no such key: min)']);
  });

  test('waits until the structure is right', () => {
    expect(schemaErrors({ min: 2, mxa: 3 }, schema, 'o')).toEqual(['o.mxa: unknown field']);
  });
});

test('the value itself stays as it is', () => {
  const value = { list: [{}] };
  schemaErrors(value, OBJECT({ list: { type: 'array', items: OBJECT({ a: { type: 'string', default: 'x' } }) } }), 'o');

  expect(value).toEqual({ list: [{}] });
});
