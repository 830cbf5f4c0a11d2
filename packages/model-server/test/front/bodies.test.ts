import { BodyInBlocks, recycleBody, takeBody } from '../../src/front/bodies';

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
  const bodies = Array.from({ length: 20 }, () => takeBody(1 << 19, 0));
  bodies.forEach(recycleBody);
  const again = Array.from({ length: 20 }, () => takeBody(1 << 19, 0).buffer);

  expect(again.filter((buffer) => bodies.some((body) => body.buffer === buffer)).length).toBe(16);
});

describe('a body in blocks', () => {
  const inBlocks = (chunks: readonly Buffer[]): Buffer[] => {
    const body = new BodyInBlocks();
    chunks.forEach((chunk) => body.add(chunk));
    return body.end();
  };

  test('holds what came, however it was cut', () => {
    const body = Buffer.from(Array.from({ length: 2_500_000 }, (_, i) => i % 253));

    for (const cuts of [[2_500_000], [1, 1 << 20, 2_500_000], [65_536, 131_072, 2_400_000, 2_500_000]]) {
      const chunks = cuts.map((end, i) => body.subarray(cuts[i - 1] ?? 0, end));
      expect(Buffer.concat(inBlocks(chunks)).equals(body)).toBe(true);
    }
    expect(inBlocks([])).toEqual([]);
  });

  test('gives its memory to the next, for ten seconds', () => {
    jest.useFakeTimers();
    const chunk = Buffer.alloc(3 << 20, 1);
    let last = inBlocks([chunk]);
    const reusedAfter = (ms: number): number => {
      const memory = last.map(({ buffer }) => buffer);
      last.forEach(recycleBody);
      jest.advanceTimersByTime(ms);
      last = inBlocks([chunk]);
      return last.filter(({ buffer }) => memory.includes(buffer)).length;
    };

    expect([reusedAfter(9_000), reusedAfter(9_000), reusedAfter(10_010)]).toEqual([3, 3, 0]);

    jest.useRealTimers();
  });

  test('frees its memory a block in each turn of the event loop, and not by the collector', () => {
    jest.useFakeTimers();
    const blocks = inBlocks([Buffer.alloc(3 << 20, 1)]).map(({ buffer }) => buffer);
    blocks.forEach((buffer) => recycleBody(Buffer.from(buffer)));
    const freed = blocks.map(() => {
      jest.advanceTimersToNextTimer();
      return blocks.filter(({ byteLength }) => byteLength === 0).length;
    });

    expect(freed).toEqual([1, 2, 3]);

    jest.useRealTimers();
  });
});
