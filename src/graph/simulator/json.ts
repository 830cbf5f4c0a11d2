/** Kinds of JSON values. */
export type JsonKind = 'null' | 'false' | 'true' | 'number' | 'string' | 'array' | 'object';

/** A member of an object; keys may repeat. */
export interface JsonMember {
  readonly key: JsonNode;
  readonly value: JsonNode;
}

/** A JSON value that remembers its text, because the path language can look at it. */
export class JsonNode {
  static array(items: JsonNode[]): JsonNode {
    const node = new JsonNode('array', '', 0, 0);
    node.items = items;
    return node;
  }

  static object(members: JsonMember[]): JsonNode {
    const node = new JsonNode('object', '', 0, 0);
    node.members = members;
    return node;
  }

  static scalar(kind: JsonKind, raw: string): JsonNode {
    return new JsonNode(kind, raw, 0, raw.length);
  }

  items?: JsonNode[];
  members?: JsonMember[];

  constructor(readonly kind: JsonKind, private readonly source: string, private readonly start: number, public end: number) {}

  /** The text of the value; values put together by a path have no text of their own. */
  get raw(): string {
    if (this.end > this.start) {
      return this.source.slice(this.start, this.end);
    }
    return this.kind === 'array'
      ? `[${this.items!.map((item) => item.raw).join(',')}]`
      : `{${this.members!.map(({ key, value }) => `${key.raw}:${value.raw}`).join(',')}}`;
  }

  get number(): number {
    return Number(this.raw);
  }
}

/** What reading a text gave: its value, or why it is no JSON in the words of Go's `encoding/json`. */
export type JsonReading = { readonly root: JsonNode } | { readonly error: string };

interface Open {
  readonly node: JsonNode;
  key?: JsonNode;
}

/**
 * Reads JSON strictly (RFC 8259) without recursion, so that no nesting overflows
 * the stack. Errors are those of Go's decoder, because the router hands them on.
 */
export function readJson(text: string, deepest = Infinity): JsonReading {
  return new Reader(text, deepest).read();
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  return 'root' in readJson(text);
}

const LITERALS: { [first: string]: { word: string; kind: JsonKind } } = {
  t: { word: 'true', kind: 'true' },
  f: { word: 'false', kind: 'false' },
  n: { word: 'null', kind: 'null' },
};

const ESCAPES = '"\\/bfnrt';

