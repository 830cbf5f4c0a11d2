import { Engine } from '../../src/engine/engine';
import { Op } from '../../src/frames/frame';
import { Job } from '../../src/pool/job';
import { JobQueue } from '../../src/pool/queue';
import { InlineExecutor } from '../../src/registry/inline-executor';

let now = 0;

beforeEach(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Runs that take so long, by a clock of the test's own. */
const engineOf = (ms: number): Engine => ({
  metadata: { platform: 'test', inputs: [], outputs: [] },
  run: () => {
    now += ms;
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
  expect(await doneInOneTurn(0.1)).toBe(8);
});

test.each([[5, 1], [0.4, 3]])('other requests have their turn when a millisecond has passed (runs of %f ms)', async (ms, done) => {
  expect(await doneInOneTurn(ms)).toBe(done);
});

test('replies of one turn leave together, behind its last run', async () => {
  const order: string[] = [];
  const engine: Engine = { ...engineOf(0.4), run: (...args) => { order.push('run'); return engineOf(0.4).run(...args); } };
  const executor = new InlineExecutor(engine, new JobQueue('m', { maxWaiting: 100, maxBatch: 1 }), () => undefined);
  await Promise.all(Array.from({ length: 4 }, () => new Promise<void>((resolve) => executor.submit(new Job({ op: Op.INFER, inputs: [], rows: 1, key: '' }, () => {
    order.push('reply');
    resolve();
  }, undefined)))));

  expect(order).toEqual(['run', 'run', 'run', 'reply', 'reply', 'reply', 'run', 'reply']);
});

test('a model that is let go of first answers what waits and what runs', async () => {
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const engine: Engine = {
    ...engineOf(0),
    run: () => new Promise((resolve) => { finish = () => resolve([]); }),
    release: async () => { order.push('released'); },
  };
  const executor = new InlineExecutor(engine, new JobQueue('m', { maxWaiting: 100, maxBatch: 1 }), () => undefined);
  const submit = (name: string): void => executor.submit(new Job({ op: Op.INFER, inputs: [], rows: 1, key: '' }, (error) => order.push(error === undefined ? name : `${name}: ${error.message}`), undefined));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  submit('runs');
  submit('waits');
  await turn();
  const closed = executor.close();
  submit('late');
  for (let i = 0; i < 2; i++) {
    await turn();
    finish();
    await turn();
  }
  await closed;

  expect(order).toEqual(['late: the model has been unloaded', 'runs', 'waits', 'released']);
});

test('a model that does not answer row by row is batched once only, and each caller gets the answer to his own row', async () => {
  const batches: number[] = [];
  const engine: Engine = {
    ...engineOf(0),
    run: ([input]) => {
      const { data } = input as { data: Float32Array };
      batches.push(data.length);
      return [{ index: 0, name: 'y', datatype: 'FP32', shape: [1], data: Float32Array.of(data.reduce((sum, value) => sum + value)) }];
    },
  };
  const executor = new InlineExecutor(engine, new JobQueue('m', { maxWaiting: 100, maxBatch: 8 }), () => undefined);
  const ask = (value: number) => new Promise((resolve, reject) => {
    const inputs = [{ index: 0, name: 'x', datatype: 'FP32' as const, shape: [1], data: Float32Array.of(value) }];
    executor.submit(new Job({ op: Op.INFER, inputs, rows: 1, key: '' }, (error, result) => (error === undefined ? resolve([...result!.tensors[0]!.data as Float32Array]) : reject(error)), undefined));
  });
  const answers = [await Promise.all([1, 2, 3].map(ask)), await Promise.all([4, 5].map(ask))];

  expect(answers).toEqual([[[1], [2], [3]], [[4], [5]]]);
  expect(batches).toEqual([3, 1, 1, 1, 1, 1]);
});
