import * as fc from 'fast-check';
import { KubeObject } from '../bench/client';
import { stepsOf } from '../../../src/core/cause';

/** A field, by its path, and the values that it may be given; `undefined` takes it away. */
export type Mutation = readonly [path: string, ...values: unknown[]];

/** Objects near one of the valid ones: some of their fields have been given other values. */
export function mutants(valid: readonly KubeObject[], mutations: readonly Mutation[], count: number, seed: number): KubeObject[] {
  const one = fc.constantFrom(...mutations).chain(([path, ...values]) => fc.constantFrom(...values).map((value) => ({ path, value })));
  const some = fc.record({ object: fc.constantFrom(...valid), changes: fc.array(one, { minLength: 0, maxLength: 4, size: 'max' }) });
  return fc.sample(some, { numRuns: count, seed }).map(({ object, changes }) => changes.reduce(changed, structuredClone(object)));
}

/** The object with a field changed; lists and dictionaries on the way are made, but no list gets a hole. */
function changed(object: KubeObject, { path, value }: { path: string; value: unknown }): KubeObject {
  const steps = stepsOf(path);
  let at: any = object;
  for (const [i, step] of steps.slice(0, -1).entries()) {
    if (Array.isArray(at) && Number(step) > at.length) {
      return object;
    }
    at = at[step] ??= /^\d+$/.test(steps[i + 1]) ? [] : {};
  }
  const last = steps.at(-1)!;
  if (value !== undefined) {
    at[last] = structuredClone(value);
  } else if (Array.isArray(at)) {
    at.splice(Number(last), 1);
  } else {
    delete at[last];
  }
  return object;
}
