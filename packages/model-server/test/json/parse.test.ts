import fc from 'fast-check';
import { isNumberArray, JsonValue, parseJson } from '../../src/json/parse';

function plain(value: JsonValue): unknown {
  if (isNumberArray(value)) {
    const nested = JSON.parse(Buffer.from(value.source).toString('latin1', value.start, value.end)) as unknown[];
    // what the scanner read must be what its text says
    const flat = nested.flat(Infinity).map((entry) => (entry === null ? NaN : Number(entry)));
    expect([...value.values]).toEqual(flat);
    let shape: number[] = [];
    for (let at: unknown = nested; Array.isArray(at); at = at[0]) {
      shape = [...shape, at.length];
    }
    expect(value.shape).toEqual(shape);
    return nested;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  }
  return value;
}

function reference(text: string): unknown {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'error';
  }
}

function ours(text: string): unknown {
  try {
    return { value: plain(parseJson(Buffer.from(text))) };
  } catch (error) {
    if (/^the body is/.test((error as Error).message)) {
      return 'error';
    }
    throw error;
  }
}

const tensor = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.constant(null), fc.boolean()), { maxLength: 6 }), fc.array(tie('node'), { maxLength: 4 })),
}));
const toText = (value: unknown): string => JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'bigint' ? Number(entry) : entry));

/** Whether JSON.parse tells what a document says: V8 may take a key of a quotation mark for the backslash that was one in an object before. */
const sound = (text: string): boolean => !text.includes('__proto__') && !text.includes('\\\\');

test('any JSON document parses to what JSON.parse gives', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }).filter(sound), (text) => {
    expect(ours(text)).toEqual(reference(text));
  }), { numRuns: 3000 });
});

test('nested arrays of numbers parse to what JSON.parse gives, with or without white space', () => {
  fc.assert(fc.property(tensor.node, fc.constantFrom('', ' ', '\n\t'), (value, space) => {
    const text = toText(value).replace(/([,[\]])/g, `$1${space}`);
    expect(ours(text)).toEqual(reference(text));
  }), { numRuns: 3000 });
});

test('damaged documents are refused exactly where JSON.parse refuses them', () => {
  fc.assert(fc.property(fc.oneof(fc.json({ maxDepth: 4 }), tensor.node.map(toText)).filter(sound), fc.nat(), fc.constantFrom('', '[', ']', '{', '}', ',', ':', '"', '-', '+', '.', 'e', '0', '1', ' ', 'n', 't', '\\', '\u0001'), fc.boolean(), (text, at, character, replace) => {
    const position = at % (text.length + 1);
    const damaged = text.slice(0, position) + character + text.slice(position + (replace ? 1 : 0));
    fc.pre(sound(damaged) && damaged.trim() !== '' && damaged.isWellFormed());
    expect(ours(damaged)).toEqual(reference(damaged));
  }), { numRuns: 6000 });
});

test('a key of a quotation mark is told from one of a backslash', () => {
  expect(ours('{"x":{"a":[],"\\\\":{"c":1}},"y":{"a":[],"\\"":{"c":1}}}')).toEqual({ value: { x: { 'a': [], '\\': { c: 1 } }, y: { 'a': [], '"': { c: 1 } } } });
});

test.each(['1', '-0', '0.1', '1e5', '1E-7', '123456789012345678901234567890', '1e400', '-1e-400', '5e-324', '1.7976931348623157e308', '0.30000000000000004', '9007199254740993', '123456789.123456789', '1e22', '1e23', '999999999999999e22'])('the number %s is read as JSON.parse reads it', (text) => {
  const parsed = parseJson(Buffer.from(`[${text}]`));

  expect(isNumberArray(parsed) && Object.is(parsed.values[0], JSON.parse(text))).toBe(true);
});

test.each(['01', '1.', '.5', '+1', '1e', '1e+', '--1', '-', '0x1', 'NaN', 'Infinity', '1 2', '[1,]', '[,1]', '[1', '1]', '{"a":1,}', '"\t"', 'nul', '"\\x"'])('%s is refused', (text) => {
  expect(() => parseJson(Buffer.from(text))).toThrow('the body is not valid JSON');
});

test('invalid UTF-8 is refused', () => {
  expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow('the body is not valid UTF-8');
});

test('deep nesting is refused without a stack overflow', () => {
  expect(() => parseJson(Buffer.from('['.repeat(100_000)))).toThrow('the JSON body is nested deeper than 64 levels');
});

test('the error for a large damaged body stays small', () => {
  expect(() => parseJson(Buffer.from(`{"a":"${'x'.repeat(1e6)}`))).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,100}$/) }));
});
