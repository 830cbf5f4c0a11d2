import { compareBytes } from './go-json';
import { JsonNode } from './json';
import { textOf } from './path-modifiers';
import type { Query } from './path-parts';
import { matchesWildcard } from './wildcard';

/** Whether a value satisfies a query. Each type has its own operators; for the others nothing matches. */
export function matchesQuery(value: JsonNode | undefined, { op, value: wanted }: Query): boolean {
  if (wanted.startsWith('~')) {
    const kind = KINDS_OF_TRUTH[wanted.slice(1)];
    return kind !== undefined && (op === '' || ofBoolean(kind(value), op, 'true'));
  }
  if (value === undefined || op === '') {
    return value !== undefined;
  }
  switch (value.kind) {
    case 'string': return ofString(textOf(value), op, wanted);
    case 'number': return ofNumber(value.number, op, goFloat(wanted));
    case 'true': case 'false': return ofBoolean(value.kind === 'true', op, wanted);
    default: return false;
  }
}

function ofString(value: string, op: string, wanted: string): boolean {
  return op.endsWith('%')
    ? matchesWildcard(value, wanted) === (op === '%')
    : ordered(op, compareBytes(value, wanted));
}

function ofNumber(value: number, op: string, wanted: number): boolean {
  if (Number.isNaN(value) || Number.isNaN(wanted)) {
    return op === '!=';
  }
  return ordered(op, value < wanted ? -1 : value > wanted ? 1 : 0);
}

function ofBoolean(value: boolean, op: string, wanted: string): boolean {
  switch (op) {
    case '=': return wanted === String(value);
    case '!=': return wanted !== String(value);
    case '>': return value && wanted === 'false';
    case '>=': return value; // whatever it is compared with
    case '<': return !value && wanted === 'true';
    case '<=': return !value;
    default: return false;
  }
}

function ordered(op: string, order: number): boolean {
  switch (op) {
    case '=': return order === 0;
    case '!=': return order !== 0;
    case '<': return order < 0;
    case '<=': return order <= 0;
    case '>': return order > 0;
    case '>=': return order >= 0;
    default: return false;
  }
}

const KINDS_OF_TRUTH: { [name: string]: ((value: JsonNode | undefined) => boolean) | undefined } = {
  '*': (value) => value !== undefined,
  'null': (value) => value === undefined || value.kind === 'null',
  'true': (value) => value !== undefined && truth(value) === true,
  'false': (value) => value === undefined || value.kind === 'null' || truth(value) === false,
};

const WORDS: { [word: string]: boolean | undefined } = { 1: true, t: true, true: true, 0: false, f: false, false: false };

function truth(value: JsonNode): boolean | undefined {
  switch (value.kind) {
    case 'true': return true;
    case 'false': return false;
    case 'number': return value.number !== 0;
    case 'string': return WORDS[textOf(value).toLowerCase()];
    default: return undefined;
  }
}

/** A number as Go reads it; what is none counts as 0. */
function goFloat(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    return Number(text);
  }
  const word = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (word !== null) {
    return word[1] === '-' ? -Infinity : Infinity;
  }
  return /^nan$/i.test(text) ? NaN : 0;
}
