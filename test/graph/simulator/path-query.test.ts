import { readJson } from '../../../src/graph/simulator/json';
import { matchesQuery } from '../../../src/graph/simulator/path-query';

const VALUES = ['true', 'false', 'null', '0', '1', '-2', '"1"', '"true"', '"dog"', '""', '{}', '[]'];

/** The values that satisfy a query. */
function matching(op: string, value: string): string[] {
  return VALUES.filter((text) => {
    const reading = readJson(text);
    return 'root' in reading && matchesQuery(reading.root, { path: '', op, value });
  });
}

test.each([
  ['', '', VALUES],
  ['=', 'dog', ['0', '"dog"']], // a number is compared with the number that the text is, 0 if it is none
  ['!=', 'dog', ['true', 'false', '1', '-2', '"1"', '"true"', '""']],
  ['=', '1', ['1', '"1"']],
  ['=', 'true', ['true', '0', '"true"']],
  ['=', 'false', ['false', '0']],
  ['>', '0', ['1', '"1"', '"true"', '"dog"']],
  ['>', 'false', ['true', '1', '"true"']],
  ['>=', '1', ['true', '1', '"1"', '"true"', '"dog"']],
  ['<', 'true', ['false', '-2', '"1"', '"dog"', '""']],
  ['<=', '-2', ['false', '-2', '""']],
  ['%', 'd*', ['"dog"']],
  ['!%', 'd*', ['"1"', '"true"', '""']],
  ['=', '~true', ['true', '1', '-2', '"1"', '"true"']],
  ['=', '~false', ['false', 'null', '0']],
  ['=', '~null', ['null']],
  ['=', '~*', VALUES],
  ['!=', '~*', []],
  ['=', '~dog', []],
])('%s %s', (op, value, expected) => {
  expect(matching(op, value)).toEqual(expected);
});

test('only null and false in the wide sense hold for what is missing', () => {
  const holds = (value: string) => matchesQuery(undefined, { path: '', op: '=', value });

  expect(['~null', '~false', '~true', '~*', 'x'].map(holds)).toEqual([true, true, false, false, false]);
});
