import { readJson } from '../../../src/graph/simulator/json';
import { valueAt } from '../../../src/graph/simulator/path';

const BODY = '{"predictions":[{"label":"dog","score":0.9},{"label":"cat","score":0.1}],"n":[1,5,9],"t":true,"z":null,"x.y":1,"a":{"b":{"c":1}},"a*":2}';

function find(path: string, body = BODY): string | undefined {
  const reading = readJson(body);
  return 'root' in reading ? valueAt(reading.root, path)?.raw : undefined;
}

test.each([
  ['predictions.0.label', '"dog"'],
  ['predictions.#', '2'],
  ['predictions.#.label', '["dog","cat"]'],
  ['predictions.#(label=="cat").score', '0.1'],
  ['predictions.#(score>0)#.label', '["dog","cat"]'],
  ['predictions.#(score>0)#.label|1', '"cat"'],
  ['n.#(>4)', '5'],
  ['n.#(>4)#|#(<9)', '5'],
  ['[@this].#(t==true).n.0', '1'],
  ['[n,missing,t].1', 'true'],
  ['{"q":n.0,t}.q', '1'],
  ['x\\.y', '1'],
  ['a.*.c', '1'],
  ['a\\*', '2'],
  ['z', 'null'],
  ['missing|@keys', '[]'],
  ['missing.[a]', '[]'],
  ['@keys.0', '"predictions"'],
  ['n.@reverse.0', '9'],
  ['a.@tostr.@fromstr.b.c', '1'],
  ['@dig:label|0', '"dog"'],
  ['!"x"', '"x"'],
])('%s finds %s', (path, expected) => {
  expect(find(path)).toBe(expected);
});

test.each(['missing', 'n.3', 'n.-1', 't.x', 'predictions.#(label=="bird")', '{ .t == true }.x', '#', '', '[n,missing].1', '@nosuch', 'n.#(=="1x")'])('%s finds nothing', (path) => {
  expect(find(path)).toBeUndefined();
});

test('a field that leads nowhere gives way to another of the same name', () => {
  expect(find('a.c', '{"a":{"b":1},"a":{"c":2}}')).toBe('2');
});
