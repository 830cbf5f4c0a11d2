import { isIP } from 'node:net';

/**
 * Evaluates the CEL rules that CRDs carry (`x-kubernetes-validations`).
 *
 * It covers what the CRDs in use need: literals, field selection, `has`, the
 * macros, arithmetic, comparison and the string functions below. A rule that
 * needs more fails loudly when it is compiled.
 */
export type CelRule = (self: unknown) => boolean;
type Scope = { [name: string]: unknown };
/** An expression; a field selection also knows how to tell whether the field is there. */
interface Node {
  (scope: Scope): any;
  isPresent?(scope: Scope): boolean;
}

/** Thrown by a rule itself, such as a missing key; the API server refuses the object then. */
export class CelError extends Error {}

const TOKEN = new RegExp([
  /\s+/, // blanks
  /(?<raw>r"""[^]*?"""|r'''[^]*?'''|r"[^"]*"|r'[^']*')/,
  /(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/,
  /(?<number>\d+(?:\.\d+)?)/,
  /(?<name>[A-Za-z_]\w*)/,
  /(?<symbol>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}])/,
].map((part) => part.source).join('|'), 'gy');

interface Token { readonly kind: string; readonly text: string }

function tokenize(rule: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < rule.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(rule);
    if (!match) throw new Error(`cannot read CEL at ${at}: ${rule.slice(at, at + 20)}`);
    const found = Object.entries(match.groups!).find(([, text]) => text !== undefined);
    if (found) tokens.push({ kind: found[0], text: found[1] });
  }
  return tokens;
}

