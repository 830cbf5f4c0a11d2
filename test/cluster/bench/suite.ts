import type { ClusterHandle } from './handle';

/** The cluster that the tests of this run talk to. */
export function cluster(): ClusterHandle {
  return (globalThis as unknown as { cluster: ClusterHandle }).cluster;
}
