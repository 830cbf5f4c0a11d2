import { isIP } from 'node:net';
import { compileCel, regExp, type CelRule } from './cel';

/** The OpenAPI v3 schema of a CRD, with the Kubernetes extensions. */
export type Schema = { [keyword: string]: any };

const INT32 = 2 ** 31;
const GO_DURATION = /^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/;
const FORMATS: { [format: string]: (value: any) => boolean } = {
  'int32': (value) => value >= -INT32 && value < INT32,
  'date-time': (value) => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)),
  'duration': (value) => GO_DURATION.test(value) || value === '0',
  'uri': (value) => URL.canParse(value),
  'ipv4': (value) => isIP(value) === 4,
  'ipv6': (value) => isIP(value) === 6,
  'byte': (value) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value),
};

const isObject = (value: unknown): value is { [key: string]: any } => typeof value === 'object' && value !== null && !Array.isArray(value);
const TYPES: { [type: string]: (value: unknown) => boolean } = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
};

const text = (value: unknown) => JSON.stringify(value);
const length = (value: string) => [...value].length;

/** Every reason why the API server refuses this value, as `path: reason`. */
export function schemaErrors(value: unknown, schema: Schema, path: string): string[] {
  const complete = withDefaults(value, schema);
  const errors = structureErrors(complete, schema, path);
  // rules see only what has the right structure
  return errors.length ? errors : ruleErrors(complete, schema, path);
}

/** A copy with the schema's defaults, which the API server sets before it validates. */
function withDefaults(value: any, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => withDefaults(item, schema.items ?? {}));
  if (!isObject(value)) return value;
  const properties: { [name: string]: Schema } = schema.properties ?? {};
  const copy = { ...value };
  for (const [name, property] of Object.entries(properties)) {
    if (property.default !== undefined && copy[name] === undefined) copy[name] = property.default;
  }
  return Object.fromEntries(Object.entries(copy).map(([name, child]) => [name, withDefaults(child, childSchema(schema, name) ?? {})]));
}

/** The schema of a field, or undefined where the API server would not know the field. */
function childSchema(schema: Schema, name: string): Schema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  if (schema.additionalProperties) return schema.additionalProperties === true ? ANYTHING : schema.additionalProperties;
  return schema['x-kubernetes-preserve-unknown-fields'] ? ANYTHING : undefined;
}
const ANYTHING: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

function structureErrors(value: any, schema: Schema, path: string): string[] {
  if (value === null) {
    // a null that is not nullable is dropped without a word, which nobody means
    return schema.nullable || schema === ANYTHING ? [] : [`${path}: null would be dropped`];
  }
  const errors = valueErrors(value, schema, path);
  if (Array.isArray(value)) {
    errors.push(...duplicateErrors(value, schema, path));
    if (schema.items) value.forEach((item, i) => errors.push(...structureErrors(item, schema.items, `${path}[${i}]`)));
  } else if (isObject(value) && (schema.type ?? 'object') === 'object') {
    for (const [name, child] of Object.entries(value)) {
      const known = childSchema(schema, name);
      errors.push(...known ? structureErrors(child, known, `${path}.${name}`) : [`${path}.${name}: unknown field`]);
    }
  }
  return errors;
}

function duplicateErrors(items: any[], schema: Schema, path: string): string[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const keys: string[] | undefined = type === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined;
  const seen = new Set<string>();
  return items.flatMap((item, i) => {
    const identity = text(keys ? keys.map((key) => item?.[key] ?? null) : item);
    const duplicate = seen.has(identity);
    seen.add(identity);
    return duplicate ? [`${path}[${i}]: duplicate ${keys ? `${keys.join(', ')} ${identity}` : identity}`] : [];
  });
}

