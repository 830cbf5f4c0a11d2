import { spawn } from 'node:child_process';

export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A command that ended with another code than 0, with what it said. */
export class ShellError extends Error {
  constructor(command: string, readonly code: number | null, readonly output: string) {
    super(`"${command}" ended with ${code ?? 'a signal'}:\n${output.trim().split('\n').slice(-30).join('\n')}`);
  }
}

/** Runs a command to its end and returns what it printed. */
export async function sh(command: string, args: readonly string[], options: ShellOptions = {}): Promise<string> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  child.stderr.on('data', (chunk) => { err += chunk; });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0) {
    throw new ShellError([command, ...args].join(' '), code, err || out);
  }
  return out;
}
