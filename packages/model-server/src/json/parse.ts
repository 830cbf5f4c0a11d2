import { isUtf8 } from 'node:buffer';
import { invalid } from '../errors';
import { NumberArray, scanEnd, scanNumbers } from './numbers';

/** A parsed JSON value in which rectangular arrays of numbers are typed arrays. */
export type JsonValue = null | boolean | number | string | NumberArray | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

/** Deepest nesting of a request. */
const MAX_DEPTH = 64;
const MAX_KEYS = 100_000;

export function isNumberArray(value: JsonValue | undefined): value is NumberArray {
  return typeof value === 'object' && value !== null && (value as NumberArray).values !== undefined
    && ArrayBuffer.isView((value as NumberArray).values);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumberArray(value);
}

/** Thrown inside to leave the fast path; the general parser then decides. */
const LEAVE = new Error('leave the fast path');

let source: Uint8Array = new Uint8Array(0);
let at = 0;
let keys = 0;

function space(): number {
  let c = source[at]!;
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
    c = source[++at]!;
  }
  return c;
}

function string(): string {
  const start = ++at;
  for (;;) {
    const c = source[at]!;
    if (c === 0x22) {
      return Buffer.prototype.latin1Slice.call(source, start, at++);
    }
    if (!(c >= 0x20 && c < 0x80) || c === 0x5c) {
      break;
    }
    at++;
  }
  // escapes or characters beyond ASCII: find the end, let JSON.parse read it
  for (;;) {
    const c = source[at];
    if (c === 0x22) {
      at++;
      return JSON.parse(Buffer.prototype.utf8Slice.call(source, start - 1, at)) as string;
    }
    if (c === undefined || c < 0x20) {
      throw LEAVE;
    }
    at += c === 0x5c ? 2 : 1;
  }
}

function number(): number {
  const start = at;
  let c = source[++at]!;
  while ((c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x65 || c === 0x45 || c === 0x2b || c === 0x2d) {
    c = source[++at]!;
  }
  return JSON.parse(Buffer.prototype.latin1Slice.call(source, start, at)) as number;
}

function word(text: string): void {
  for (let i = 0; i < text.length; i++) {
    if (source[at++] !== text.charCodeAt(i)) {
      throw LEAVE;
    }
  }
}

function anyValue(depth: number): JsonValue {
  const c = space();
  if (depth > MAX_DEPTH) {
    throw invalid(`the JSON body is nested deeper than ${MAX_DEPTH} levels`);
  }
  switch (c) {
    case 0x22: return string();
    case 0x7b: return object(depth);
    case 0x5b: return array(depth);
    case 0x74: word('true'); return true;
    case 0x66: word('false'); return false;
    case 0x6e: word('null'); return null;
    default:
      if ((c >= 0x30 && c <= 0x39) || c === 0x2d) {
        return number();
      }
      throw LEAVE;
  }
}

function array(depth: number): JsonValue {
  const numbers = scanNumbers(source, at);
  if (numbers !== undefined) {
    at = scanEnd;
    return numbers;
  }
  at++;
  const values: JsonValue[] = [];
  for (;;) {
    values.push(anyValue(depth + 1));
    const c = space();
    at++;
    if (c === 0x5d) {
      return values;
    }
    if (c !== 0x2c) {
      throw LEAVE;
    }
  }
}

function object(depth: number): JsonObject {
  const result: JsonObject = {};
  at++;
  if (space() === 0x7d) {
    at++;
    return result;
  }
  for (;;) {
    if (space() !== 0x22) {
      throw LEAVE;
    }
    const key = string();
    if (key === '__proto__') {
      throw invalid('the JSON body has a key named __proto__');
    }
    if (++keys > MAX_KEYS) {
      throw invalid(`the JSON body has more than ${MAX_KEYS} keys`);
    }
    if (space() !== 0x3a) {
      throw LEAVE;
    }
    at++;
    result[key] = anyValue(depth + 1);
    const c = space();
    at++;
    if (c === 0x7d) {
      return result;
    }
    if (c !== 0x2c) {
      throw LEAVE;
    }
  }
}

/** Where and why a text is no JSON, without echoing it. */
function explain(body: Uint8Array): Error {
  try {
    JSON.parse(Buffer.prototype.utf8Slice.call(body, 0, body.length));
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    return invalid(`the body is not valid JSON${position === undefined ? '' : `, at character ${position}`}`);
  }
  return invalid('the body is not valid JSON');
}

/**
 * Parses a request body. Accepts what JSON.parse accepts, within the limits of
 * depth and keys, and reads arrays of numbers straight into typed arrays.
 */
export function parseJson(body: Uint8Array): JsonValue {
  if (body.length === 0) {
    throw invalid('the body is empty; a JSON document is expected');
  }
  if (!isUtf8(body)) {
    throw invalid('the body is not valid UTF-8');
  }
  source = body;
  at = 0;
  keys = 0;
  try {
    const result = anyValue(0);
    space();
    if (at !== body.length) {
      throw LEAVE;
    }
    return result;
  } catch (error) {
    if (error === LEAVE || error instanceof SyntaxError) {
      throw explain(body);
    }
    throw error;
  } finally {
    source = new Uint8Array(0);
  }
}
