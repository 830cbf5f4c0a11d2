import { Deferred } from './deferred';

const POWERS_OF_TEN: { [suffix: string]: number } = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const FACTORS: { [suffix: string]: number } = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };

const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/**
 * The number that a Kubernetes quantity stands for; undefined for what is no
 * quantity or not yet known.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(quantity: unknown): number | undefined {
  if (Deferred.is(quantity) || (typeof quantity !== 'string' && typeof quantity !== 'number')) {
    return undefined;
  }
  return remembered(String(quantity));
}

/** A program has few quantities and many containers. */
const known = new Map<string, number | undefined>();

function remembered(quantity: string): number | undefined {
  if (!known.has(quantity)) {
    known.set(quantity, parse(quantity));
  }
  return known.get(quantity);
}

function parse(quantity: string): number | undefined {
  const match = QUANTITY.exec(quantity);
  if (match === null) {
    return undefined;
  }
  const [, digits, suffix = '', exponent = POWERS_OF_TEN[suffix] ?? 0] = match;
  // in one step, so that equal quantities give equal numbers: 9 * 1e-3 is more than 0.009
  return Number(`${digits}e${exponent}`) * (FACTORS[suffix] ?? 1);
}
