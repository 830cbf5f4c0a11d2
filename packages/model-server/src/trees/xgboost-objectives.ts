import { Objective, Rows } from './model';

const f = Math.fround;

/** The logistic function in single precision, kept from overflow as XGBoost keeps it. */
function sigmoid(values: Rows): void {
  for (let i = 0; i < values.length; i++) {
    const power = Math.min(-values[i]!, f(88.7));
    values[i] = f(1 / f(f(Math.exp(power)) + 1));
  }
}

function exponential(values: Rows): void {
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(values[i]!);
  }
}

function hinge(values: Rows): void {
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i]! > 0 ? 1 : 0;
  }
}

function softmax(values: Rows, groups: number): void {
  for (let at = 0; at < values.length; at += groups) {
    let most = values[at]!;
    for (let k = 1; k < groups; k++) {
      most = Math.max(most, values[at + k]!);
    }
    let sum = 0;
    for (let k = 0; k < groups; k++) {
      values[at + k] = Math.exp(f(values[at + k]! - most));
      sum += values[at + k]!;
    }
    for (let k = 0; k < groups; k++) {
      values[at + k] = values[at + k]! / f(sum);
    }
  }
}

interface XgboostObjective extends Omit<Objective, 'name'> {
  /** What `base_score` is as a margin; itself by default. */
  readonly margin?: (score: number) => number;
}

const logit = (score: number): number => f(-Math.log(f(f(1 / score) - 1)));
const log = (score: number): number => f(Math.log(score));
const IDENTITY: XgboostObjective = {};
const EXPONENTIAL: XgboostObjective = { transform: exponential, margin: log };

/** XGBoost's objectives; one that is not here cannot be served, since its transform is not known. */
export const XGBOOST_OBJECTIVES: { readonly [name: string]: XgboostObjective } = {
  'reg:squarederror': IDENTITY,
  'reg:linear': IDENTITY,
  'reg:squaredlogerror': IDENTITY,
  'reg:pseudohubererror': IDENTITY,
  'reg:absoluteerror': IDENTITY,
  'reg:quantileerror': IDENTITY,
  'reg:expectileerror': IDENTITY,
  'reg:logistic': { transform: sigmoid, margin: logit },
  'binary:logistic': { transform: sigmoid, margin: logit, classes: { threshold: 0.5 } },
  'binary:logitraw': { classes: { threshold: 0 } },
  'binary:hinge': { transform: hinge, classes: { threshold: 0.5 } },
  'multi:softmax': { argmax: true, classes: {} },
  'multi:softprob': { transform: softmax, classes: {} },
  'count:poisson': EXPONENTIAL,
  'reg:gamma': EXPONENTIAL,
  'reg:tweedie': EXPONENTIAL,
  'survival:cox': EXPONENTIAL,
  'survival:aft': EXPONENTIAL,
  'rank:pairwise': IDENTITY,
  'rank:ndcg': IDENTITY,
  'rank:map': IDENTITY,
};
