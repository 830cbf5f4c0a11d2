import type { ClusterHandle } from './handle';

/** The cluster that the tests of this run talk to. */
export function cluster(): ClusterHandle {
  const { cluster: handle } = globalThis as { cluster?: ClusterHandle };
  if (handle === undefined) {
    throw new Error('No cluster: these tests run by "npm run test:cluster".');
  }
  return handle;
}
