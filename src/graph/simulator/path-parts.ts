import { isModifier } from './path-modifier-names';

/** The first component of a path, cut off from the rest. */
export interface PathPart {
  readonly part: string;
  /** What follows after a dot. */
  readonly rest?: string;
  /** What follows after a pipe, or after a dot before a modifier or multipath. */
  readonly pipe?: string;
}

/** A component read for an object. */
export interface KeyPart extends PathPart {
  readonly wild: boolean;
}

/** A query on the elements of a list: `#(path op value)`. */
export interface Query {
  readonly path: string;
  readonly op: string;
  readonly value: string;
}

/** A component read for a list. */
export interface IndexPart extends PathPart {
  /** Whether it contains `#`, so that it is no index. */
  readonly hash: boolean;
  /** The path after `#.`, taken from every element. */
  readonly each?: string;
  readonly query?: Query;
  /** Whether `#(…)#` asks for all elements. */
  readonly all: boolean;
}

/** Cuts the first component off a path that is applied to an object. */
export function keyPart(path: string): KeyPart {
  let part = '';
  let wild = false;
  for (let i = 0; i < path.length; i++) {
    const char = path[i];
    if (char === '\\') {
      part += path[++i] ?? '';
    } else if (char === '|' || char === '.') {
      return { part, wild, ...following(path, i, true) };
    } else {
      wild ||= char === '*' || char === '?';
      part += char;
    }
  }
  return { part, wild };
}

/** Cuts the first component off a path that is applied to a list. There are no escapes here. */
export function indexPart(path: string): IndexPart {
  let hash = false;
  let all = false;
  let query: Query | undefined;
  const each = path.startsWith('#.') ? path.slice(2) : undefined;
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '|' || path[i] === '.') {
      return { part: path.slice(0, i), hash, each, query, all, ...following(path, i, !hash) };
    }
    if (path[i] === '#') {
      hash = true;
      if (i === 0 && (path[1] === '(' || path[1] === '[')) {
        const read = readQuery(path);
        if (read === undefined) { // a query without an end looks for the first scalar
          query = { path: '', op: '', value: '' };
          break;
        }
        query = read.query;
        i = read.end - 1;
        all = path[read.end] === '#';
      }
    }
  }
  return { part: path, hash, each, query, all };
}

/** Splits the rest of a path at its first pipe outside of queries. */
export function splitPipe(path: string): { left: string; right: string } | undefined {
  if (!path.includes('|')) {
    return undefined;
  }
  if (path.startsWith('{')) {
    const end = path[1] === '"' ? stringEnd(path, 1) + 1 : balancedEnd(path, 2);
    return path[end] === '|' ? { left: path.slice(0, end), right: path.slice(end + 1) } : undefined;
  }
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '\\') {
      i++;
    } else if (path[i] === '|') {
      return { left: path.slice(0, i), right: path.slice(i + 1) };
    } else if (path[i] === '.') {
      if (i === path.length - 1) {
        return undefined;
      }
      if (path[i + 1] === '#') {
        i += 2;
        if (path[i] === '(' || path[i] === '[') {
          i = selectorEnd(path, i);
        }
      }
    }
  }
  return undefined;
}

/** A part of a multipath: `[path,path]` or `{"name":path}`. */
export interface SubPath {
  readonly name: string;
  readonly path: string;
}

/** Reads a multipath and what follows it; without parts if its bracket is never closed. */
export function readMultipath(path: string): { subs?: SubPath[]; rest: string } {
  const subs: SubPath[] = [];
  let depth = 1;
  let [start, colon, modifier] = [1, 0, false];
  const push = (end: number) => {
    subs.push(colon === 0
      ? { name: '', path: path.slice(start, end) }
      : { name: path.slice(start, colon), path: path.slice(colon + 1, end) });
    [start, colon, modifier] = [end + 1, 0, false];
  };
  for (let i = 1; i < path.length; i++) {
    const char = path[i];
    if (char === '\\') {
      i++;
    } else if (char === '@') {
      modifier ||= path[i - 1] === '.' || path[i - 1] === '|';
    } else if (char === ':') {
      colon = !modifier && colon === 0 && depth === 1 ? i : colon;
    } else if (char === ',' && depth === 1) {
      push(i);
    } else if (char === '"') {
      i = stringEnd(path, i);
    } else if ('[({'.includes(char)) {
      depth++;
    } else if ('])}'.includes(char) && --depth === 0) {
      push(i);
      return { subs, rest: path.slice(i + 1) };
    }
  }
  return { rest: '' };
}

