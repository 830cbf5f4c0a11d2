import { goString } from './go-json';
import { isJson, JsonMember, JsonNode, readJson } from './json';
import { balancedEnd, unescapeLoosely } from './path-parts';
import { isModifier } from './path-modifier-names';

type Found = JsonNode | undefined;
type Get = (node: Found, path: string) => Found;

/** Applies the modifier at the beginning of a path; undefined if there is none of that name. */
export function applyModifier(node: Found, path: string, get: Get): { value: Found; rest: string } | undefined {
  const [whole, name] = /^@([^.|:]*)/.exec(path)!;
  if (!isModifier(name)) {
    return undefined;
  }
  let rest = path.slice(whole.length);
  let argument = '';
  if (rest[0] === ':') {
    rest = rest.slice(1);
    argument = rest.slice(0, argumentEnd(rest));
    rest = rest.slice(argument.length);
  }
  return { value: MODIFIERS[name](node, argument, get), rest };
}

/** The text of a string, with escapes resolved. */
export function textOf(node: JsonNode): string {
  const text = node.raw.slice(1, -1);
  return text.includes('\\') ? unescapeLoosely(text) : text;
}

/** A value read without strictness, for text that no document guarantees to be JSON. */
export function parseLoosely(text: string): Found {
  const reading = readJson(text);
  if ('root' in reading) {
    return reading.root;
  }
  const raw = text.trimStart();
  switch (true) {
    case raw.startsWith('{'): return JsonNode.object([]);
    case raw.startsWith('['): return JsonNode.array([]);
    case raw.startsWith('"'): return JsonNode.scalar('string', goString(raw.slice(1)));
    case /^[+\-\diIN]|^n(?!u|$)/.test(raw): return JsonNode.scalar('number', /^.[^\s,\]}]*/.exec(raw)![0]);
    case /^[tfn]/.test(raw): return JsonNode.scalar(({ t: 'true', f: 'false', n: 'null' } as const)[raw[0] as 't'], /^[a-z]+/.exec(raw)![0]);
    default: return undefined;
  }
}

function argumentEnd(text: string): number {
  if (/^[{["]/.test(text)) {
    return bracketEnd(text, 0);
  }
  let i = 0;
  while (i < text.length && text[i] !== '|') {
    i = '{["('.includes(text[i]) ? bracketEnd(text, i) : i + 1;
  }
  return i;
}

function bracketEnd(text: string, start: number): number {
  return text[start] === '"' ? /^"(?:[^"\\]|\\[^])*"?/.exec(text.slice(start))![0].length + start : balancedEnd(text, start + 1);
}

type Modifier = (node: Found, argument: string, get: Get) => Found;

const same: Modifier = (node) => node;

const MODIFIERS: { [name: string]: Modifier } = {
  this: same,
  pretty: same,
  ugly: same,
  valid: same,
  reverse: (node) => {
    switch (node?.kind) {
      case 'array': return JsonNode.array([...node.items!].reverse());
      case 'object': return JsonNode.object([...node.members!].reverse());
      default: return node;
    }
  },
  flatten: (node, argument) => node?.kind === 'array'
    ? JsonNode.array(flat(node.items!, truthy(argument, 'deep')))
    : node,
  join: (node, argument) => node?.kind === 'array'
    ? JsonNode.object(joined(node.items!.flatMap((item) => item.members ?? []), truthy(argument, 'preserve')))
    : node,
  keys: (node) => JsonNode.array(node === undefined ? []
    : node.members?.map(({ key }) => key) ?? (node.items ?? [node]).map(() => JsonNode.scalar('null', 'null'))),
  values: (node) => node?.kind === 'array' ? node
    : JsonNode.array(node === undefined ? [] : node.members?.map(({ value }) => value) ?? [node]),
  tostr: (node) => JsonNode.scalar('string', goString(node?.raw ?? '')),
  fromstr: (node) => {
    if (node === undefined || !isJson(node.raw)) {
      return undefined;
    }
    return node.kind === 'string' ? parseLoosely(textOf(node)) : node.kind === 'null' ? undefined : node;
  },
  group: (node) => node?.kind === 'object' ? grouped(node.members!) : undefined,
  dig: (node, argument, get) => JsonNode.array(node === undefined ? [] : [...dug(node, argument, get)]),
};

function truthy(argument: string, option: string): boolean {
  const options = argument === '' ? undefined : parseLoosely(argument);
  const last = options?.members?.filter(({ key }) => textOf(key) === option).at(-1)?.value;
  return last !== undefined && (last.kind === 'true' || (last.kind === 'number' && last.number !== 0)
    || (last.kind === 'string' && ['1', 't', 'true'].includes(textOf(last).toLowerCase())));
}

function flat(items: JsonNode[], deep: boolean): JsonNode[] {
  return items.flatMap((item) => item.kind !== 'array' ? [item] : deep ? flat(item.items!, true) : item.items!);
}

function joined(members: JsonMember[], preserve: boolean): JsonMember[] {
  if (preserve) {
    return members;
  }
  const last = new Map<string, JsonMember>();
  for (const { key, value } of members) {
    const name = textOf(key);
    last.set(name, { key: last.get(name)?.key ?? key, value });
  }
  return [...last.values()];
}

function grouped(members: JsonMember[]): JsonNode {
  const rows: JsonMember[][] = [];
  for (const { key, value } of members) {
    value.items?.forEach((item, i) => (rows[i] ??= []).push({ key, value: item }));
  }
  return JsonNode.array(rows.map((row) => JsonNode.object(row)));
}

function* dug(node: JsonNode, path: string, get: Get): Iterable<JsonNode> {
  const found = get(node, path);
  if (found !== undefined) {
    yield found;
  }
  for (const child of node.items ?? node.members?.map(({ value }) => value) ?? []) {
    yield* dug(child, path, get);
  }
}
