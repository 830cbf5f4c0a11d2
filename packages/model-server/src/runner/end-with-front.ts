import { Worker } from 'node:worker_threads';

/** Ends the process when it gets another parent, whatever the main thread does meanwhile. */
const WATCH = `
const front = require('node:worker_threads').workerData;
setInterval(() => {
  if (process.ppid !== front) process.kill(process.pid, 'SIGKILL');
}, 250);
`;

/** The front, as long as it lives. */
const front = process.ppid;

let watching: Promise<void> | undefined;

/**
 * Makes a front that was killed end this process too, even where a call never returns
 * and the closed channel is never noticed. It takes a thread of about 8 MiB, so only
 * runners of models that may run for ever have one.
 */
export function endWithFront(): Promise<void> {
  watching ??= new Promise((resolve, reject) => {
    const worker = new Worker(WATCH, { eval: true, workerData: front, env: {}, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8, stackSizeMb: 1 } });
    worker.once('online', resolve);
    worker.once('error', reject);
    worker.unref();
  });
  return watching;
}
