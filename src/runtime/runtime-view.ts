import type { Manifest } from '../core/manifest';

/** A container of a manifest. */
export interface ContainerView {
  readonly container: { readonly [field: string]: any };
  /** JSON pointer to the container. */
  readonly at: string;
}

/** A pod that a runtime describes: that of the server, or of a worker. */
export interface PodView {
  readonly pod: { readonly [field: string]: any };
  /** JSON pointer to the pod's fields. */
  readonly at: string;
}

/** The pods of a runtime. */
export function podsOf({ spec }: Manifest): PodView[] {
  return [
    ...spec === undefined ? [] : [{ pod: spec, at: '/spec' }],
    ...spec?.workerSpec === undefined ? [] : [{ pod: spec.workerSpec, at: '/spec/workerSpec' }],
  ];
}

/** The containers of a pod. */
export function containersOf({ pod, at }: PodView): ContainerView[] {
  return (pod.containers ?? []).map((container: any, i: number) => ({ container, at: `${at}/containers/${i}` }));
}

/** The environment variables of a container, with their pointers. */
export function variablesOf({ container, at }: ContainerView): { name: any; at: string }[] {
  return (container.env ?? []).map(({ name }: any, i: number) => ({ name, at: `${at}/env/${i}` }));
}
