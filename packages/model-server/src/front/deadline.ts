/** Longest time that a timer takes; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Milliseconds that are left of a caller's patience since `startedAt`, at least 1 and no more than a timer takes. */
export function remainingMs(startedAt: number, patienceMs: number): number {
  return Math.min(Math.max(1, startedAt + patienceMs - performance.now()), LONGEST_MS);
}

/** A time in milliseconds as a header has it; undefined where it is none. */
export function patienceIn(header: string | undefined): number | undefined {
  const value = Number(header ?? NaN);
  return value > 0 ? value : undefined;
}
