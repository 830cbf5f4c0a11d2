/** What cannot be written as JSON before cdk8s resolves it. */
const NOT_PLAIN = Symbol('not plain');

/** A key that sets the prototype where it is assigned, so that its value would be lost. */
const PROTOTYPE = '__proto__';

/** The keys of a manifest that come first, whatever the order of the others. */
const HEADER = ['apiVersion', 'kind', 'metadata'];

/**
 * A manifest as cdk8s writes it, keys sorted and without those that have no value;
 * undefined if it holds anything that only cdk8s can resolve.
 */
export function plainManifest(manifest: { readonly [field: string]: unknown }): { [field: string]: any } | undefined {
  const header = plain(manifest.metadata, true);
  if (header === NOT_PLAIN || Object.hasOwn(manifest, PROTOTYPE)) {
    return undefined;
  }
  const result: { [field: string]: unknown } = { apiVersion: manifest.apiVersion, kind: manifest.kind, metadata: header };
  for (const field of sortedKeys(manifest)) {
    if (!HEADER.includes(field)) {
      const value = plain(manifest[field], false);
      if (value === NOT_PLAIN) {
        return undefined;
      }
      if (value !== undefined) {
        result[field] = value;
      }
    }
  }
  return result;
}

/** A copy of a value, or NOT_PLAIN. Empty lists and objects in metadata are left out, as cdk8s does. */
function plain(value: unknown, withoutEmpty: boolean): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? undefined : Array.isArray(value) ? plainList(value, withoutEmpty) : plainObject(value, withoutEmpty);
    default:
      return NOT_PLAIN;
  }
}

function plainList(list: unknown[], withoutEmpty: boolean): unknown {
  if (withoutEmpty && list.length === 0) {
    return undefined;
  }
  const result: unknown[] = [];
  for (const item of list) {
    const value = plain(item, withoutEmpty);
    if (value === NOT_PLAIN) {
      return NOT_PLAIN;
    }
    result.push(value);
  }
  return result;
}

function plainObject(object: object, withoutEmpty: boolean): unknown {
  if (object.constructor !== Object || Object.hasOwn(object, PROTOTYPE)) {
    return NOT_PLAIN;
  }
  const result: { [key: string]: unknown } = {};
  let some = false;
  for (const key of sortedKeys(object)) {
    const value = plain((object as { [key: string]: unknown })[key], withoutEmpty);
    if (value === NOT_PLAIN) {
      return NOT_PLAIN;
    }
    if (value !== undefined) {
      result[key] = value;
      some = true;
    }
  }
  return some || !withoutEmpty ? result : undefined;
}

function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  for (let i = 1; i < keys.length; i++) {
    if (keys[i] < keys[i - 1]) {
      return keys.sort();
    }
  }
  return keys;
}
