import type { ReleaseData } from './data';

/** A change to data of type T: records merge key by key, everything else replaces; `undefined` removes a key. */
export type Changes<T> =
  T extends readonly unknown[] ? T
    : T extends object ? { readonly [K in keyof T]?: Changes<T[K]> | undefined }
      : T;

const PLACEHOLDER = '{release}';

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(base: unknown, changes: unknown): unknown {
  if (!isRecord(base) || !isRecord(changes)) return changes;
  const result = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    if (change === undefined) delete result[key];
    else result[key] = merge(base[key], change);
  }
  return result;
}

/** The data of a release as the difference to the one before. */
export function extend(base: ReleaseData, changes: Changes<ReleaseData> & { readonly version: string }): ReleaseData {
  return merge(base, changes) as ReleaseData;
}

function resolve(value: unknown, tag: string): unknown {
  if (typeof value === 'string') return value.includes(PLACEHOLDER) ? value.replaceAll(PLACEHOLDER, tag) : value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => resolve(item, tag)));
  if (!isRecord(value)) return value;
  const result: { [key: string]: unknown } = {};
  for (const key of Object.keys(value)) result[key] = resolve(value[key], tag);
  return Object.freeze(result);
}

/** A frozen copy with `{release}` replaced. */
export function finish(data: ReleaseData): ReleaseData {
  return resolve(data, `v${data.version}`) as ReleaseData;
}
