import { setTimeout as pause } from 'node:timers/promises';

/** Seconds after which a wait is given up: many, because a busy machine is slow and only what is wrong waits so long. */
const DEADLINE = 300;

export interface WaitOptions {
  /** Seconds until it is given up. @default 300 */
  readonly seconds?: number;
  /** What the error tells beside the name of the condition: the object, its events, logs. */
  readonly explain?: () => Promise<string>;
  /** Begins before each probe; when it resolves, the next probe is due. @default - probes often */
  readonly wake?: () => Promise<void>;
}

/** Waits until `probe` answers something, and fails with an explanation at the deadline. */
export async function until<T>(what: string, probe: () => Promise<T | undefined>, options: WaitOptions = {}): Promise<T> {
  const seconds = options.seconds ?? DEADLINE;
  const deadline = performance.now() + seconds * 1000;
  let interval = 25;
  for (;;) {
    const woken = options.wake?.();
    const answer = await probe();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > deadline) {
      const explanation = options.explain ? `\n${await options.explain()}` : '';
      throw new Error(`${what}: not within ${seconds} s${explanation}`);
    }
    if (woken) {
      // not by the news alone: what a probe asks for besides may have changed
      await Promise.race([woken, pause(2000, undefined, { ref: false })]);
    } else {
      await pause(interval);
      interval = Math.min(interval * 1.5, 250);
    }
  }
}
