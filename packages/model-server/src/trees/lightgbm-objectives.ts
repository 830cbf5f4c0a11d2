import { Objective, Rows } from './model';

type Transform = (values: Rows, groups: number) => void;

const each = (change: (value: number) => number): Transform => (values) => {
  for (let i = 0; i < values.length; i++) {
    values[i] = change(values[i]!);
  }
};

const softmax: Transform = (values, groups) => {
  for (let at = 0; at < values.length; at += groups) {
    let most = values[at]!;
    for (let k = 1; k < groups; k++) {
      most = Math.max(most, values[at + k]!);
    }
    let sum = 0;
    for (let k = 0; k < groups; k++) {
      values[at + k] = Math.exp(values[at + k]! - most);
      sum += values[at + k]!;
    }
    for (let k = 0; k < groups; k++) {
      values[at + k]! /= sum;
    }
  }
};

/** Parameters behind an objective's name, such as `sigmoid:1` or `sqrt`. */
type Words = ReadonlyMap<string, string>;

const sigmoid = (words: Words): Transform => {
  const slope = Number(words.get('sigmoid') ?? 1);
  if (!(slope > 0)) {
    throw new Error(`the objective's sigmoid is ${words.get('sigmoid')}, not a number above 0`);
  }
  return each((value) => 1 / (1 + Math.exp(-slope * value)));
};

type Reader = (words: Words) => Omit<Objective, 'name'>;

const regression: Reader = (words) => (words.has('sqrt') ? { transform: each((value) => Math.sign(value) * value * value) } : {});
const identity: Reader = () => ({});
const exponential: Reader = () => ({ transform: each(Math.exp) });

/** LightGBM's objectives; one that is not here cannot be served, since its transform is not known. */
const OBJECTIVES: { readonly [name: string]: Reader } = {
  regression,
  regression_l1: regression,
  huber: regression,
  fair: regression,
  quantile: regression,
  mape: regression,
  poisson: exponential,
  gamma: exponential,
  tweedie: exponential,
  binary: (words) => ({ transform: sigmoid(words), classes: { threshold: 0.5 } }),
  multiclass: () => ({ transform: softmax, classes: {} }),
  multiclassova: (words) => ({ transform: sigmoid(words), classes: {} }),
  cross_entropy: () => ({ transform: each((value) => 1 / (1 + Math.exp(-value))) }),
  cross_entropy_lambda: () => ({ transform: each((value) => Math.log1p(Math.exp(value))) }),
  lambdarank: identity,
  rank_xendcg: identity,
};

/** Reads the line that tells the objective; a model trained on the user's own function has none and answers its sums. */
export function readObjective(line: string | undefined): Objective {
  if (line === undefined) {
    return { name: 'custom' };
  }
  const [name = '', ...rest] = line.trim().split(/\s+/);
  if (!Object.hasOwn(OBJECTIVES, name)) {
    throw new Error(`the objective ${name} is not known, so what it makes of the trees' sums is not either; known are ${Object.keys(OBJECTIVES).join(', ')}`);
  }
  const words = new Map(rest.map((word) => word.split(':', 2) as [string, string]));
  return { name, ...OBJECTIVES[name]!(words) };
}
