import { cycle, CYCLED, cycleModels } from '../support/cycles';
import { exchangeModels } from '../support/exchanges';
import { INSPECTABLE } from '../support/inspector';
import { folderWith, runnersOf, TestServer } from '../support/server';
import { soak, SoakResult } from '../support/soak';

/** Bytes that each request may leave behind; a quarter of what a small object for each takes. */
const MOST = { heap: 64, front: 1024, runners: 1024 };
const LEAK = 4096;
const RATE = 200;
const CYCLES = 300;

const LEAKING = `
import { defineModel } from 'kserve-model-server';
const kept = [];
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1, 2] } },
  outputs: { y: { datatype: 'FP32', shape: [-1, 2] } },
  predict: ({ x }) => { kept.push(Buffer.alloc(${LEAK}, 1)); return { y: x.data.map((value) => value * 2) }; },
});
`;

async function run(folder: string, seconds: number, options: { leak?: string; kinds?: readonly string[] } = {}): Promise<SoakResult> {
  const server = await TestServer.start([folder], INSPECTABLE);
  const result = await soak(server, { seconds, warmupSeconds: seconds / 3, sampleSeconds: 2, rate: RATE, kinds: options.kinds, inject: options.leak });
  await server.stop();
  return result;
}

test('90 s of requests by all protocols leave no memory behind', async () => {
  const { requests, wrong, growth } = await run(exchangeModels(), 90);

  expect(wrong).toEqual([]);
  expect(requests).toBeGreaterThan(1000);
  expect(growth.heap).toBeLessThan(MOST.heap);
  expect(growth.runnerHeaps).toBeLessThan(MOST.heap);
  expect(growth.front).toBeLessThan(MOST.front);
  expect(growth.runners).toBeLessThan(MOST.runners);
}, 300_000);

test('a leak in the front is seen', async () => {
  // each reply is a write, by whichever way its connection is served
  const leak = `{ const kept = []; const { Socket } = process.getBuiltinModule('node:net'); const { write } = Socket.prototype;
    Socket.prototype.write = function (...args) { kept.push(new Array(${MOST.heap / 4}).fill(0.5)); return write.apply(this, args); }; }`;
  const { growth } = await run(exchangeModels(), 20, { leak, kinds: ['v1', 'v2'] });

  expect(growth.heap).toBeGreaterThan(MOST.heap);
}, 120_000);

test('a leak in a runner is seen', async () => {
  const { growth } = await run(folderWith({ 'user/model.mjs': LEAKING }), 20, { kinds: ['v1 user'] });

  expect(growth.runners).toBeGreaterThan(MOST.runners);
}, 120_000);

test(`${CYCLES} cycles of load and unload leave neither memory nor processes behind`, async () => {
  const server = await TestServer.start([cycleModels(), '--multi_model'], INSPECTABLE);
  const runners = runnersOf(server).length;
  const { wrong, growth } = await cycle(server, CYCLED, CYCLES);
  const left = runnersOf(server).length;
  await server.stop();

  expect({ wrong, left }).toEqual({ wrong: [], left: runners });
  // a model's weights are 7.5 MB, its series and metadata some tens of kB
  expect(growth.heap).toBeLessThan(2048);
  expect(growth.front + growth.runners).toBeLessThan(100_000);
}, 300_000);
