import { readFile } from 'node:fs/promises';

/** Proportional memory of a process in bytes; undefined when it has ended or the system does not tell. */
export async function pssOf(pid: number | undefined): Promise<number | undefined> {
  try {
    const kibibytes = /^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
