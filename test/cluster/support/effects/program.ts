import { Chart } from 'cdk8s';

/** Props of a construct or component, by name. */
export interface Fields { readonly [prop: string]: any }

/** What a program is made of: the service whose props are given, or its component, or another construct. */
export type Shape =
  | 'service' | 'model' | 'server' | 'transformer' | 'explainer' | 'art' | 'collocated' | 'workers'
  | 'graph' | 'runtime' | 'clusterRuntime' | 'storageContainer' | 'trainedModel';

/** A program that sets some props of one shape. */
export interface EffectProgram {
  readonly shape: Shape;
  readonly props: Fields | ((chart: Chart) => Fields);
  /** By prop (`<struct>.<prop>`), what a changed line of the child objects is like that shows its effect: `<object> <path> = <value>`. */
  readonly shows: { readonly [prop: string]: RegExp };
  /** Why the pods do not become ready on the bench; they are looked at as soon as they are there. */
  readonly unready?: string;
  /** The mode in which that is so. @default - both */
  readonly unreadyIn?: string;
  /** What tells its rows from others of the same props. */
  readonly as?: string;
  /** Whether no other props are set in the same service, because they would not go together. */
  readonly alone?: boolean;
  /** Only programs of the same group share a service. @default - those of none */
  readonly group?: string;
}

/** The same program for several components. */
export function on(shapes: readonly Shape[], props: EffectProgram['props'], shows: EffectProgram['shows'], unready?: string): EffectProgram[] {
  return shapes.map((shape) => ({ shape, props, shows, unready, as: shape === 'model' ? undefined : shape }));
}
