const MODULUS = 2147483647;

/**
 * A source of whole numbers from 0 to `count` - 1 that gives the same ones for the same seed
 * (Park and Miller's generator, good enough for drawing branches).
 */
export function seeded(seed: number): (count: number) => number {
  let state = 1 + Math.abs(Math.trunc(seed) * 69621 + 12345) % (MODULUS - 1);
  const next = () => state = (state * 48271) % MODULUS;
  next(); // seeds that are near each other begin alike
  next();
  return (count) => Math.floor(next() / MODULUS * count);
}
