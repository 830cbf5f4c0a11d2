import * as errors from '../../src/errors';
import { IndexedTensor } from '../../src/frames/frame';
import { infer, Wait } from '../../src/front/infer';
import { Metrics } from '../../src/metrics/registry';
import { ModelMetadata } from '../../src/model/metadata';
import { Job } from '../../src/pool/job';
import { JobQueue } from '../../src/pool/queue';
import { Executor, ServedModel } from '../../src/registry/served';

const SPEC = { name: 'x', datatype: 'FP32', shape: [-1, 1] } as const;

let jobs: Job[];
let model: ServedModel;
let told: string[];

/** A cached model of which two callers may wait, and whose runner takes each job at once. */
beforeEach(() => {
  jobs = [];
  told = [];
  const executor: Executor = { unready: undefined, inline: false, queue: new JobQueue('m', { maxWaiting: 2, maxBatch: 1 }), submit: (job) => jobs.push(job), close: () => Promise.resolve() };
  const metadata: ModelMetadata = { platform: 'test', inputs: [SPEC], outputs: [SPEC] };
  model = new ServedModel('m', undefined, metadata, { maxBatch: 1, reason: '' }, { name: 'm', format: 'onnx', path: '', folder: '', intraOp: 1, predictProba: false }, { deterministic: true }, undefined, 100, executor, new Metrics().openModel('m', undefined));
});

const tensor = (value: number): IndexedTensor => ({ index: 0, name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(value) });

/** Asks and notes what is answered under that name. */
function ask(name: string, value: number, deadlineMs?: number): Wait {
  return infer(model, { call: { inputs: [] }, inputs: [tensor(value)], outputs: undefined }, undefined, deadlineMs, (error, tensors) => told.push(`${name}: ${error?.message ?? (tensors![0]!.data as Float32Array)[0]!}`));
}

const answer = (): void => jobs.shift()!.succeed({ tensors: [tensor(5)], batch: 1, queuedMs: 0, runMs: 0 });

test('those who wait for the run of another count as waiting, and one more is refused', () => {
  ask('first', 1);
  ask('second', 1);
  ask('third', 1);
  ask('fourth', 1);
  const refused = [...told];
  answer();

  expect({ refused, told, jobs }).toEqual({ refused: ["fourth: the queue of model 'm' is full: 2 requests wait"], told: [...refused, 'second: 5', 'third: 5', 'first: 5'], jobs: [] });
  expect([model.executor.queue.full, model.executor.queue.joined]).toEqual([undefined, 0]);
});

test('those who wait for the run of another leave no room for jobs', () => {
  ask('first', 1);
  ask('second', 1);
  ask('third', 1);
  const job = new Job({ op: 0, rows: -1, key: '' }, (error) => told.push(`${error?.code} ${error?.retryAfterSeconds}`), undefined);
  model.executor.queue.push(job);

  expect(told).toEqual(['exhausted 1']);
});

test('who leaves makes room, by going or by the deadline', async () => {
  ask('first', 1);
  const second = ask('second', 1);
  ask('third', 1, 5);
  second.abandon();
  second.abandon();
  await new Promise((resolve) => setTimeout(resolve, 50));
  ask('fourth', 1);
  ask('fifth', 1);
  ask('sixth', 1);
  answer();

  expect(told).toEqual(['third: the deadline of the request has passed', "sixth: the queue of model 'm' is full: 2 requests wait", 'fourth: 5', 'fifth: 5', 'first: 5']);
});

test('what one of them throws keeps no answer from the others', () => {
  const unhandled = jest.spyOn(errors, 'reportUnhandled').mockImplementation(() => undefined);
  ask('first', 1);
  const failure = new Error('not so');
  infer(model, { call: { inputs: [] }, inputs: [tensor(1)], outputs: undefined }, undefined, undefined, () => { throw failure; });
  ask('third', 1);
  answer();

  expect([told, unhandled.mock.calls]).toEqual([['third: 5', 'first: 5'], [[failure]]]);
  unhandled.mockRestore();
});

test('a refused request to a cached model has one answer: what it is refused with', async () => {
  const tooMany = { ...tensor(1), shape: [101, 1], data: new Float32Array(101) };
  const refused = (): Wait => infer(model, { call: { inputs: [] }, inputs: [tooMany], outputs: undefined }, undefined, 5, () => told.push('answered'));

  expect(refused).toThrow('101 rows');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(told).toEqual([]);
  expect([model.executor.queue.joined, jobs]).toEqual([0, []]);
});
