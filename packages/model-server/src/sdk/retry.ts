/** Waits before the next try at a connection: longer with each, a second at most. */
export const pause = (attempt: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** attempt, 1000)));

/** Seconds that a server asks to wait; undefined where it says none, or a date. */
export const secondsOf = (retryAfter: unknown): number | undefined => (/^\d{1,9}$/.test(String(retryAfter)) ? Number(retryAfter) : undefined);
