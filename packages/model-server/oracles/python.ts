import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PYTHON = process.env.PYTHON ?? 'python3';

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr?.toString().trim().slice(-2000) || message}`, { cause: error });
  }
}

/** A virtual environment with the packages of a requirements file, made once and kept until the file changes. */
export class PythonEnvironment {
  private constructor(private readonly folder: string) {}

  /** Makes the environment of `oracles/requirements-NAME.txt`. */
  public static make(name: string): PythonEnvironment {
    const requirements = join(__dirname, `requirements-${name}.txt`);
    const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
    const folder = join(ROOT, '.cache', 'python', `${name}-${hash}`);
    const complete = join(folder, 'complete');
    if (!existsSync(complete)) {
      rmSync(folder, { recursive: true, force: true });
      run(PYTHON, ['-m', 'venv', folder]);
      run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
      writeFileSync(complete, '');
    }
    return new PythonEnvironment(folder);
  }

  /** Like `make`; where packages cannot be had, gives undefined with a warning, except in CI. */
  public static tryMake(name: string): PythonEnvironment | undefined {
    try {
      return PythonEnvironment.make(name);
    } catch (error) {
      if (process.env.CI === 'true') {
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
}
