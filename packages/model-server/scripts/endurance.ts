import { cycle, CYCLED, cycleModels } from '../test/support/cycles';
import { exchangeModels } from '../test/support/exchanges';
import { fuzz } from '../test/support/fuzz/fuzz';
import { propertyModels } from '../test/support/fuzz/properties';
import { INSPECTABLE } from '../test/support/inspector';
import { Sample } from '../test/support/memory';
import { TestServer } from '../test/support/server';
import { soak } from '../test/support/soak';

const MIB = 1024 * 1024;

function print(what: object): void {
  process.stdout.write(`${new Date().toISOString()} ${JSON.stringify(what)}\n`);
}

function printSample({ done, heap, runnerHeaps, front, runners }: Sample): void {
  const mib = (bytes: number): number => Math.round((bytes / MIB) * 100) / 100;
  print({ done, heapMiB: mib(heap), runnerHeapsMiB: mib(runnerHeaps), frontMiB: mib(front), runnersMiB: mib(runners) });
}

async function runSoak(seconds: number): Promise<boolean> {
  const server = await TestServer.start([exchangeModels()], INSPECTABLE);
  const result = await soak(server, { seconds, warmupSeconds: Math.min(600, seconds / 4), sampleSeconds: Math.max(5, seconds / 120), rate: 200, onSample: printSample });
  await server.stop();
  print(result);
  const { growth } = result;
  return result.wrong.length === 0 && growth.heap < 4 && growth.runnerHeaps < 4 && growth.front < 8 && growth.runners < 8;
}

async function runCycles(cycles: number): Promise<boolean> {
  const server = await TestServer.start([cycleModels(), '--multi_model'], INSPECTABLE);
  const result = await cycle(server, CYCLED, cycles, printSample);
  await server.stop();
  print(result);
  const { growth } = result;
  return result.wrong.length === 0 && growth.heap < 64 && growth.front < 1024 && growth.runners < 4096;
}

async function runFuzz(requests: number): Promise<boolean> {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9);
  print({ seed, requests });
  const server = await TestServer.start([exchangeModels(propertyModels())]);
  const result = await fuzz(server, { requests, seed, onProgress: (done, wrong) => print({ done, wrong }) });
  const restarts = /runner_restarts_total\{reason="crash"\} (\d+)/.exec((await server.call('/metrics')).body.toString())?.[1];
  const unhandled = /a failure was not handled.*/.exec(server.output)?.[0];
  await server.stop();
  print({ ...result, restarts, unhandled });
  return result.wrong.length === 0 && restarts === '0' && unhandled === undefined;
}

const RUNS: { readonly [name: string]: { readonly share: number; readonly run: (amount: number) => Promise<boolean> } } = {
  fuzz: { share: 1_000_000, run: runFuzz },
  cycles: { share: 10_000, run: runCycles },
  soak: { share: 3600, run: runSoak },
};

async function main(): Promise<void> {
  const [name = '', amount] = process.argv.slice(2);
  const chosen = RUNS[name];
  if (chosen === undefined) {
    throw new Error(`say which: ${Object.keys(RUNS).join(', ')}; a number after it changes how long`);
  }
  const good = await chosen.run(Number(amount ?? chosen.share));
  print({ name, good });
  process.exitCode = good ? 0 : 1;
}

void main();
