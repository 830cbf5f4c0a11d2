import * as fc from 'fast-check';
import { Condition } from '../../../src/graph/condition';

const PATHS = ['predictions', 'predictions.0', 'predictions.1', 'instances.#', 'predictions.#', 'a', 'b', 'a.b', 'label', 'predictions.0.label', 'score', 'error', 'x\\.y', '@this', '\\@this', 'z*', 'é', 'missing'];
const path = fc.constantFrom(...PATHS);
const elementPath = fc.constantFrom('@this', 'label', 'score', 'a', 'a.b', '0');
const bound = fc.constantFrom(-1, 0, 0.5, 1, 2, 5, 1e21);
const text = fc.constantFrom('dog', 'cat', '', '1', 'true', '~x', 'beagle*', 'a<b>&c', 'zoë 🐕', '"', '\\', 'd?g', ')', ',');

function leaf(paths: fc.Arbitrary<string>): fc.Arbitrary<Condition> {
  return fc.oneof(
    paths.map((at) => Condition.exists(at)),
    fc.tuple(paths, fc.oneof(text, bound, fc.boolean())).map(([at, value]) => Condition.equalTo(at, value)),
    fc.tuple(paths, bound, fc.constantFrom('greaterThan' as const, 'atLeast' as const, 'lessThan' as const, 'atMost' as const)).map(([at, value, kind]) => Condition[kind](at, value)),
    fc.tuple(paths, text).map(([at, value]) => Condition.contains(at, value)),
    fc.tuple(paths, fc.constantFrom('*', 'd?g', 'b*', '*e*', 'beagle\\*')).map(([at, value]) => Condition.matches(at, value)),
  );
}

function built(paths: fc.Arbitrary<string>, depth: number): fc.Arbitrary<Condition> {
  if (depth === 0) {
    return leaf(paths);
  }
  const inner = built(paths, depth - 1);
  return fc.oneof(
    leaf(paths),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((all) => Condition.anyOf(...all)),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((all) => Condition.allOf(...all)),
    inner.map((one) => Condition.not(one)),
    fc.tuple(paths, built(elementPath, depth - 1)).map(([at, one]) => Condition.anyElement(at, one)),
    fc.constant(Condition.otherwise()),
  );
}

/** Whatever the builder can emit. */
export const builtCondition = built(path, 3).filter(({ _problem }) => _problem === undefined);

/** Paths by hand: every construct of the language, and what goes wrong in it. */
export const RAW_PATHS = [
  '', '.', '..', '#', '@', '!', '[', '{', '|', '*', '?', '\\', 'a.', '.a', 'a..b', 'a|b', 'a|@this', 'a.@this', 'missing|@this', 'missing|[a]', 'missing.[a]', 'missing.{a}', 'missing|@keys',
  'a.b', 'a*', '*', '*.*', '?', 'pred*.0', 'predictions.*', 'predictions.#', 'predictions.#.label', 'predictions.#.@this', 'predictions.#.a.b', 'predictions.#.#', 'predictions.#.#.a', 'predictions.00', 'predictions.-1', 'predictions.0.', 'predictions.#x', 'predictions.1|@this',
  '#.a', '#(a)', '0', '0.a', '..#', '..0', '..0.a', '..#.a',
  'predictions.#(label)', 'predictions.#(label=="dog")', 'predictions.#(label==dog)', 'predictions.#(label="dog").score', 'predictions.#(label!="dog")#', 'predictions.#(label!="dog")#.score', 'predictions.#(label!="dog")#|0', 'predictions.#(score>1)#.label|#', 'predictions.#(score>=1)', 'predictions.#(score<5)', 'predictions.#(score<=5)',
  'predictions.#(=="dog")', 'predictions.#(==1)', 'predictions.#(=="1")', 'predictions.#(==true)', 'predictions.#(!=true)', 'predictions.#(>false)', 'predictions.#(>=x)', 'predictions.#(<true)', 'predictions.#(<=x)', 'predictions.#(%"d*")', 'predictions.#(!%"d*")', 'predictions.#(%"*\\\\**")', 'predictions.#(==~true)', 'predictions.#(==~false)', 'predictions.#(==~null)', 'predictions.#(==~*)', 'predictions.#(a==~null)', 'predictions.#(!=~true)', 'predictions.#(==~nonsense)', 'predictions.#(>5)#|#(<9)',
  'predictions.#(', 'predictions.#(label', 'predictions.#()', 'predictions.#(=)', 'predictions.#(!)', 'predictions.#(!x)', 'predictions.#(==', 'predictions.#[label=="dog"]', 'predictions.#(label=="d\\"og")', 'predictions.#(label=="d\\u006fg")', 'predictions.#( label == "dog" )', 'predictions.#(a.#(==1))', 'predictions.#(a.b==1)', 'predictions.#(#>1)',
  '[@this].#(predictions.0=="dog")', '[predictions.0].#(%"dog")', '[a,b]', '[a,b].0', '[a,b].1', '[a,b].#', '[a,missing].1', '[missing]', '[missing].0', '{a,b}', '{a,b}.a', '{"q":a}.q', '{"q":a,b}.b', '{q:a}.q', '{a.b}.b', '{a.#}._', '[a', '{a', '[a]x', '[a].', '[a]|0', '[[a].#].#(==0)', '[predictions.#(label=="dog"),a].1', '[a:b]', '["x":a].0', '[a\\,b]',
  '@this', '@this.a', '@this|a', '@this.', '@nosuch', '@nosuch.a', 'a.@nosuch', '@keys', '@keys.0', '@keys.#', '@values', '@values.0', '@reverse', 'predictions.@reverse.0', '@reverse.a', '@flatten', 'predictions.@flatten', 'predictions.@flatten:{"deep":true}.#', '@join', 'predictions.@join.label', 'predictions.@join:{"preserve":true}.label', '@tostr', '@tostr.a', 'a.@tostr', '@tostr|@fromstr', '@tostr.@fromstr.a', 'label.@fromstr', '@valid', '@valid.a', '@pretty.a', '@ugly.a', '@pretty:{"indent":""}.a', '@group', '@group.0', '@dig:label', '@dig:label.0', '@dig:label|0', '@dig:a|#', '@this:x.a', '@keys:1|0', 'predictions.@this.0', 'predictions|@reverse|0', 'predictions.#.label|@reverse', 'predictions.#.label|0', 'predictions.#(label)#|@values|0',
  '!true', '!false', '!null', '!True', '!nan', '!x', '!"abc"', '!5', '!{"a":1}', '!{"a":1}.a', '![1,2].0', '![1,2]|5', 'a.!true', 'missing|!true',
  'x\\.y', 'x.y', 'k\\"ey', '\\@this', '@this\\', 'z\\*', 'z*', '{ .predictions.class == "dog" }', 'predictions.0=="dog"', '{ .input.userId == 1 }', '$.a', 'é', 'zo*',
];

export const conditionPath: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: builtCondition.map((condition) => condition.path) },
  { weight: 2, arbitrary: fc.constantFrom(...RAW_PATHS) },
  { weight: 1, arbitrary: fc.constantFrom('@this', 'predictions', 'predictions.0', 'a', 'error') },
);
