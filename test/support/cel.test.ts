import { compileCel } from './cel';

const holds = (rule: string, self: unknown) => compileCel(rule)(self);

test.each<[string, unknown, boolean]>([
  ['self > 0', 1, true],
  ['self > 0', 0, false],
  ['1 + 2 * 3 == 7 && 7 % 4 - 1 == 2', null, true],
  ["self.a == 'x' ? has(self.b) : !has(self.b)", { a: 'x' }, false],
  ["self.a == 'x' ? has(self.b) : !has(self.b)", { a: 'y' }, true],
  ['(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) == 1', { b: 0 }, true],
  ["self in ['a', 'b']", 'b', true],
  ["'k' in self", { k: 1 }, true],
  ["'k' in self", { l: 1 }, false],
  ["self.all(k, !k.startsWith('a'))", { b: 1, a: 1 }, false],
  ["self.exists(i, i.name == 'x')", [{ name: 'y' }, { name: 'x' }], true],
  ['self.all(a, self.exists_one(b, b.n == a.n))', [{ n: 1 }, { n: 1 }], false],
  ["self.filter(f, f.type == 'A').size() <= 1", [{ type: 'A' }, { type: 'A' }], false],
  ['size(self) == 2', 'äö', true],
  ['self.matches(r"^a\\d$")', 'a1', true],
  ["self.matches('^(?i)abc$')", 'ABC', true],
  ["self.split('@')[1] == 'latest'", 'al2@latest', true],
  ["self.find('^[^@]+') == 'al2'", 'al2@latest', true],
  ["duration(self) > duration('1m30s')", '2m', true],
  ["duration(self) > duration('1m30s')", '89s', false],
  ["url(self).getScheme() in ['http', 'https']", 'ftp://host', false],
  ['int(self) <= 65535', '70000', false],
  ['self[0].port == -1 || self[0].port != -1', [{ port: 4 }], true],
  ["!has(self.__namespace__) || self.__namespace__ == ''", { namespace: 'x' }, false],
  ["{'a': 1, 'b': 2}[self.min] <= {'a': 1, 'b': 2}[self.max]", { min: 'b', max: 'a' }, false],
])('%s of %j is %j', (rule, self, expected) => {
  expect(holds(rule, self)).toBe(expected);
});

test('an error on one side of || or && does not matter when the other side decides', () => {
  expect(holds("self.absent == 'x' || true", {})).toBe(true);
  expect(holds("self.absent == 'x' && false", {})).toBe(false);
});

test('reading a field that is absent is an error', () => {
  expect(() => holds("self.absent == 'x'", {})).toThrow('no such key: absent');
  expect(() => holds("self.absent == 'x' || false", {})).toThrow('no such key: absent');
  expect(() => holds('has(self.absent.field)', {})).toThrow('no such key: absent');
});

test('a rule about an update holds on creation', () => {
  expect(holds('self == oldSelf', 1)).toBe(true);
});

test('a rule that is not understood fails when it is compiled', () => {
  expect(() => compileCel('quantity(self).isGreaterThan(1)')).toThrow('CEL function quantity is not supported');
  expect(() => compileCel('self ==')).toThrow('CEL ends too early');
  expect(() => compileCel('(self')).toThrow('CEL expects ) before the end');
  expect(() => compileCel('self self')).toThrow('unexpected self in CEL');
});