/** What one level of schema says about a value; the children of objects and lists have their own turn. */
function valueErrors(value: any, schema: Schema, path: string): string[] {
  if (schema['x-kubernetes-int-or-string'] && !TYPES.integer(value) && !TYPES.string(value)) {
    return [`${path}: must be an integer or a string, not ${text(value)}`];
  }
  if (schema.type && !TYPES[schema.type](value)) return [`${path}: must be of type ${schema.type}, not ${text(value)}`];
  const failed = (reason: string) => `${path}: ${reason}, not ${text(value)}`;
  const errors: string[] = [];
  const limits = (measure: number, least: string, most: string, what: string) => {
    const [min, max] = [schema[least], schema[most]];
    if (measure < min || (schema.exclusiveMinimum && least === 'minimum' && measure === min)) errors.push(failed(`${what} must be at least ${min}`));
    if (measure > max || (schema.exclusiveMaximum && most === 'maximum' && measure === max)) errors.push(failed(`${what} must be at most ${max}`));
  };
  if (schema.enum && !schema.enum.some((allowed: unknown) => text(allowed) === text(value))) {
    errors.push(failed(`must be one of ${schema.enum.map(text).join(', ')}`));
  }
  if (typeof value === 'number') limits(value, 'minimum', 'maximum', 'the number');
  if (typeof value === 'string') {
    limits(length(value), 'minLength', 'maxLength', 'the length');
    if (schema.pattern && !regExp(schema.pattern).test(value)) errors.push(failed(`must match ${schema.pattern}`));
  }
  if (Object.hasOwn(FORMATS, schema.format) && !FORMATS[schema.format](value)) errors.push(failed(`must be in the format ${schema.format}`));
  if (Array.isArray(value)) limits(value.length, 'minItems', 'maxItems', 'the number of items');
  if (isObject(value)) {
    limits(Object.keys(value).length, 'minProperties', 'maxProperties', 'the number of fields');
    for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) errors.push(`${path}.${name}: required`);
  }
  return [...errors, ...compositionErrors(value, schema, path)];
}

/** allOf, anyOf, oneOf and not: they restrict values and know no unknown fields. */
function compositionErrors(value: any, schema: Schema, path: string): string[] {
  const errors = (part: Schema) => restrictionErrors(value, part, path);
  const count = (parts: Schema[]) => parts.filter((part) => errors(part).length === 0).length;
  const found: string[] = (schema.allOf ?? []).flatMap(errors);
  if (schema.anyOf && count(schema.anyOf) === 0) found.push(`${path}: must satisfy one of ${text(schema.anyOf)}`);
  if (schema.oneOf && count(schema.oneOf) !== 1) found.push(`${path}: must satisfy exactly one of ${text(schema.oneOf)}`);
  if (schema.not && errors(schema.not).length === 0) found.push(`${path}: must not satisfy ${text(schema.not)}`);
  return found;
}

function restrictionErrors(value: any, schema: Schema, path: string): string[] {
  const children: [string, any, Schema | undefined][] = Array.isArray(value)
    ? value.map((item, i) => [`${path}[${i}]`, item, schema.items])
    : isObject(value) ? Object.entries(value).map(([name, child]) => [`${path}.${name}`, child, childSchema(schema, name)]) : [];
  return [
    ...valueErrors(value, schema, path),
    ...children.flatMap(([at, child, part]) => part ? restrictionErrors(child, part, at) : []),
  ];
}

const compiled = new Map<string, CelRule>();

function ruleErrors(value: any, schema: Schema, path: string): string[] {
  if (value === null) return [];
  const errors = (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule, message }: { rule: string; message?: string }) => {
    if (!compiled.has(rule)) compiled.set(rule, compileCel(rule));
    try {
      return compiled.get(rule)!(value) ? [] : [`${path}: ${message ?? `must satisfy ${rule}`}`];
    } catch (error) {
      return [`${path}: ${message ?? rule} (${(error as Error).message})`];
    }
  });
  if (Array.isArray(value) && schema.items) value.forEach((item, i) => errors.push(...ruleErrors(item, schema.items, `${path}[${i}]`)));
  if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) errors.push(...ruleErrors(child, childSchema(schema, name) ?? {}, `${path}.${name}`));
  }
  return errors;
}
