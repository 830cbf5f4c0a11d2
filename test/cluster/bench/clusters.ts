import type { Mode } from './kserve/config';

export interface KindOfCluster {
  /** As in `v0.20`. */
  readonly kserve: string;
  readonly mode: Mode;
}

/** The clusters of a whole run. The releases between behave like one of these two and are started by hand. */
export const CLUSTERS: readonly KindOfCluster[] = [
  { kserve: 'v0.20', mode: 'standard' },
  { kserve: 'v0.20', mode: 'knative' },
  { kserve: 'v0.16', mode: 'standard' },
  { kserve: 'v0.16', mode: 'knative' },
];
