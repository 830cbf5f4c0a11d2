import { KubeObject } from '../bench/client';

/** A claim that is bound, so that pods that mount it can be scheduled. */
export function boundVolume(name: string, namespace: string): KubeObject[] {
  const spec = { accessModes: ['ReadOnlyMany'], storageClassName: '' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${namespace}-${name}` },
      spec: { ...spec, capacity: { storage: '1Gi' }, hostPath: { path: '/nowhere' }, claimRef: { namespace, name } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace },
      spec: { ...spec, volumeName: `${namespace}-${name}`, resources: { requests: { storage: '1Gi' } } },
    },
  ];
}
