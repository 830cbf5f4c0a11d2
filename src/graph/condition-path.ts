import { Deferred } from '../core/deferred';

/** What a condition says, before it is written in the path language. */
export type Expression =
  | { readonly kind: 'raw'; readonly path: string }
  | { readonly kind: 'always' }
  | { readonly kind: 'exists'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: string; readonly operand: string }
  | { readonly kind: 'any'; readonly of: readonly Expression[] }
  | { readonly kind: 'all'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'element'; readonly path: string; readonly of: Expression };

/** Thrown within this file and its caller for what the path language cannot say. */
export class Inexpressible extends Error {
  constructor(readonly needs: string, readonly fix: string = 'use another condition.') {
    super(needs);
  }
}

/** The body as a whole, or the element that a condition on elements is about. */
export const SELF = '@this';

/**
 * Writes an expression as a path that finds something exactly when it holds.
 *
 * A list `[a,b]` holds what its paths found and nothing for those that found
 * nothing, so its last place says whether all did and its first whether any did.
 */
export function toPath(expression: Expression): string {
  switch (expression.kind) {
    case 'raw': return expression.path;
    case 'always': return SELF;
    case 'exists': return fieldPath(expression.path);
    case 'compare': return `[${SELF}].#(${toQuery(expression)})`;
    case 'any': return listed(expression.of.map(toPath), 0);
    case 'all': return listed(expression.of.map(toPath), expression.of.length - 1);
    case 'not': return `[[${toPath(expression.of)}].#].#(==0)`;
    case 'element': return overElements(expression.path, expression.of);
  }
}

/** A text as a whole pattern: only strings match it, and no character stands for others. */
export function asPattern(text: string): string {
  return text.replace(/[*?\\]|^~/g, '\\$&');
}

/** A text between quotes, as queries want it. */
export function quoted(text: string): string {
  // eslint-disable-next-line no-control-regex -- these must be escaped
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

function overElements(path: string, of: Expression): string {
  const list = path === SELF ? '' : `${fieldPath(path)}.`;
  switch (of.kind) {
    case 'any': return listed(of.of.map((one) => overElements(path, one)), 0);
    case 'all': return `${list}${of.of.map((one) => `#(${elementQuery(one)})`).join('#|')}`; // each filters what the one before left
    case 'always': return `${list}0`;
    default: return `${list}#(${elementQuery(of)})`;
  }
}

/** What stands in `#(…)` for a condition on one element. */
function elementQuery(expression: Expression): string {
  switch (expression.kind) {
    case 'compare': return toQuery(expression);
    case 'exists': return expression.path === SELF ? '' : fieldPath(expression.path);
    default:
      if (comparesSelf(expression)) {
        throw new Inexpressible(`a combination that compares the element itself ('${SELF}') inside another`, 'compare a field of the element, or write the combination around Condition.anyElement.');
      }
      return toPath(expression);
  }
}

/** Paths inside a query are not applied to elements that are no objects and no lists. */
function comparesSelf(expression: Expression): boolean {
  switch (expression.kind) {
    case 'compare': case 'exists': return expression.path === SELF;
    case 'any': case 'all': return expression.of.some(comparesSelf);
    case 'not': return comparesSelf(expression.of);
    default: return false;
  }
}

function toQuery({ path, operator, operand }: { readonly path: string; readonly operator: string; readonly operand: string }): string {
  return `${path === SELF ? '' : fieldPath(path)}${operator}${operand}`;
}

function listed(paths: readonly string[], place: number): string {
  if (paths.length === 0) {
    throw new Inexpressible('a combination of no conditions', 'give at least one.');
  }
  return paths.length === 1 ? paths[0] : `[${paths.join(',')}].${place}`;
}

/** A path of field names: everything special is escaped, but a last `#` counts the elements of a list. */
function fieldPath(path: string): string {
  if (path === SELF || Deferred.is(path)) {
    return path;
  }
  const names = namesOf(path);
  if (names.includes('')) {
    throw new Inexpressible(`an empty field name, as in '${path}'`, 'use Condition.raw.');
  }
  return names.map((name, i) => name === '#' && i > 0 && i === names.length - 1 ? name : escaped(name, path)).join('.');
}

function namesOf(path: string): string[] {
  const names = [''];
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '.') {
      names.push('');
    } else {
      names[names.length - 1] += path[i] === '\\' ? path[++i] ?? '' : path[i];
    }
  }
  return names;
}

function escaped(name: string, path: string): string {
  if (name[name.length - 1] <= ' ') {
    throw new Inexpressible(`a field name that ends with a blank, as in '${path}'`);
  }
  return name.replace(/[^\w\u0080-\uffff-]/g, '\\$&');
}
