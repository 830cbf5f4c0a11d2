import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** Seconds until it is given up. */
  readonly seconds?: number;
  /** What the error tells beside the name of the condition: the object, its events, logs. */
  readonly explain?: () => Promise<string>;
}

/** Waits until `probe` answers something, and fails with an explanation at the deadline. */
export async function until<T>(what: string, probe: () => Promise<T | undefined>, options: WaitOptions = {}): Promise<T> {
  const seconds = options.seconds ?? 60;
  const deadline = performance.now() + seconds * 1000;
  let interval = 25;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > deadline) {
      const explanation = options.explain ? `\n${await options.explain()}` : '';
      throw new Error(`${what}: not within ${seconds} s${explanation}`);
    }
    await pause(interval);
    interval = Math.min(interval * 1.5, 250);
  }
}
