import { Engine } from '../../src/engine/engine';
import { Op } from '../../src/frames/frame';
import { Job } from '../../src/pool/job';
import { JobQueue } from '../../src/pool/queue';
import { InlineExecutor } from '../../src/registry/inline';

/** Runs that keep the thread for so long. */
const engineOf = (ms: number): Engine => ({
  metadata: { platform: 'test', inputs: [], outputs: [] },
  run: () => {
    const until = performance.now() + ms;
    while (performance.now() < until);
    return [];
  },
  release: () => Promise.resolve(),
});

/** How many of eight jobs are done after one turn of the event loop, and that all are in the end. */
async function doneInOneTurn(ms: number): Promise<number> {
  const executor = new InlineExecutor(engineOf(ms), new JobQueue('m', { maxWaiting: 100, maxBatch: 1 }), () => undefined);
  let done = 0;
  const all = Promise.all(Array.from({ length: 8 }, () => new Promise<void>((resolve) => {
    executor.submit(new Job({ op: Op.INFER, inputs: [], rows: 1, key: '' }, () => {
      done++;
      resolve();
    }, undefined));
  })));
  // behind the executor's own, and its microtasks
  await new Promise((resolve) => setImmediate(resolve));
  const first = done;
  await all;
  return first;
}

test('short runs share a turn of the event loop', async () => {
  expect(await doneInOneTurn(0)).toBe(8);
});

test('after a long run other requests have their turn', async () => {
  expect(await doneInOneTurn(5)).toBe(1);
});
