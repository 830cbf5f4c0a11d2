import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { USER_CACHE } from '../scripts/user-cache';

const CACHE = join(USER_CACHE, 'python');
const PYTHON = process.env.PYTHON ?? 'python3';
const LIMITS = { timeout: 600_000, maxBuffer: 1 << 28 };

function failure(command: string, args: readonly string[], error: unknown): Error {
  const { stderr, message } = error as { stderr?: Buffer | string; message: string };
  return new Error(`${command} ${args.join(' ')} failed: ${stderr?.toString().trim().slice(-2000) || message}`, { cause: error });
}

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { ...LIMITS, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw failure(command, args, error);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Does work while no other process does work under the same lock. */
function alone(lock: string, work: () => void): void {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (owner > 0 && !isAlive(owner)) {
        rmSync(lock, { force: true });
      } else {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      }
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
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
    const complete = join(folder, 'complete');
    if (!existsSync(complete)) {
      alone(`${folder}.lock`, () => {
        if (!existsSync(complete)) {
          rmSync(folder, { recursive: true, force: true });
          run(PYTHON, ['-m', 'venv', folder]);
          run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
          writeFileSync(complete, '');
        }
      });
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
