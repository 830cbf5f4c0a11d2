import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Makes a folder that is kept between runs, unless it is there: whole or not at all,
 * and by one run of those that want it at the same time.
 */
export async function kept(folder: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) {
    return;
  }
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (!existsSync(folder)) {
      const begun = `${basename(folder)}.new`;
      for (const name of readdirSync(parent).filter((one) => one.startsWith(begun))) {
        rmSync(join(parent, name), { recursive: true, force: true }); // of a run that was cut off
      }
      // a name of its own: programs that such a run had started may write into its folder yet
      const unfinished = join(parent, `${begun}-${process.pid}`);
      mkdirSync(unfinished);
      await make(unfinished);
      renameSync(unfinished, folder);
    }
  } finally {
    await unlock();
  }
}

/** Waits for a lock, which ends with this process at the latest. */
async function lock(file: string): Promise<() => Promise<void>> {
  // ends when its input does
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked && cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = new Promise<void>((done) => holder.once('close', () => done()));
  await new Promise<void>((locked, fail) => {
    holder.stdout.once('data', () => locked());
    holder.once('error', fail);
    holder.once('exit', () => fail(new Error(`${file} could not be locked`)));
  });
  return async () => {
    holder.stdin.end();
    await closed;
  };
}