function unquote({ kind, text }: Token): string {
  if (kind === 'raw') return text.replace(/^r("""|'''|"|')([^]*)\1$/, '$2');
  return text.slice(1, -1).replace(/\\(.)/g, (_, char) => ({ n: '\n', t: '\t', r: '\r' } as any)[char] ?? char);
}

/** `__namespace__` stands for a field whose name is a CEL keyword. */
const fieldName = (name: string) => name.replace(/^__(\w+)__$/, '$1');

const size = (value: any) => typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).length : [...value].length;
const parseUrl = (text: string) => URL.canParse(text) ? new URL(text) : undefined;
const same = (a: unknown, b: unknown) => a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
const DURATION_UNITS: { [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };

const FUNCTIONS: { [name: string]: (...args: any[]) => unknown } = {
  size,
  int: (text) => {
    if (!/^-?\d+$/.test(String(text))) throw new CelError(`int("${text}")`);
    return Number(text);
  },
  duration: (text: string) => {
    if (!/^(\d+(\.\d+)?(h|ms|us|ns|m|s))+$|^0$/.test(text)) throw new CelError(`duration("${text}")`);
    return [...text.matchAll(/([\d.]+)(h|ms|us|ns|m|s)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * DURATION_UNITS[unit], 0);
  },
  isURL: (text) => parseUrl(text) !== undefined || text.startsWith('/'),
  url: (text) => ({ scheme: parseUrl(text)?.protocol.slice(0, -1) ?? '' }),
  isIP: (text) => isIP(text) > 0,
};

const METHODS: { [name: string]: (target: any, ...args: any[]) => unknown } = {
  size,
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
  matches: (text, pattern) => regExp(pattern).test(text),
  find: (text, pattern) => regExp(pattern).exec(text)?.[0] ?? '',
  split: (text, separator) => text.split(separator),
  substring: (text, from, to) => text.substring(from, to),
  lowerAscii: (text) => text.toLowerCase(),
  getScheme: (parsed) => parsed.scheme,
};

/** Both operands count even when one fails: `error || true` is true in CEL. */
function either(results: Iterable<() => boolean>, decisive: boolean): boolean {
  let failure: unknown;
  for (const result of results) {
    try {
      if (result() === decisive) return decisive;
    } catch (error) {
      failure = error;
    }
  }
  if (failure) throw failure;
  return !decisive;
}

const MACROS: { [name: string]: (items: any[], test: (item: any) => boolean) => unknown } = {
  all: (items, test) => either(items.map((item) => () => test(item)), false),
  exists: (items, test) => either(items.map((item) => () => test(item)), true),
  exists_one: (items, test) => items.filter(test).length === 1,
  filter: (items, test) => items.filter(test),
};

const BINARY: { [operator: string]: { level: number; apply: (a: any, b: any) => unknown } } = {
  '==': { level: 3, apply: same },
  '!=': { level: 3, apply: (a, b) => !same(a, b) },
  '<': { level: 3, apply: (a, b) => a < b },
  '<=': { level: 3, apply: (a, b) => a <= b },
  '>': { level: 3, apply: (a, b) => a > b },
  '>=': { level: 3, apply: (a, b) => a >= b },
  'in': { level: 3, apply: (item, all) => Array.isArray(all) ? all.some((other) => same(item, other)) : item in all },
  '+': { level: 4, apply: (a, b) => Array.isArray(a) ? [...a, ...b] : a + b },
  '-': { level: 4, apply: (a, b) => a - b },
  '*': { level: 5, apply: (a, b) => a * b },
  '/': { level: 5, apply: (a, b) => a / b },
  '%': { level: 5, apply: (a, b) => a % b },
};

/** A regular expression in Go's syntax. */
export function regExp(pattern: string): RegExp {
  return pattern.includes('(?i)') ? new RegExp(pattern.replace('(?i)', ''), 'i') : new RegExp(pattern);
}

function select(target: Node, key: Node): Node {
  const field = (scope: Scope) => {
    const object = target(scope);
    return Object.hasOwn(object, key(scope)) ? object[key(scope)] : undefined;
  };
  return Object.assign((scope: Scope) => {
    const value = field(scope);
    if (value === undefined) throw new CelError(`no such key: ${key(scope)}`);
    return value;
  }, { isPresent: (scope: Scope) => field(scope) !== undefined });
}

function known<T>(table: { [name: string]: T }, name: string): T {
  if (!Object.hasOwn(table, name)) throw new Error(`CEL function ${name} is not supported`);
  return table[name];
}

/** Compiles a rule. A rule over `oldSelf` only concerns updates and always holds here. */
export function compileCel(rule: string): CelRule {
  if (/\boldSelf\b/.test(rule)) return () => true;
  const node = new Parser(tokenize(rule)).whole();
  return (self) => node({ self }) === true;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: Token[]) {}

  whole(): Node {
    const node = this.conditional();
    if (this.at < this.tokens.length) throw new Error(`unexpected ${this.tokens[this.at].text} in CEL`);
    return node;
  }

  private conditional(): Node {
    const test = this.or();
    if (!this.take('?')) return test;
    const yes = this.conditional();
    this.expect(':');
    const no = this.conditional();
    return (scope) => test(scope) ? yes(scope) : no(scope);
  }

  private or(): Node {
    const parts = this.chain('||', () => this.and());
    return parts.length === 1 ? parts[0] : (scope) => either(parts.map((part) => () => part(scope)), true);
  }

  private and(): Node {
    const parts = this.chain('&&', () => this.binary(3));
    return parts.length === 1 ? parts[0] : (scope) => either(parts.map((part) => () => part(scope)), false);
  }

  private chain(operator: string, next: () => Node): Node[] {
    const parts = [next()];
    while (this.take(operator)) parts.push(next());
    return parts;
  }

  private binary(level: number): Node {
    if (level > 5) return this.unary();
    let left = this.binary(level + 1);
    for (let operator = this.operator(level); operator; operator = this.operator(level)) {
      const [a, b, apply] = [left, this.binary(level + 1), operator.apply];
      left = (scope) => apply(a(scope), b(scope));
    }
    return left;
  }

  private operator(level: number) {
    const text = this.tokens[this.at]?.text;
    const found = Object.hasOwn(BINARY, text) && BINARY[text].level === level ? BINARY[text] : undefined;
    if (found) this.at++;
    return found;
  }

  private unary(): Node {
    if (this.take('!')) {
      const operand = this.unary();
      return (scope) => !operand(scope);
    }
    if (this.take('-')) {
      const operand = this.unary();
      return (scope) => -operand(scope);
    }
    let node = this.primary();
    for (;;) {
      if (this.take('.')) node = this.member(node);
      else if (this.take('[')) node = select(node, this.closed(']'));
      else return node;
    }
  }

  private member(target: Node): Node {
    const name = this.next().text;
    if (!this.take('(')) return select(target, () => fieldName(name));
    if (Object.hasOwn(MACROS, name)) {
      const variable = this.next().text;
      this.expect(',');
      const body = this.closed(')');
      return (scope) => {
        const value = target(scope);
        return MACROS[name](Array.isArray(value) ? value : Object.keys(value), (item) => body({ ...scope, [variable]: item }));
      };
    }
    const call = known(METHODS, name);
    const args = this.list(')');
    return (scope) => call(target(scope), ...args.map((arg) => arg(scope)));
  }

  private primary(): Node {
    const token = this.next();
    if (token.kind === 'raw' || token.kind === 'text') {
      const text = unquote(token);
      return () => text;
    }
    if (token.kind === 'number') return () => Number(token.text);
    if (token.text === '(') return this.closed(')');
    if (token.text === '[') {
      const items = this.list(']');
      return (scope) => items.map((item) => item(scope));
    }
    if (token.text === '{') return this.map();
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
    if (token.kind !== 'name') throw new Error(`unexpected ${token.text} in CEL`);
    if (!this.take('(')) return (scope) => scope[token.text];
    if (token.text === 'has') {
      const field = this.closed(')');
      return (scope) => field.isPresent!(scope);
    }
    const call = known(FUNCTIONS, token.text);
    const args = this.list(')');
    return (scope) => call(...args.map((arg) => arg(scope)));
  }

  private map(): Node {
    const entries: [Node, Node][] = [];
    while (!this.take('}')) {
      const key = this.conditional();
      this.expect(':');
      entries.push([key, this.conditional()]);
      this.take(',');
    }
    return (scope) => Object.fromEntries(entries.map(([key, value]) => [key(scope), value(scope)]));
  }

  private list(end: string): Node[] {
    const items: Node[] = [];
    while (!this.take(end)) {
      items.push(this.conditional());
      this.take(',');
    }
    return items;
  }

  private closed(end: string): Node {
    const node = this.conditional();
    this.expect(end);
    return node;
  }

  private next(): Token {
    const token = this.tokens[this.at++];
    if (!token) throw new Error('CEL ends too early');
    return token;
  }

  private take(text: string): boolean {
    const taken = this.tokens[this.at]?.text === text;
    if (taken) this.at++;
    return taken;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new Error(`CEL expects ${text} before ${this.tokens[this.at]?.text ?? 'the end'}`);
  }
}
