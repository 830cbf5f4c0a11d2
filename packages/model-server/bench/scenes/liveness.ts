import { cnnModel, mlpModel } from '../../test/support/models';
import { folderWith, TestServer } from '../../test/support/server';
import type { Effort, Figure } from '../figure';
import { Generator, quantile } from '../load/generator';
import type { LoadResult } from '../load/job';
import { binary, get, Load, json, randomInput, wideJson } from '../payloads';

const PROBE_EVERY_MS = 50;
const LARGE = 60_000_000;
/** A slice holds so many probes at least, so that its 99th percentile is no single one. */
const SLICE_SECONDS = 5;

/** Milliseconds of the probes that left while a body was at the server as a whole and its answer not yet here. */
function whileDecoding(probes: LoadResult, bodies: LoadResult): number[] {
  const spans = [...bodies.starts].map((start, k) => [start + bodies.sending[k]!, start + bodies.latencies[k]!] as const);
  return [...probes.latencies].filter((_, k) => spans.some(([from, to]) => from <= probes.starts[k]! && probes.starts[k]! < to));
}

/** Liveness while a runner is saturated, and while it decodes a large body. */
export async function liveness({ rounds, seconds, log }: Effort): Promise<Figure[]> {
  const server = await TestServer.start([folderWith({ 'cnn/model.onnx': cnnModel(), 'mlp/model.onnx': mlpModel(784, 64, 10) })]);
  const prober = new Generator();
  const generator = new Generator();
  const port = server.httpPort;
  const slice = seconds * SLICE_SECONDS;
  const loads: readonly (readonly [string, Load | undefined])[] = [
    ['idle', undefined],
    ['saturated', binary(port, 'cnn', randomInput('x', [1, 3, 64, 64]))],
    ['large', json(port, '/v1/models/mlp:predict', wideJson(LARGE, 784), 1)],
  ];
  const found = new Map<string, number[]>([...loads.map(([name]) => name), 'decoding'].map((name) => [name, []]));
  let bodies = 0;
  const probeUnder = async (name: string, load: Load | undefined): Promise<{ probes: LoadResult; made?: LoadResult }> => {
    const loading = load === undefined ? undefined : await generator.start({ ...load, seconds: slice });
    const probes = await prober.run({ ...get(port, '/v2/health/live'), everyMs: PROBE_EVERY_MS, seconds: slice });
    const made = await loading?.result;
    if (probes.errors > 0 || (made !== undefined && made.errors > 0)) {
      throw new Error(`liveness, ${name}: ${probes.errors} probes and ${made?.errors ?? 0} requests failed`);
    }
    return { probes, made };
  };
  try {
    prober.first();
    for (const [name, load] of loads) {
      // V8 compiles what is hot meanwhile; does not count
      await probeUnder(name, load);
    }
    for (let round = 0; round < rounds; round++) {
      for (const [name, load] of loads) {
        const { probes, made } = await probeUnder(name, load);
        found.get(name)!.push(...probes.latencies);
        if (name === 'large') {
          bodies += made!.latencies.length;
          found.get('decoding')!.push(...whileDecoding(probes, made!));
        }
      }
      log(`liveness, round ${round + 1} of ${rounds}: ${[...found].map(([name, ms]) => `${name} p99 ${quantile(ms, 0.99).toFixed(2)} ms`).join(', ')}`);
    }
  } finally {
    prober.close();
    generator.close();
    await server.stop();
  }
  const p99 = (name: string): number => quantile(found.get(name)!, 0.99);
  const note = (name: string): string => `${p99(name).toFixed(1)} ms against ${p99('idle').toFixed(1)} ms, ${found.get(name)!.length} probes`;
  return [
    { name: 'Liveness p99 while saturated, against idle', placement: 'runner, 16 connections of 49 kB', goal: { atMost: 3 }, value: p99('saturated') / p99('idle'), note: note('saturated') },
    { name: 'Liveness p99 while 60 MB of JSON are decoded, against idle', placement: 'runner, 1 connection', goal: { atMost: 3 }, value: p99('decoding') / p99('idle'), note: `${note('decoding')}, ${bodies} bodies` },
    { name: 'Liveness p99 while 60 MB of JSON arrive, as fast as the loopback gives them, and are decoded, against idle', placement: 'runner, 1 connection', value: p99('large') / p99('idle'), note: note('large') },
  ];
}
