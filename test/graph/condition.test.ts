import { Condition } from '../../src';

test.each([
  [Condition.exists('error'), 'error'],
  [Condition.equalTo('predictions.0', 'dog'), '[@this].#(predictions.0%"dog")'],
  [Condition.equalTo('n', 3), '[@this].#(n==3)'],
  [Condition.equalTo('ok', true), '[@this].#(ok==~true)'],
  [Condition.equalTo('ok', false), '[@this].#(ok==false)'],
  [Condition.greaterThan('instances.#', 2), '[@this].#(instances.#>2)'],
  [Condition.atLeast('score', 0.5), '[@this].#(score>=0.5)'],
  [Condition.lessThan('score', -1), '[@this].#(score<-1)'],
  [Condition.atMost('score', 1), '[@this].#(score<=1)'],
  [Condition.contains('text', 'spam'), '[@this].#(text%"*spam*")'],
  [Condition.matches('id', 'eu-*'), '[@this].#(id%"eu-*")'],
  [Condition.anyOf(Condition.exists('a'), Condition.exists('b')), '[a,b].0'],
  [Condition.allOf(Condition.exists('a'), Condition.exists('b')), '[a,b].1'],
  [Condition.allOf(Condition.exists('a')), 'a'],
  [Condition.not(Condition.exists('a')), '[[a].#].#(==0)'],
  [Condition.anyElement('xs', Condition.equalTo('label', 'dog')), 'xs.#(label%"dog")'],
  [Condition.anyElement('xs', Condition.allOf(Condition.atLeast('@this', 1), Condition.lessThan('@this', 5))), 'xs.#(>=1)#|#(<5)'],
  [Condition.anyElement('@this', Condition.exists('a')), '#(a)'],
  [Condition.exists('a.b\\.c.d e'), 'a.b\\.c.d\\ e'],
  [Condition.otherwise(), '@this'],
  [Condition.raw('a.#(b)'), 'a.#(b)'],
])('%s is the path %s', (condition, path) => {
  expect(condition.path).toBe(path);
});

test.each([
  ['a string equals itself only', Condition.equalTo('a', 'dog'), [{ a: 'dog' }], [{ a: 'dogs' }, { a: 0 }, { a: true }, { a: null }, {}]],
  ['no character of a string is a wildcard', Condition.equalTo('a', '*?\\~"'), [{ a: '*?\\~"' }], [{ a: 'xy\\~"' }]],
  ['a tilde does not turn a string into a truth value', Condition.equalTo('a', '~true'), [{ a: '~true' }], [{ a: true }]],
  ['a number equals its digits too', Condition.equalTo('a', 1), [{ a: 1 }, { a: 1.0 }, { a: '1' }], [{ a: 2 }, { a: '1.0' }, { a: true }, {}]],
  ['true is true and every number but 0', Condition.equalTo('a', true), [{ a: true }, { a: 1 }, { a: 'true' }], [{ a: false }, { a: 0 }, { a: 'yes' }, { a: null }, {}]],
  ['false is false and 0', Condition.equalTo('a', false), [{ a: false }, { a: 0 }, { a: 'false' }], [{ a: true }, { a: 1 }, { a: null }, {}]],
  ['what exists may be null', Condition.exists('a'), [{ a: null }, { a: 0 }], [{}, null, [], 'a']],
  ['a negation holds for what is missing', Condition.not(Condition.equalTo('a', 1)), [{ a: 2 }, {}], [{ a: 1 }]],
  ['conditions combine', Condition.anyOf(Condition.allOf(Condition.exists('a'), Condition.exists('b')), Condition.not(Condition.exists('c'))), [{ a: 1, b: 1, c: 1 }, {}], [{ a: 1, c: 1 }]],
  ['an element may be a list', Condition.anyElement('a', Condition.anyElement('@this', Condition.equalTo('@this', 1))), [{ a: [[2], [1]] }], [{ a: [1] }, { a: [[2]] }]],
  ['all conditions hold for one and the same element', Condition.anyElement('a', Condition.allOf(Condition.equalTo('x', 1), Condition.equalTo('y', 1))), [{ a: [{ x: 1, y: 1 }] }], [{ a: [{ x: 1 }, { y: 1 }] }]],
  ['any of several may hold for different elements', Condition.anyElement('a', Condition.anyOf(Condition.equalTo('@this', 1), Condition.equalTo('@this', 2))), [{ a: [2] }], [{ a: [3] }]],
  ['otherwise holds for everything', Condition.otherwise(), [{}, [], null, 0, ''], []],
])('%s', (_, condition, holding, others) => {
  expect(holding.map((json) => condition.holdsFor(json))).toEqual(holding.map(() => true));
  expect((others as unknown[]).map((json) => condition.holdsFor(json))).toEqual(others.map(() => false));
});

test.each([
  [Condition.exists('a..b'), 'an empty field name'],
  [Condition.exists('a '), 'a field name that ends with a blank'],
  [Condition.anyOf(), 'a combination of no conditions'],
  [Condition.greaterThan('a', NaN), 'a comparison with NaN'],
  [Condition.equalTo('a', undefined), 'a comparison with nothing'],
  [Condition.anyElement('a', Condition.not(Condition.equalTo('@this', 1))), 'a combination that compares the element itself'],
])('%s cannot be expressed and says why', (condition, problem) => {
  expect(condition.path).toBe('');
  expect(`${condition._problem?.needs} ${condition._problem?.fix}`).toContain(problem);
});

test('words say what a condition means', () => {
  expect(Condition.allOf(Condition.equalTo('a', 'x'), Condition.anyOf(Condition.atLeast('b', 1), Condition.not(Condition.exists('c')))).toString())
    .toBe('a is "x" and (b ≥ 1 or not c exists)');
});
