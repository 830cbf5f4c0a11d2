import type { ApiObject } from 'cdk8s';

const marked = new WeakSet<ApiObject>();

/** Says that an object is a runtime of the release, made by `BuiltInRuntimes`. */
export function markBuiltIn(object: ApiObject): void {
  marked.add(object);
}

/** Whether an object is a runtime of the release, made by `BuiltInRuntimes`. */
export function isBuiltIn(object: ApiObject): boolean {
  return marked.has(object);
}
