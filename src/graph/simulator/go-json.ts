import { JsonNode, readJson } from './json';

/** Go's decoder refuses deeper nesting. */
const DEEPEST = 10000;

/** What Go's `json.Unmarshal` and `json.Marshal` make of a text, or the error of the first. */
export type GoJson = { readonly text: string } | { readonly error: string };

/** Whether Go's `json.Valid` accepts the text. */
export function goValid(text: string): boolean {
  return 'root' in readJson(text, DEEPEST);
}

/** A text read as a Go map and written again: keys sorted, numbers and escapes in Go's way. */
export function asGoMap(text: string): GoJson {
  const reading = readJson(text, DEEPEST);
  if ('error' in reading) {
    return reading;
  }
  const { root } = reading;
  if (root.kind !== 'object' && root.kind !== 'null') {
    return { error: `json: cannot unmarshal ${goName(root)} into Go value of type map[string]interface {}` };
  }
  return rewrite(root);
}

/** `{"instances": <predictions>}` if the body has predictions that are a list with entries; else undefined. */
export function predictionsAsInstances(text: string): string | undefined {
  const reading = readJson(text, DEEPEST);
  if ('error' in reading || reading.root.kind !== 'object') {
    return undefined;
  }
  let predictions: JsonNode | undefined;
  for (const { key, value } of reading.root.members!) {
    const name = foldedName(decodeString(key.raw));
    if (name === 'predictions' || name === 'instances') {
      if ((value.kind !== 'array' && value.kind !== 'null') || 'error' in rewrite(value)) {
        return undefined;
      }
      predictions = name === 'predictions' ? value : predictions;
    }
  }
  if (predictions?.kind !== 'array' || predictions.items!.length === 0) {
    return undefined;
  }
  const list = rewrite(predictions);
  return 'text' in list ? `{"instances":${list.text}}` : undefined;
}

/** A string as Go's encoder writes it. */
export function goString(value: string): string {
  return `"${value.replace(UNSAFE, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

/** The value of a JSON string. Halves of surrogate pairs become U+FFFD, as everywhere in Go. */
export function decodeString(raw: string): string {
  const value: string = raw.includes('\\') ? JSON.parse(raw) : raw.slice(1, -1);
  return value.replace(LONE_SURROGATE, '\ufffd');
}

/** Orders strings by their UTF-8 bytes, which is the order of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return ASTRAL.test(a) || ASTRAL.test(b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ASTRAL = /[\ud800-\udfff]/;
// eslint-disable-next-line no-control-regex -- exactly the characters that Go escapes
const UNSAFE = /["\\<>&\u0000-\u001f\u2028\u2029]/g;
const SHORT: { [char: string]: string } = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function goName({ kind }: JsonNode): string {
  return kind === 'true' || kind === 'false' ? 'bool' : kind;
}

/** Go matches field names without regard to case, for which the long s is an s. */
function foldedName(key: string): string {
  return key.toLowerCase().replace(/ſ/g, 's');
}

interface Frame { readonly node: JsonNode; readonly texts: string[]; next: number }

/** Writes a value as Go would after reading it, without recursion. */
function rewrite(root: JsonNode): GoJson {
  const open: Frame[] = [{ node: root, texts: [], next: 0 }];
  for (;;) {
    const frame = open[open.length - 1];
    const children = frame.node.items ?? frame.node.members;
    if (children !== undefined && frame.next < children.length) {
      const child = children[frame.next++];
      open.push({ node: child instanceof JsonNode ? child : child.value, texts: [], next: 0 });
      continue;
    }
    const text = close(frame);
    if (text === undefined) {
      return { error: `json: cannot unmarshal number ${frame.node.raw} into Go value of type float64` };
    }
    open.pop();
    if (open.length === 0) {
      return { text };
    }
    open[open.length - 1].texts.push(text);
  }
}

function close({ node, texts }: Frame): string | undefined {
  switch (node.kind) {
    case 'array': return `[${texts.join(',')}]`;
    case 'object': {
      const last = new Map(node.members!.map(({ key }, i) => [decodeString(key.raw), texts[i]]));
      return `{${[...last].sort(([a], [b]) => compareBytes(a, b)).map(([key, text]) => `${goString(key)}:${text}`).join(',')}}`;
    }
    case 'string': return goString(decodeString(node.raw));
    case 'number': return goNumber(node.number);
    default: return node.kind;
  }
}

function goNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) {
    return undefined;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}
