import { readFileSync } from 'node:fs';
import { Inspector } from './inspector';
import { runnersOf, TestServer } from './server';

/**
 * Memory of a process's own in bytes; 0 when it has just ended. Pages of files are left
 * out: they weigh more as soon as another program that shared them ends.
 */
function ownMemoryOf(pid: number): number {
  try {
    return Number(/^Pss_Anon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))![1]) * 1024;
  } catch {
    return 0;
  }
}

/** Memory in bytes at one moment. */
export interface Sample {
  /** What had been done by then: requests, cycles. */
  readonly done: number;
  /** Heaps that are alive, of the front and of all runners that are looked into. */
  readonly heap: number;
  readonly runnerHeaps: number;
  /** Memory of their own. */
  readonly front: number;
  readonly runners: number;
}

export async function sample(server: TestServer, front: Inspector, runners: readonly Inspector[], done: number): Promise<Sample> {
  const heap = await front.liveBytes();
  let runnerHeaps = 0;
  for (const runner of runners) {
    runnerHeaps += await runner.liveBytes();
  }
  return { done, heap, runnerHeaps, front: ownMemoryOf(server.child.pid!), runners: runnersOf(server).reduce((sum, pid) => sum + ownMemoryOf(pid), 0) };
}

const KINDS = ['heap', 'runnerHeaps', 'front', 'runners'] as const;
export type Growth = { readonly [kind in typeof KINDS[number]]: number };

/** Bytes gained for each thing done, of each kind of memory: the median slope between any two samples, which one jump does not move. */
export function growth(samples: readonly Sample[]): Growth {
  return Object.fromEntries(KINDS.map((kind) => {
    const slopes = samples.flatMap((from, i) => samples.slice(i + 1).map((to) => (to[kind] - from[kind]) / (to.done - from.done))).sort((a, b) => a - b);
    return [kind, Math.round((slopes[Math.floor(slopes.length / 2)] ?? NaN) * 10) / 10];
  })) as Growth;
}
