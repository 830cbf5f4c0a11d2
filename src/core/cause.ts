/**
 * Which prop made which path of a manifest.
 *
 * Rendering code wraps what a prop caused in `caused(prop, value)`. That is the
 * identity function, except while `trace` runs the same code once more to learn
 * the causes, so that messages can speak the program's words.
 */
class Caused {
  constructor(readonly prop: string, readonly value: unknown) {}
}

let tracing = false;

/**
 * Says that `prop` caused `value`; nested causes name props relative to the outer
 * one, or to the construct where they begin with a slash.
 */
export function caused<T>(prop: string, value: T): T {
  return tracing && value !== undefined ? new Caused(prop, value) as T : value;
}

/** The fields of an object, each caused by the prop of the same name below `prop`. */
export function eachCaused(prop: string, fields: object): { [field: string]: any } {
  return fieldsCaused(fields, (field) => `${prop}.${field}`);
}

/** The fields of an object, whose causes so far were relative to `prop`. */
export function allUnder(prop: string, fields: object): { [field: string]: any } {
  return fieldsCaused(fields, () => prop);
}

function fieldsCaused(fields: object, propOf: (field: string) => string): { [field: string]: any } {
  return tracing ? Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, caused(propOf(field), value)])) : { ...fields };
}

/** A value that is rendered already, for code that looks into it. */
export function uncaused<T>(value: T): T {
  return value instanceof Caused ? uncaused(value.value as T) : value;
}

/** What rendering makes of a value that is rendered already: the same prop caused it. */
export function withCauseOf<T, R>(value: T, make: (value: T) => R): R {
  return value instanceof Caused ? new Caused(value.prop, make(value.value as T)) as R : make(value);
}

/** The items of a list that is rendered already, to stand beside others. */
export function itemsOf<T>(list: readonly T[] | undefined): T[] {
  return list instanceof Caused
    ? itemsOf(list.value as T[]).map((item, i) => caused(`${list.prop}[${i}]`, item))
    : [...list ?? []];
}

/** JSON pointers (RFC 6901) to the props that caused what stands there. */
export type Causes = Map<string, string>;

/** Runs rendering code and returns the causes of its result's paths. */
export function trace(render: () => unknown): Causes {
  const causes: Causes = new Map();
  collect(whileTracing(true, render), '', '', causes);
  return causes;
}

/** Runs rendering code for its result, even if the caller is being traced. */
export function untraced<T>(render: () => T): T {
  return tracing ? whileTracing(false, render) : render();
}

function whileTracing<T>(value: boolean, render: () => T): T {
  const outer = tracing;
  tracing = value;
  try {
    return render();
  } finally {
    tracing = outer;
  }
}

/** The prop behind a pointer: its own cause or that of the nearest path above it. */
export function causeOf(causes: Causes, pointer: string): string | undefined {
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const prop = causes.get(path);
    if (prop !== undefined) {
      return prop;
    }
  }
  return undefined;
}

/** One step of a JSON pointer. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replace(/~/g, '~0').replace(/\//g, '~1')}`;
}

/** The steps of a JSON pointer, each a key or an index. */
export function stepsOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function collect(value: unknown, pointer: string, prefix: string, causes: Causes): void {
  if (value instanceof Caused) {
    const prop = value.prop.startsWith('/') ? value.prop.slice(1)
      : prefix === '' || value.prop.startsWith('[') ? prefix + value.prop : `${prefix}.${value.prop}`;
    causes.set(pointer, prop);
    collect(value.value, pointer, prop, causes);
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => collect(item, pointer + pointerStep(i), prefix, causes));
  } else if (typeof value === 'object' && value !== null && value.constructor === Object) {
    for (const [key, item] of Object.entries(value)) {
      collect(item, pointer + pointerStep(key), prefix, causes);
    }
  }
}
