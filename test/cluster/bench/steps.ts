import { readFileSync, readdirSync } from 'node:fs';

/** A part of a run: how long it took, and what it and its programs computed in that time. */
interface Part {
  readonly label: string;
  readonly seconds?: number;
  readonly cpu?: number;
}

/** The times of a run, one line as each step ends and a table at its end. */
const taken: Part[] = [];

const print = (line: string) => void process.stderr.write(`${line}\n`);

export function say(line: string): void {
  print(line);
}

/** Runs a step and prints how long it took, also when it fails. */
export async function step<T>(label: string, run: () => Promise<T> | T): Promise<T> {
  const start = performance.now();
  const cpu = cpuSeconds();
  let outcome = 'failed after';
  try {
    const result = await run();
    outcome = '';
    return result;
  } finally {
    const part = { label, seconds: (performance.now() - start) / 1000, cpu: cpuSeconds() - cpu };
    taken.push(part);
    print(`  ${label} ${'.'.repeat(Math.max(2, 56 - label.length))} ${outcome}${columnsOf(part)}`);
  }
}

/** Adds a part whose time something else has taken. */
export function note(part: Part): void {
  taken.push(part);
}

/** Processor time of a program until now. */
export function cpuOf(pid: number): number {
  return (statOf(pid)?.ticks ?? 0) / TICKS_PER_SECOND;
}

/** All parts in order, for the end of a run. */
export function printTimes(title: string): void {
  print(`\n${title}`);
  for (const part of taken) {
    print(`  ${part.label.padEnd(58)}${columnsOf(part)}`);
  }
}

const columnsOf = ({ seconds, cpu }: Part) => `${column(seconds, 's')}${column(cpu, 's CPU')}`.trimEnd();

const column = (value: number | undefined, unit: string) => value === undefined ? ' '.repeat(9 + unit.length) : `${value.toFixed(1).padStart(8)} ${unit}`;

/** Processor time of this process and all that it has started, ended or not: what a loaded machine does not distort. */
function cpuSeconds(): number {
  const children = new Map<number, Stat[]>();
  let own: Stat | undefined;
  for (const stat of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => statOf(Number(pid)) ?? [])) {
    children.set(stat.parent, [...children.get(stat.parent) ?? [], stat]);
    own = stat.pid === process.pid ? stat : own;
  }
  const sum = (stat: Stat): number => (children.get(stat.pid) ?? []).reduce((total, child) => total + sum(child), stat.ticks);
  return own === undefined ? 0 : sum(own) / TICKS_PER_SECOND;
}

/** Fixed by the kernel's interface, whatever its own clock. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Of the process and its ended children. */
  readonly ticks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return { pid, parent: Number(fields[1]), ticks: fields.slice(11, 15).reduce((total, field) => total + Number(field), 0) };
  } catch {
    return undefined; // ended meanwhile
  }
}