/** Whether what follows a dot is applied to the result so far, as after a pipe. */
function appliesToResult(path: string): boolean {
  return path[0] === '[' || path[0] === '{' || (path[0] === '@' && isModifier(/^@([^.|:]*)/.exec(path)![1]));
}

function following(path: string, at: number, mayPipe: boolean): { rest?: string; pipe?: string } {
  const after = path.slice(at + 1);
  return path[at] === '|' || (mayPipe && after !== '' && appliesToResult(after)) ? { pipe: after } : { rest: after };
}

const OPERATORS = ['!=', '!%', '<=', '>=', '==', '<', '>', '=', '%'];

function readQuery(path: string): { query: Query; end: number } | undefined {
  let depth = 1;
  let operator = 0;
  let escaped = false;
  let i = 2;
  for (; i < path.length; i++) {
    const char = path[i];
    if (depth === 1 && operator === 0 && '!=<>%'.includes(char)) {
      operator = i;
    } else if (char === '\\') {
      i++;
    } else if (char === '[' || char === '(') {
      depth++;
    } else if ((char === ']' || char === ')') && --depth === 0) {
      break;
    } else if (char === '"') {
      const end = stringEnd(path, i);
      escaped ||= path.slice(i, end).includes('\\');
      i = end;
    }
  }
  if (depth > 0) {
    return undefined;
  }
  if (operator === 0) {
    return { query: { path: trim(path.slice(2, i)), op: '', value: '' }, end: i + 1 };
  }
  const right = trim(path.slice(operator, i));
  const op = right.length === 1 ? right : OPERATORS.find((known) => right.startsWith(known)) ?? '';
  let value = trim(right.slice(op.length));
  if (value.length >= 2 && value.startsWith('"') && value.endsWith('"')) {
    value = value.slice(1, -1);
    value = escaped ? unescapeLoosely(value) : value;
  }
  return { query: { path: trim(path.slice(2, operator)), op: op === '==' ? '=' : op, value }, end: i + 1 };
}

/** The position of the quote that ends a string, or that of the end of the text. */
function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') {
    i += text[i] === '\\' ? 2 : 1;
  }
  return i;
}

function selectorEnd(path: string, start: number): number {
  const [open, close] = path[start] === '[' ? '[]' : '()';
  let depth = 1;
  let i = start + 1;
  for (; i < path.length; i++) {
    if (path[i] === '\\') {
      i++;
    } else if (path[i] === open) {
      depth++;
    } else if (path[i] === close && --depth === 0) {
      break;
    } else if (path[i] === '"') {
      i = stringEnd(path, i);
    }
  }
  return i;
}

/** The position after the bracket that closes the one before `start`. */
export function balancedEnd(text: string, start: number): number {
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '"') {
      i = stringEnd(text, i);
    } else if ('[({'.includes(text[i])) {
      depth++;
    } else if ('])}'.includes(text[i]) && --depth === 0) {
      return i + 1;
    }
  }
  return text.length;
}

function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] <= ' ') {
    start++;
  }
  while (end > start && text[end - 1] <= ' ') {
    end--;
  }
  return text.slice(start, end);
}

const SIMPLE: { [letter: string]: string } = { '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', '"': '"' };

/** Escapes resolved as the path library does: a wrong one ends the text. */
export function unescapeLoosely(text: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] < ' ') {
      return result;
    }
    if (text[i] !== '\\') {
      result += text[i];
      continue;
    }
    const letter = text[++i];
    if (letter !== 'u') {
      if (SIMPLE[letter] === undefined) {
        return result;
      }
      result += SIMPLE[letter];
      continue;
    }
    if (i + 5 > text.length) {
      return result;
    }
    const unit = hex(text, i + 1);
    i += 4;
    if (unit < 0xd800 || unit > 0xdfff) {
      result += String.fromCharCode(unit);
    } else if (text[i + 1] === '\\' && text[i + 2] === 'u' && i + 7 <= text.length) {
      const pair = String.fromCharCode(unit, hex(text, i + 3)); // whatever follows is taken as the other half
      result += pair.codePointAt(0)! > 0xffff ? pair : '\ufffd';
      i += 6;
    } else {
      result += '\ufffd';
    }
  }
  return result;
}

function hex(text: string, at: number): number {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? parseInt(digits, 16) : 0;
}
