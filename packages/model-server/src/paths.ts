import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The runner's program: beside this file, also after bundling. */
export function runnerEntry(): string {
  const entry = join(__dirname, 'runner', 'main.js');
  if (!existsSync(entry)) {
    throw new Error(`the runner program ${entry} is missing; the package is not compiled or not complete`);
  }
  return entry;
}

/** The server's program. */
export function serverEntry(): string {
  return join(__dirname, 'main.js');
}

/** Version of this package. */
export function packageVersion(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../package.json') as { version: string }).version;
}
