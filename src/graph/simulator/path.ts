import { goString } from './go-json';
import { isJson, JsonNode } from './json';
import { applyModifier, parseLoosely, textOf } from './path-modifiers';
import { balancedEnd, indexPart, keyPart, Query, readMultipath, splitPipe, SubPath } from './path-parts';
import { matchesQuery } from './path-query';
import { matchesWildcard } from './wildcard';

/** What a path found; undefined is nothing, which differs from null. */
export type Found = JsonNode | undefined;

/**
 * The value at a path of the language that the router's conditions are written in.
 *
 * One oddity is left out: the original looks for brackets in text, so that it also
 * searches inside of a string that is the whole body.
 *
 * @see https://github.com/tidwall/gjson/blob/master/SYNTAX.md
 */
export function valueAt(node: Found, path: string): Found {
  if (path.length > 1) {
    const special = path[0] === '@' ? applyModifier(node, path, valueAt) : path[0] === '!' ? constant(path) : undefined;
    if (special !== undefined) {
      return '.|'.includes(special.rest[0] ?? ' ') ? valueAt(special.value, special.rest.slice(1)) : special.value;
    }
    if (path[0] === '[' || path[0] === '{') {
      const { subs, rest } = readMultipath(path);
      if (subs !== undefined && '.|'.includes(rest[0] ?? '.')) {
        const value = path[0] === '[' ? listOf(node, subs) : objectOf(node, subs);
        return rest === '' ? value : valueAt(value, rest.slice(1));
      }
      path = rest; // what is no multipath is forgotten, and the search goes on with what follows it
    }
  }
  const walk = new Walk();
  if (path.startsWith('..')) { // the document as a list of lines
    walk.list(node === undefined ? [] : [node], path.slice(2));
  } else if (node?.kind === 'object') {
    walk.object(node, path);
  } else if (node?.kind === 'array') {
    walk.list(node.items!, path);
  }
  return walk.pipe === undefined ? walk.value : valueAt(walk.value, walk.pipe);
}

/** A walk down one path. A pipe that was met on the way is applied to the result, found or not. */
class Walk {
  value: Found;
  pipe?: string;

  /** Whether the walk has come to an end here; otherwise other fields of the same name are tried. */
  object(node: JsonNode, path: string): boolean {
    const { part, wild, rest, pipe } = keyPart(path);
    this.pipe = pipe ?? this.pipe;
    for (const { key, value } of node.members!) {
      const name = textOf(key);
      if (!(wild ? matchesWildcard(name, part) : name === part)) {
        continue;
      }
      if (rest === undefined) {
        this.value = value;
        return true;
      }
      if (value.kind === 'object' ? this.object(value, rest) : value.kind === 'array' && this.list(value.items!, rest)) {
        return true;
      }
    }
    return false;
  }

  list(items: JsonNode[], path: string): boolean {
    const { part, hash, each, query, all, rest, pipe } = indexPart(path);
    this.pipe = pipe ?? this.pipe;
    if (query !== undefined) {
      return this.queried(items, query, all, rest);
    }
    if (hash) {
      if (part !== '#') {
        return false;
      }
      this.value = each === undefined ? JsonNode.scalar('number', String(items.length)) : this.fromEach(items, each);
      return true;
    }
    const item = /^\d+$/.test(part) ? items[Number(part)] : undefined;
    if (rest === undefined) {
      this.value = item ?? this.value;
      return item !== undefined;
    }
    return item?.kind === 'object' ? this.object(item, rest) : item?.kind === 'array' && this.list(item.items!, rest);
  }

  private fromEach(items: JsonNode[], path: string): JsonNode {
    const own = this.ownPart(path);
    return JsonNode.array(items.map((item) => valueAt(item, own)).filter((value) => value !== undefined));
  }

  private queried(items: JsonNode[], query: Query, all: boolean, rest: string | undefined): boolean {
    const found: JsonNode[] = [];
    let own = rest;
    for (const item of items) {
      const scalar = item.kind !== 'object' && item.kind !== 'array';
      if ((scalar && query.path !== '') || !matchesQuery(scalar ? item : valueAt(item, query.path), query)) {
        continue;
      }
      own = own === undefined ? undefined : this.ownPart(own);
      const value = own === undefined ? item : valueAt(item, own);
      if (!all) {
        this.value = value;
        return true;
      }
      if (value !== undefined) {
        found.push(value);
      }
    }
    if (all && this.value === undefined) {
      this.value = JsonNode.array(found);
    }
    return false;
  }

  /** The part of a path before its pipe; what is after the pipe waits for the whole result. */
  private ownPart(path: string): string {
    const split = splitPipe(path);
    this.pipe = split?.right ?? this.pipe;
    return split?.left ?? path;
  }
}

function listOf(node: Found, subs: SubPath[]): JsonNode {
  return JsonNode.array(subs.map((sub) => valueAt(node, sub.path)).filter((value) => value !== undefined));
}

function objectOf(node: Found, subs: SubPath[]): JsonNode {
  return JsonNode.object(subs.flatMap(({ name, path }) => {
    const value = valueAt(node, path);
    return value === undefined ? [] : [{ key: JsonNode.scalar('string', keyFor(name, path)), value }];
  }));
}

function keyFor(name: string, path: string): string {
  if (name !== '') {
    return name.startsWith('"') && isJson(name) ? name : goString(name);
  }
  const last = /(?:^|(?<=[^\\])[.|]|^[.|])((?:\\[.|]|[^.|])*)$/.exec(path)?.[1] ?? path;
  // eslint-disable-next-line no-control-regex -- names with them are not taken
  return goString(/[\u0000-\u001f[\]{}()#|!]/.test(last) ? '_' : last);
}

/** `!value`: a constant. */
function constant(path: string): { value: Found; rest: string } | undefined {
  const text = path.slice(1);
  if (/^[{["+\-\d]/.test(text)) {
    const end = balancedEnd(text, 1);
    return { value: parseLoosely(text.slice(0, end)), rest: text.slice(end) };
  }
  const name = /^[^.|]*/.exec(text)![0];
  return ['true', 'false', 'null', 'nan', 'inf'].includes(name.toLowerCase())
    ? { value: parseLoosely(name), rest: text.slice(name.length) }
    : undefined;
}
