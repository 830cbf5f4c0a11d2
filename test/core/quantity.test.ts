import * as fc from 'fast-check';
import { Deferred } from '../../src/core/deferred';
import { parseQuantity } from '../../src/core/quantity';

test.each([
  ['0', 0], ['1', 1], ['1.5', 1.5], ['.5', 0.5], ['5.', 5], ['+2', 2], ['-2', -2],
  ['100m', 0.1], ['1100m', 1.1], ['250u', 0.00025], ['1n', 1e-9],
  ['2k', 2000], ['3M', 3e6], ['4G', 4e9], ['5T', 5e12], ['6P', 6e15], ['7E', 7e18],
  ['1Ki', 1024], ['512Mi', 536870912], ['1.5Gi', 1610612736], ['1Ti', 1099511627776], ['1Pi', 2 ** 50], ['1Ei', 2 ** 60],
  ['1e3', 1000], ['1E3', 1000], ['1.5e-3', 0.0015], ['12e+1', 120],
])('%s is %d', (quantity, value) => {
  expect(parseQuantity(quantity)).toBe(value);
});

test('a number stands for itself', () => {
  expect(parseQuantity(8)).toBe(8);
  expect(parseQuantity(0.5)).toBe(0.5);
  expect(parseQuantity(1e21)).toBe(1e21);
});

test.each(['', ' ', 'm', '.', '1 Gi', ' 1', '1K', '1ki', '1KI', '1mi', '1gb', '1e', '1e1.5', '1Gie3', '1_000', '0x10', 'NaN', '--1', '1.2.3', '１'])(
  '%p is no quantity', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

test.each([undefined, null, true, {}, ['1'], NaN, Infinity, 1n])('the value %p is no quantity', (value) => {
  expect(parseQuantity(value)).toBeUndefined();
});

test('a deferred quantity is not known', () => {
  expect(parseQuantity(new Deferred('memory'))).toBeUndefined();
  expect(parseQuantity(`${new Deferred('memory')}Gi`)).toBeUndefined();
});

describe('any quantity', () => {
  /** A quantity beside the exact number that it stands for: a fraction of two integers. */
  interface Exact { readonly text: string; readonly over: bigint; readonly under: bigint }

  const SUFFIXES: { [suffix: string]: [over: bigint, under: bigint] } = {
    '': [1n, 1n],
    'n': [1n, 1000000000n],
    'u': [1n, 1000000n],
    'm': [1n, 1000n],
    'k': [1000n, 1n],
    'M': [1000000n, 1n],
    'G': [1000000000n, 1n],
    'T': [1000000000000n, 1n],
    'P': [1000000000000000n, 1n],
    'E': [1000000000000000000n, 1n],
    'Ki': [1024n, 1n],
    'Mi': [1048576n, 1n],
    'Gi': [1073741824n, 1n],
    'Ti': [1099511627776n, 1n],
    'Pi': [1125899906842624n, 1n],
    'Ei': [1152921504606846976n, 1n],
    'e-3': [1n, 1000n],
    'E-1': [1n, 10n],
    'e0': [1n, 1n],
    'e+2': [100n, 1n],
    'E6': [1000000n, 1n],
  };

  const quantities = fc.record({
    negative: fc.boolean(),
    whole: fc.integer({ min: 0, max: 2_000_000 }),
    fraction: fc.option(fc.stringMatching(/^[0-9]{1,9}$/), { nil: '' }),
    suffix: fc.constantFrom(...Object.keys(SUFFIXES)),
  }).map(({ negative, whole, fraction, suffix }): Exact => {
    const [over, under] = SUFFIXES[suffix];
    return {
      text: `${negative ? '-' : ''}${whole}${fraction && `.${fraction}`}${suffix}`,
      over: (negative ? -1n : 1n) * BigInt(`${whole}${fraction}`) * over,
      under: 10n ** BigInt(fraction.length) * under,
    };
  });

  /** Less than zero, zero or greater, as `a - b` is. */
  function compare(a: Exact, b: Exact): number {
    const difference = a.over * b.under - b.over * a.under;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** The number of type double as a fraction. */
  function exactly(value: number): Exact {
    let under = 1n;
    for (; !Number.isInteger(value); value *= 2) {
      under *= 2n;
    }
    return { text: String(value), over: BigInt(value), under };
  }

  test('is the number of type double that is nearest to it', () => {
    fc.assert(fc.property(quantities, (quantity) => {
      const parsed = exactly(parseQuantity(quantity.text)!);
      // off by half of the last of 53 bits at most
      const off = quantity.over * parsed.under - parsed.over * quantity.under;
      const size = quantity.over * parsed.under;
      expect((off < 0n ? -off : off) * 2n ** 53n <= (size < 0n ? -size : size)).toBe(true);
    }), { numRuns: 2000 });
  });

  test('keeps its order: equal quantities give equal numbers, and a greater one never gives less', () => {
    fc.assert(fc.property(quantities, quantities, (a, b) => {
      const difference = parseQuantity(a.text)! - parseQuantity(b.text)!;
      expect(compare(a, b) === 0 ? difference === 0 : difference * compare(a, b) >= 0).toBe(true);
    }), { numRuns: 2000 });
  });

  test('is the same in each spelling', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000 }), (thousandths) => {
      const plain = `${Math.trunc(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`;

      expect(new Set([`${thousandths}m`, plain, `${thousandths}e-3`, `${thousandths}000u`].map(parseQuantity)).size).toBe(1);
      expect(parseQuantity(`${thousandths}Ki`)).toBe(parseQuantity(String(thousandths * 1024)));
    }), { numRuns: 2000 });
  });
});
