import { recycleBody, takeBody } from '../../src/front/bodies';

test.each([[0, 0], [1, 1], [20_000, 123], [50_000, 50_000], [1 << 20, 5], [3_000_000, 7]])('a body of %i bytes has its byte %i where numbers can be viewed', (length, aligned) => {
  const body = takeBody(length, aligned);

  expect(body.length).toBe(length);
  expect((body.byteOffset + aligned) % 8).toBe(0);
});

test('memory given back is used again, once', () => {
  const body = takeBody(50_000, 3);
  recycleBody(body);
  recycleBody(body);
  const [next, other] = [takeBody(40_000, 0), takeBody(40_000, 0)];

  expect(next.buffer).toBe(body.buffer);
  expect(other.buffer).not.toBe(body.buffer);
});

test('small and large bodies have memory of their own', () => {
  for (const length of [1000, 2 << 20]) {
    const body = takeBody(length, 0);
    recycleBody(body);

    expect(takeBody(length, 0).buffer).not.toBe(body.buffer);
  }
});

test('no more than 8 MiB lie free', () => {
  const bodies = Array.from({ length: 12 }, () => takeBody(1 << 20, 0));
  bodies.forEach(recycleBody);
  const again = Array.from({ length: 12 }, () => takeBody(1 << 20, 0).buffer);

  expect(again.filter((buffer) => bodies.some((body) => body.buffer === buffer)).length).toBe(8);
});
