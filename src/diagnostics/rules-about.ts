import { ManifestRule } from './rule';
import { Manifest } from '../core/manifest';

/** Rules by what they are about. */
interface Index { always: ManifestRule<any>[]; byField: Map<string, ManifestRule<any>[]> }

const indices = new WeakMap<ManifestRule<any>[], Index>();

/** The rules of a list that may find something in a manifest. */
export function rulesAbout(manifest: Manifest, rules: ManifestRule<any>[]): Iterable<ManifestRule<any>> {
  let index = indices.get(rules);
  if (index === undefined) {
    indices.set(rules, index = indexOf(rules));
  }
  const asked = new Set(index.always);
  addFor(manifest, index.byField, asked);
  return asked;
}

function indexOf(rules: ManifestRule<any>[]): Index {
  const index: Index = { always: rules.filter(({ about }) => about === undefined), byField: new Map() };
  for (const rule of rules) {
    for (const field of rule.about ?? []) {
      index.byField.set(field, [...index.byField.get(field) ?? [], rule]);
    }
  }
  return index;
}

/** Adds the rules about the fields that have a value, at any depth. */
function addFor(value: unknown, byField: Index['byField'], asked: Set<ManifestRule<any>>): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) {
      byField.get('{{')?.forEach((rule) => asked.add(rule));
    }
  } else if (Array.isArray(value)) {
    for (const item of value) {
      addFor(item, byField, asked);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      const field = (value as { [key: string]: unknown })[key];
      if (field !== undefined && field !== null) {
        byField.get(key)?.forEach((rule) => asked.add(rule));
        addFor(field, byField, asked);
      }
    }
  }
}
