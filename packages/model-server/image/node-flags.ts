/**
 * What Node.js is started with, here because it holds only from the start; runners inherit it.
 * V8's helpers for collecting garbage wait for a core when a runner and a sender have both,
 * and the front with them: 100 ms for what it does alone in less than ten.
 */
export const NODE_FLAGS: readonly string[] = ['--single-threaded-gc'];
