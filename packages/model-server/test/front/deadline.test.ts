import { patienceIn, remainingMs } from '../../src/front/deadline';

test('what is left counts from the beginning, is never nothing and never more than a timer takes', () => {
  const now = performance.now();

  expect(remainingMs(now - 400, 1000)).toBeLessThanOrEqual(600);
  expect(remainingMs(now - 400, 1000)).toBeGreaterThan(1);
  expect(remainingMs(now - 400, 300)).toBe(1);
  expect([1e12, Infinity].map((patience) => remainingMs(now, patience))).toEqual([2 ** 31 - 1, 2 ** 31 - 1]);
});

test.each([['250', 250], ['1e400', Infinity], ['0', undefined], ['-1', undefined], ['x', undefined], ['', undefined], [undefined, undefined]])('a header of %s means %s milliseconds', (header, patience) => {
  expect(patienceIn(header)).toBe(patience);
});
