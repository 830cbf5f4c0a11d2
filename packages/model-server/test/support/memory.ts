import { readdirSync, readFileSync } from 'node:fs';
import { Inspector } from './inspector';
import { TestServer } from './server';

/** Runners of a server: its child processes. */
export function runnersOf(server: TestServer): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
      return Number(fields[1]) === server.child.pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Proportional memory of a process in bytes; 0 when it has just ended. */
function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))![1]) * 1024;
  } catch {
    return 0;
  }
}

/** Memory in bytes at one moment. */
export interface Sample {
  /** What had been done by then: requests, cycles. */
  readonly done: number;
  /** The front's heap that is alive. */
  readonly heap: number;
  readonly front: number;
  readonly runners: number;
}

export async function sample(server: TestServer, inspector: Inspector, done: number): Promise<Sample> {
  const heap = await inspector.liveBytes();
  return { done, heap, front: pssOf(server.child.pid!), runners: runnersOf(server).reduce((sum, pid) => sum + pssOf(pid), 0) };
}

/** Bytes gained for each thing done, of each kind of memory: the median slope between any two samples, which one jump does not move. */
export function growth(samples: readonly Sample[]): { readonly heap: number; readonly front: number; readonly runners: number } {
  const slope = (key: 'heap' | 'front' | 'runners'): number => {
    const slopes = samples.flatMap((from, i) => samples.slice(i + 1).map((to) => (to[key] - from[key]) / (to.done - from.done))).sort((a, b) => a - b);
    return Math.round((slopes[Math.floor(slopes.length / 2)] ?? NaN) * 10) / 10;
  };
  return { heap: slope('heap'), front: slope('front'), runners: slope('runners') };
}
