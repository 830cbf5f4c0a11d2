import { Deferred } from '../core/deferred';
import { asPattern, Expression, Inexpressible, quoted, toPath } from './condition-path';
import { readJson } from './simulator/json';
import { valueAt } from './simulator/path';

/**
 * When a step runs: a condition on the previous step's answer in a sequence, on
 * the request in a switch.
 *
 * Fields are named by paths: names joined by dots, positions in lists as numbers
 * (`predictions.0.label`), a dot inside a name as `\.`, a last `#` for the number
 * of elements (`instances.#`), `@this` for the whole body. What is not there
 * satisfies no comparison.
 *
 * KServe's router tests whether a path of its path language finds something; a
 * condition compiles to such a path, which `path` shows.
 *
 * @see https://github.com/tidwall/gjson/blob/master/SYNTAX.md
 *
 * @example
 * const isDog = Condition.equalTo('predictions.0', 'dog');
 * isDog.holdsFor({ predictions: ['dog'] }); // true
 */
export class Condition {
  /** The field is there, whatever its value, null too. */
  static exists(path: string): Condition {
    return new Condition({ kind: 'exists', path }, `${path} exists`);
  }

  /**
   * The field has a value. A text equals strings only. A number also equals a
   * string with the same digits, `true` any number but 0 and the strings `true`,
   * `t` and `1`, `false` also 0 and the string `false`: the path language does not
   * tell them apart.
   *
   * @param value a string, a number or a boolean
   */
  static equalTo(path: string, value: any): Condition {
    const words = `${path} is ${JSON.stringify(value)}`;
    if (typeof value === 'string' || Deferred.is(value)) {
      return compare(path, '%', quoted(Deferred.is(value) ? String(value) : asPattern(value)), words);
    }
    if (typeof value === 'boolean') {
      return value ? compare(path, '==', '~true', words) : compare(path, '==', 'false', words);
    }
    return ofNumber(path, '==', value, words);
  }

  /** The field is a number above a bound. Strings compare with it as text. */
  static greaterThan(path: string, bound: number): Condition {
    return ofNumber(path, '>', bound, `${path} > ${bound}`);
  }

  /** The field is a number not below a bound. Strings compare with it as text; `true` counts as well. */
  static atLeast(path: string, bound: number): Condition {
    return ofNumber(path, '>=', bound, `${path} ≥ ${bound}`);
  }

  /** The field is a number below a bound. Strings compare with it as text. */
  static lessThan(path: string, bound: number): Condition {
    return ofNumber(path, '<', bound, `${path} < ${bound}`);
  }

  /** The field is a number not above a bound. Strings compare with it as text; `false` counts as well. */
  static atMost(path: string, bound: number): Condition {
    return ofNumber(path, '<=', bound, `${path} ≤ ${bound}`);
  }

  /** The field is a string that contains a text. */
  static contains(path: string, text: string): Condition {
    const pattern = Deferred.is(text) ? text : text.replace(/[*?\\]/g, '\\$&');
    return compare(path, '%', quoted(`*${pattern}*`), `${path} contains ${JSON.stringify(text)}`);
  }

  /** The field is a string of a shape, in which `*` stands for any characters and `?` for one. */
  static matches(path: string, pattern: string): Condition {
    return compare(path, '%', quoted(pattern.replace(/^~/, '\\~')), `${path} matches ${JSON.stringify(pattern)}`);
  }

  /** At least one of the conditions holds. */
  static anyOf(...conditions: Condition[]): Condition {
    return new Condition({ kind: 'any', of: conditions.map((one) => one.expression) }, conditions.map(bracketed).join(' or '));
  }

  /** All of the conditions hold. */
  static allOf(...conditions: Condition[]): Condition {
    return new Condition({ kind: 'all', of: conditions.map((one) => one.expression) }, conditions.map(bracketed).join(' and '));
  }

  /** The condition does not hold. It then holds for a field that is not there. */
  static not(condition: Condition): Condition {
    return new Condition({ kind: 'not', of: condition.expression }, `not ${bracketed(condition)}`);
  }

  /**
   * A list has an element for which a condition holds.
   *
   * @param path the list; `@this` if the body is one
   * @param condition on the element: its paths begin there, and `@this` is the element itself
   */
  static anyElement(path: string, condition: Condition): Condition {
    return new Condition({ kind: 'element', path, of: condition.expression }, `an element of ${path} has ${bracketed(condition)}`);
  }

  /** Holds for every body that is JSON: the default branch at the end of a switch. */
  static otherwise(): Condition {
    return new Condition({ kind: 'always' }, 'otherwise');
  }

  /** A path of the router's own language; the step runs if it finds something. */
  static raw(path: string): Condition {
    return new Condition({ kind: 'raw', path }, path);
  }

  /**
   * @internal
   */
  static _compare(path: string, operator: string, operand: string, words: string, problem?: Inexpressible): Condition {
    return new Condition({ kind: 'compare', path, operator, operand }, words, problem);
  }

  /** The path as the manifest has it; empty if the condition cannot be expressed. */
  readonly path: string;

  /**
   * Why the path language cannot express the condition.
   *
   * @internal
   */
  readonly _problem?: Inexpressible;

  private constructor(private readonly expression: Expression, private readonly words: string, problem?: Inexpressible) {
    try {
      this.path = problem === undefined ? toPath(expression) : '';
      this._problem = problem;
    } catch (error) {
      if (!(error instanceof Inexpressible)) {
        throw error;
      }
      this.path = '';
      this._problem = error;
    }
  }

  /** Whether the condition holds for a body, by the router's rules. */
  holdsFor(json: any): boolean {
    const reading = readJson(JSON.stringify(json) ?? '');
    return 'root' in reading && valueAt(reading.root, this.path) !== undefined;
  }

  /** The condition in words. */
  toString(): string {
    return this.words;
  }
}

function compare(path: string, operator: string, operand: string, words: string): Condition {
  return Condition._compare(path, operator, operand, words);
}

function ofNumber(path: string, operator: string, value: any, words: string): Condition {
  const problem = Deferred.is(value) || (typeof value === 'number' && Number.isFinite(value)) ? undefined
    : new Inexpressible(
      `a comparison with ${typeof value === 'number' ? value : JSON.stringify(value) ?? 'nothing'}`,
      'compare with a string, a finite number or a boolean.',
    );
  return Condition._compare(path, operator, String(value), words, problem);
}

function bracketed(condition: Condition): string {
  const words = condition.toString();
  return / (or|and) /.test(words) ? `(${words})` : words;
}
