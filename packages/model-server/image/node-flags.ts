/**
 * What Node.js is started with, here because it holds only from the start; runners inherit it.
 * V8's helpers for collecting garbage take cores from the front: with them the slowest hundredth
 * of liveness probes took 2.0 to 3.3 ms while large bodies were decoded on two cores, without 1.6 to 1.7 ms.
 */
export const NODE_FLAGS: readonly string[] = ['--single-threaded-gc'];
