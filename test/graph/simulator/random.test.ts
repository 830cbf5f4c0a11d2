import { seeded } from '../../../src/graph/simulator/random';

const draws = (seed: number, count = 1000) => {
  const random = seeded(seed);
  return Array.from({ length: count }, () => random(100));
};

test('a seed always gives the same numbers, and others give others', () => {
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});

test.each([0, 1, -5, 2 ** 40])('the numbers of seed %d are spread evenly', (seed) => {
  const found = draws(seed);

  expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...found)).toBeLessThan(100);
  expect(found.filter((draw) => draw < 10).length).toBeGreaterThan(60);
  expect(found.filter((draw) => draw < 10).length).toBeLessThan(140);
});

test('first draws of seeds in a row are spread as well', () => {
  const first = Array.from({ length: 1000 }, (_, seed) => seeded(seed)(100));

  expect(new Set(first).size).toBeGreaterThan(90);
});
