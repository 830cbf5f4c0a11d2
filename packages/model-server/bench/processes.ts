import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc's CPU times in a second; Linux has shown this number to programs since ever. */
const TICKS = 100;

function statOf(pid: number): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    // the name in brackets may hold anything
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

/** A process with all that descend from it. */
export function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), statOf(Number(name))?.parent] as const);
  const family = [pid];
  for (const member of family) {
    family.push(...parents.filter(([, parent]) => parent === member).map(([child]) => child));
  }
  return family;
}

/** Seconds of CPU that processes have used, in user and kernel. */
export const cpuSeconds = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0) / TICKS;

/** Proportional memory of processes in MiB. */
export const pssMiB = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))![1]) / 1024, 0);
