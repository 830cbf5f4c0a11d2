import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './wait';

/** A process of the bench, recorded so that another process can stop exactly this one. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** The kernel's start time, which tells this process from a later one with the same id. */
  readonly started: string;
  readonly log: string;
}

export interface StartOptions {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly logDir: string;
  /** The process whose network namespace it runs in. @default - that of this machine */
  readonly network?: number;
  /** Whether it lives on when this process ends. */
  readonly survives: boolean;
}

/** Starts a program in the background; the id stays the same through the chain of programs that prepare it. */
export function startProcess(options: StartOptions): ProcessRecord {
  const chain = [
    ...(options.survives ? [] : ['setpriv', '--pdeathsig', 'KILL', '--']),
    ...(options.network === undefined ? [] : ['nsenter', `--net=/proc/${options.network}/ns/net`, '--']),
    options.command,
    ...(options.args ?? []),
  ];
  const log = join(options.logDir, `${options.name}.log`);
  const output = openSync(log, 'a');
  const child = spawn(chain[0], chain.slice(1), {
    detached: true, // Ctrl-C is for the bench, which then stops its processes itself
    stdio: ['ignore', output, output],
    env: { ...process.env, ...options.env },
  });
  closeSync(output);
  child.on('error', () => undefined); // seen as a process that does not run
  child.unref();
  if (child.pid === undefined) {
    throw new Error(`${options.name} could not be started: ${chain.join(' ')}`);
  }
  return { name: options.name, pid: child.pid, started: startTime(child.pid) ?? '', log };
}

/** Whether the recorded process still runs. */
export function isRunning(record: ProcessRecord): boolean {
  const started = startTime(record.pid);
  return started !== undefined && started === record.started;
}

/** Ends the recorded processes at once: nothing that they hold is kept. */
export function killProcesses(records: readonly ProcessRecord[]): void {
  for (const record of records.filter(isRunning)) {
    try {
      process.kill(record.pid, 'SIGKILL');
    } catch (error) {
      // it may have ended by itself in between
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
}

/** Ends the recorded processes and waits until they are gone. */
export async function stopProcesses(records: readonly ProcessRecord[]): Promise<void> {
  killProcesses(records);
  await until('end of the processes', async () => !records.some(isRunning) || undefined, { seconds: 15 });
}

/** Waits until a process of ours answers on a URL, and fails at once if it has ended. */
export async function untilHealthy(record: ProcessRecord, healthy: () => Promise<boolean>, seconds = 60): Promise<void> {
  await until(`${record.name} is healthy`, async () => {
    if (!isRunning(record)) {
      throw new Error(`${record.name} has ended:\n${lastLines(record.log)}`);
    }
    return await healthy().catch(() => false) || undefined;
  }, { seconds, explain: async () => lastLines(record.log) });
}

/** The last lines of a log that are `about` something. */
export function lastLines(log: string, about = /^/, count = 15): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').filter((line) => about.test(line)).slice(-count).map((line) => line.slice(0, 600)).join('\n');
  } catch {
    return '(no log)';
  }
}

function startTime(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
