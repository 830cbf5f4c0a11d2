import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { scanNumbers } from '../../src/json/numbers';

const MIB = 2 ** 20;

function textOf(count: number): Buffer {
  return Buffer.from(`[${'1,'.repeat(count - 1)}2]`);
}

/** Mebibytes of all typed arrays that are alive. */
async function alive(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().arrayBuffers / MIB;
}

test('the memory that large bodies took is kept for ten seconds, then given back without the collector', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  const before = await alive();
  const count = scanNumbers(textOf(2_000_000), 0)?.values.length;
  jest.advanceTimersByTime(9_000);
  scanNumbers(textOf(2_000_000), 0);
  jest.advanceTimersByTime(9_000);
  scanNumbers(textOf(5), 0);
  const kept = await alive();
  jest.advanceTimersByTime(1_000);
  const after = process.memoryUsage().arrayBuffers / MIB;
  jest.useRealTimers();

  expect(count).toBe(2_000_000);
  expect(kept - before).toBeGreaterThan(15);
  expect(after - before).toBeLessThan(2);
});

test.each([4096, 4097, 131_072, 131_073, 131_072, 300_000, 5])('%d values are read whole, whatever was read before', (count) => {
  const values = scanNumbers(textOf(count), 0)!.values;

  expect(values.length).toBe(count);
  expect([values[0], values[count - 2], values[count - 1]]).toEqual([1, 1, 2]);
  expect(values.reduce((sum, value) => sum + value)).toBe(count + 1);
});
