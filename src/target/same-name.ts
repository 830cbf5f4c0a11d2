import { Deferred } from '../core/deferred';
import type { ClusterRule } from './rule-context';

/** Judges every object of the library: no tool that applies manifests notices it. */
export const SAME_NAME: ClusterRule = {
  code: 'KSV1103',
  title: 'Two objects have the same name',
  severity: 'error',
  origin: 'ours',
  bites: 'create',
  individual: true,
  explanation: 'Both would be the same object of the cluster: the one that is applied last replaces the other, without a word.',
  * check(manifest, { neighbours, namespace, target }) {
    const { kind, metadata: { name } } = manifest;
    const same = Deferred.is(name) ? [] : neighbours.named(kind, namespace, name);
    if (same.length > 1) {
      yield {
        at: '/metadata/name',
        value: name,
        message: `is the name of ${same.map(({ path }) => `'${path}'`).join(' and ')}${namespace === undefined ? '' : ` in namespace '${namespace}'`} of cluster '${target.cluster}'`,
        fix: 'give each a name of its own by its id or the prop name; or another namespace.',
      };
    }
  },
};