const MID_WORD = /literal \w+ \(|numeric literal|escape/;

class SyntaxTrouble extends Error {}

class Reader {
  private at = 0;

  constructor(private readonly text: string, private readonly deepest: number) {}

  read(): JsonReading {
    try {
      return { root: this.document() };
    } catch (error) {
      if (error instanceof SyntaxTrouble) {
        return { error: error.message };
      }
      throw error;
    }
  }

  private document(): JsonNode {
    const open: Open[] = [];
    for (;;) {
      let done = this.beginning(open);
      while (done !== undefined) {
        const around = open[open.length - 1];
        if (around === undefined) {
          this.blanks();
          return this.at === this.text.length ? done : this.fail('after top-level value');
        }
        done = this.ending(open, around, done);
      }
    }
  }

  /** The next value: a whole scalar, or nothing when a container was opened. */
  private beginning(open: Open[]): JsonNode | undefined {
    this.blanks();
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      const node = new JsonNode(first === '{' ? 'object' : 'array', this.text, this.at, 0);
      if (open.length >= this.deepest) {
        this.fail('exceeded max depth');
      }
      this.at++;
      this.blanks();
      if (first === '[') {
        node.items = [];
        if (this.text[this.at] === ']') {
          return this.close(node);
        }
        open.push({ node });
      } else {
        node.members = [];
        if (this.text[this.at] === '}') {
          return this.close(node);
        }
        open.push({ node, key: this.key() });
      }
      return undefined;
    }
    if (first === '"') {
      return this.string();
    }
    if (first === '-' || isDigit(first)) {
      return this.number();
    }
    return LITERALS[first] === undefined ? this.fail('looking for beginning of value') : this.literal(LITERALS[first]);
  }

  /** Puts a finished value into its container; gives back the container if that ends here. */
  private ending(open: Open[], around: Open, value: JsonNode): JsonNode | undefined {
    this.blanks();
    const next = this.text[this.at];
    if (around.key === undefined) {
      around.node.items!.push(value);
      if (next === ']') {
        open.pop();
        return this.close(around.node);
      }
      return next === ',' ? void this.at++ : this.fail('after array element');
    }
    around.node.members!.push({ key: around.key, value });
    if (next === '}') {
      open.pop();
      return this.close(around.node);
    }
    if (next !== ',') {
      return this.fail('after object key:value pair');
    }
    this.at++;
    around.key = this.key();
    return undefined;
  }

  private close(node: JsonNode): JsonNode {
    node.end = ++this.at;
    return node;
  }

  private key(): JsonNode {
    this.blanks();
    if (this.text[this.at] !== '"') {
      return this.fail('looking for beginning of object key string');
    }
    const key = this.string();
    this.blanks();
    if (this.text[this.at] !== ':') {
      return this.fail('after object key');
    }
    this.at++;
    return key;
  }

  private string(): JsonNode {
    const start = this.at++;
    for (;; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) {
        return new JsonNode('string', this.text, start, ++this.at);
      }
      if (code === 0x5c) {
        this.escape();
      } else if (!(code >= 0x20)) { // a control character, or NaN at the end
        return this.fail('in string literal');
      }
    }
  }

  private escape(): void {
    this.at++;
    if (this.text[this.at] !== 'u') {
      return this.text[this.at] !== undefined && ESCAPES.includes(this.text[this.at]) ? undefined : this.fail('in string escape code');
    }
    for (let i = 0; i < 4; i++) {
      this.at++;
      if (!/^[0-9a-fA-F]$/.test(this.text[this.at] ?? '')) {
        this.fail('in \\u hexadecimal character escape');
      }
    }
  }

  private number(): JsonNode {
    const start = this.at;
    if (this.text[this.at] === '-') {
      this.at++;
    }
    if (this.text[this.at] === '0') {
      this.at++;
    } else {
      this.digits('in numeric literal');
    }
    if (this.text[this.at] === '.') {
      this.at++;
      this.digits('after decimal point in numeric literal');
    }
    if (this.text[this.at] === 'e' || this.text[this.at] === 'E') {
      this.at++;
      if (this.text[this.at] === '+' || this.text[this.at] === '-') {
        this.at++;
      }
      this.digits('in exponent of numeric literal');
    }
    return new JsonNode('number', this.text, start, this.at);
  }

  private digits(context: string): void {
    if (!isDigit(this.text[this.at])) {
      this.fail(context);
    }
    while (isDigit(this.text[this.at])) {
      this.at++;
    }
  }

  private literal({ word, kind }: { word: string; kind: JsonKind }): JsonNode {
    const start = this.at;
    for (const letter of word) {
      if (this.text[this.at] !== letter) {
        this.fail(`in literal ${word} (expecting '${letter}')`);
      }
      this.at++;
    }
    return new JsonNode(kind, this.text, start, this.at);
  }

  private blanks(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '!')) {
      this.at++;
    }
  }

  private fail(context: string): never {
    if (this.at < this.text.length) {
      throw new SyntaxTrouble(`invalid character ${quoteByte(this.text.slice(this.at, this.at + 2))} ${context}`);
    }
    // at the end Go's scanner goes on with a blank, which is wrong in the middle of a word
    throw new SyntaxTrouble(MID_WORD.test(context) ? `invalid character ' ' ${context}` : 'unexpected end of JSON input');
  }
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

const NAMED_BYTES: { [byte: number]: string } = {
  0x07: '\\a', 0x08: '\\b', 0x09: '\\t', 0x0a: '\\n', 0x0b: '\\v', 0x0c: '\\f', 0x0d: '\\r', 0x27: "\\'", 0x5c: '\\\\',
};

/** Go looks at bytes, so of a longer character its message shows the first byte only. */
function quoteByte(text: string): string {
  const byte = Buffer.from(String.fromCodePoint(text.codePointAt(0)!))[0];
  if (NAMED_BYTES[byte] !== undefined) {
    return `'${NAMED_BYTES[byte]}'`;
  }
  if (byte < 0x20 || byte === 0x7f) {
    return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  }
  const printable = byte < 0x7f || (byte > 0xa0 && byte !== 0xad);
  return printable ? `'${String.fromCharCode(byte)}'` : `'\\u00${byte.toString(16)}'`;
}
