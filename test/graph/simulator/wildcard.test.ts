import { matchesWildcard } from '../../../src/graph/simulator/wildcard';

test.each([
  ['dog', 'dog', true], ['dog', 'd?g', true], ['dog', 'd*', true], ['dog', '*g', true], ['dog', '*', true], ['', '*', true], ['', '', true],
  ['dog', 'd', false], ['dog', '?', false], ['d*g', 'd\\*g', true], ['dog', 'd\\*g', false], ['aXbXc', '*X*c', true], ['aXb', '*X*c', false],
  ['🐕', '?', true], ['a', 'a\\', false], ['mississippi', 'm*iss*ip*i', true],
])('%j against %j: %s', (text, pattern, expected) => {
  expect(matchesWildcard(text, pattern)).toBe(expected);
});
