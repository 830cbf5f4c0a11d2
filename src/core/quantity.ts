import { Deferred } from './deferred';

const FACTORS: { [suffix: string]: number } = {
  '': 1,
  'n': 1e-9, 'u': 1e-6, 'm': 1e-3, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};

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
  const match = QUANTITY.exec(String(quantity));
  return match === null ? undefined : Number(match[1]) * (match[3] === undefined ? FACTORS[match[2] ?? ''] : 10 ** Number(match[3]));
}
