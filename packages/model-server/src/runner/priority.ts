import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** By how much runners are nicer than the front: beside it they get a third of a core. */
const NICER = 5;

/**
 * Lets the front go first where cores are few: to read a request or to answer a probe
 * takes microseconds, and a runner that computes would make them wait for milliseconds.
 */
export function yieldToFront(): void {
  try {
    const nice = Math.min(getPriority() + NICER, constants.priority.PRIORITY_LOW);
    // on Linux a priority is a thread's own; threads made later get that of their maker
    for (const thread of readdirSync('/proc/self/task')) {
      setPriority(Number(thread), nice);
    }
  } catch {
    // a system that has or allows no priorities only loses the order
  }
}
