import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USER_CACHE } from '../scripts/user-cache';

const CACHE = join(USER_CACHE, 'python');
const PYTHON = process.env.PYTHON ?? 'python3';
const LIMITS = { timeout: 600_000, maxBuffer: 1 << 28 };
/** Time to make an environment, perhaps after others have made theirs. */
const MAKING = 2 * LIMITS.timeout;

function failure(command: string, args: readonly string[], error: unknown): Error {
  const { stderr, message } = error as { stderr?: Buffer | string; message: string };
  return new Error(`${command} ${args.join(' ')} failed: ${stderr?.toString().trim().slice(-2000) || message}`, { cause: error });
}

function run(command: string, args: readonly string[], timeout = LIMITS.timeout): void {
  try {
    execFileSync(command, args, { ...LIMITS, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw failure(command, args, error);
  }
}

/** A virtual environment with the packages of a requirements file, made once for all clones, and again when the file or Python changes. */
export class PythonEnvironment {
  private constructor(private readonly folder: string) {}

  /** Makes the environment of `oracles/requirements-NAME.txt`. */
  public static make(name: string): PythonEnvironment {
    const requirements = join(__dirname, `requirements-${name}.txt`);
    const version = execFileSync(PYTHON, ['--version']);
    const hash = createHash('sha256').update(readFileSync(requirements)).update(version).digest('hex').slice(0, 12);
    const folder = join(CACHE, `${name}-${hash}`);
    if (!existsSync(join(folder, 'complete'))) {
      run(PYTHON, [join(__dirname, 'environment.py'), folder, requirements], MAKING);
    }
    return new PythonEnvironment(folder);
  }

  /** Like `make`; where packages cannot be had, gives undefined with a warning, except in CI. */
  public static tryMake(name: string): PythonEnvironment | undefined {
    try {
      return PythonEnvironment.make(name);
    } catch (error) {
      if (process.env.CI !== undefined && process.env.CI !== 'false') {
        throw error;
      }
      process.stderr.write(`SKIPPED: the comparison with ${name} in Python, since its packages cannot be installed here: ${(error as Error).message}\n`);
      return undefined;
    }
  }

  /** Path of a program of the environment. */
  public program(name: string): string {
    return join(this.folder, 'bin', name);
  }

  /** Runs a script of `oracles/`. */
  public run(script: string, ...args: readonly string[]): void {
    run(join(this.folder, 'bin', 'python'), [join(__dirname, script), ...args]);
  }

  /** Runs a script of `oracles/` and gives the JSON that it prints, if any. */
  public ask<T>(script: string, ...args: readonly string[]): Promise<T> {
    const command = join(this.folder, 'bin', 'python');
    const all = [join(__dirname, script), ...args];
    return new Promise((resolve, reject) => {
      execFile(command, all, LIMITS, (error, stdout, stderr) => {
        try {
          if (error !== null) {
            throw Object.assign(error, { stderr });
          }
          resolve((stdout === '' ? undefined : JSON.parse(stdout)) as T);
        } catch (problem) {
          reject(failure(command, all, problem));
        }
      });
    });
  }
}
