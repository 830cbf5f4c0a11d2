import { invalid } from '../errors';
import { CategoryTable, rowsOfText, Unseen } from './categories';
import { TensorSpec } from '../model/metadata';
import { NUMBERS, WIDENINGS } from '../tensor/convert';
import { NumericData } from '../tensor/tensor';

/** The declaration of the input as a user wants it. */
export interface InputOptions {
  /** `input-0` by default. */
  readonly name?: string;
  /** FP32 or FP64; the default is the library's own precision. BYTES takes text, with categories by their names. */
  readonly datatype?: string;
  readonly shape?: readonly number[];
}

/** How a tree model is to answer. */
export interface TreeOptions {
  /** `class` answers class ids, `raw` margins; the default is what the library's own predict gives. */
  readonly predictType?: 'class' | 'raw';
  /** Number that means "missing" beside NaN; XGBoost only. */
  readonly missing?: number;
  /** How the input is to be declared, since the files do not say. */
  readonly input?: InputOptions;
}

/** Beyond these a file is broken rather than large. */
const MOST_OUTPUTS = 100_000;
const MOST_FEATURES = 10_000_000;

export type Rows = Float32Array | Float64Array;

/** A model of XGBoost or LightGBM, ready to predict. */
export interface TreeModel {
  readonly kind: 'xgboost' | 'lightgbm';
  readonly objective: string;
  readonly featureNames?: readonly string[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  predict(rows: Rows | readonly Uint8Array[], count: number, columns: number): { data: NumericData; shape: number[] };
}

/** What adds up a row's margins: trees, or a linear function. */
export interface Ensemble {
  addTo(sums: Rows, rows: Rows, count: number): void;
}

/** What an objective makes of margins. */
export interface Objective {
  readonly name: string;
  /** Changes margins of `groups` values a row into predictions, in place. */
  readonly transform?: (values: Rows, groups: number) => void;
  /** Answers the place of the largest of a row's predictions instead of all. */
  readonly argmax?: boolean;
  /** Predictions tell classes: by the largest of several, or one each by this threshold. */
  readonly classes?: { readonly threshold?: number };
}

/** What a file says, as the libraries' common ground. */
export interface TreeParts {
  readonly kind: TreeModel['kind'];
  readonly objective: Objective;
  readonly features: number;
  readonly featureNames?: readonly string[];
  /** Margins that a row has. */
  readonly groups: number;
  /** Precision in which the library compares and adds. */
  readonly datatype: 'FP32' | 'FP64';
  readonly ensemble: Ensemble;
  /** Margins before the trees add theirs, one for all outputs or one for each; 0 by default. */
  readonly base?: readonly number[];
  /** The sums are divided by this, unless margins are asked for. */
  readonly divisor?: number;
  readonly missing?: number;
  /** Tables of categories, one for each feature, where the file stores any. */
  readonly categories?: readonly CategoryTable[];
  readonly unseen: Unseen;
}

/** Where each row has its largest value; the first of equal ones. */
function largest(values: Rows, groups: number): Float32Array {
  return Float32Array.from({ length: values.length / groups }, (_, row) => {
    let best = 0;
    for (let k = 1; k < groups; k++) {
      if (values[row * groups + k]! > values[row * groups + best]!) {
        best = k;
      }
    }
    return best;
  });
}

/** How margins become an answer, and its form. */
interface Reply {
  readonly datatype: TensorSpec['datatype'];
  /** Whether a row gets one value instead of one for each group. */
  readonly single: boolean;
  readonly of: (margins: Rows) => NumericData;
}

function replyOf({ objective, groups, datatype }: TreeParts, predictType: TreeOptions['predictType']): Reply {
  const { transform, classes } = objective;
  if (predictType === 'raw') {
    return { datatype, single: groups === 1, of: (margins) => margins };
  }
  const predictions = (margins: Rows): Rows => {
    transform?.(margins, groups);
    return margins;
  };
  if (predictType === 'class') {
    if (classes === undefined) {
      throw new Error(`predictType is class, but the objective ${objective.name} has no classes; leave predictType out`);
    }
    const { threshold } = classes;
    return threshold === undefined
      ? { datatype: 'INT64', single: true, of: (margins) => BigInt64Array.from(largest(predictions(margins), groups), BigInt) }
      : { datatype: 'INT64', single: groups === 1, of: (margins) => BigInt64Array.from(predictions(margins), (value) => (value > threshold ? 1n : 0n)) };
  }
  return objective.argmax === true
    ? { datatype, single: true, of: (margins) => largest(predictions(margins), groups) }
    : { datatype, single: groups === 1, of: predictions };
}

/** Datatypes that a request may have: the libraries take any numbers as their own, but lose nothing that they would keep. */
function acceptedBy(declared: TensorSpec['datatype'], own: TreeParts['datatype']): readonly TensorSpec['datatype'][] {
  return declared === 'FP32' && own === 'FP64' ? WIDENINGS.FP32! : NUMBERS.filter((datatype) => datatype !== declared);
}

/** A model of its parts. */
export function treeModel(parts: TreeParts, { predictType, input = {} }: TreeOptions): TreeModel {
  const { kind, objective, features, featureNames, groups, datatype, ensemble, base, divisor = 1, missing, categories, unseen } = parts;
  if (groups > MOST_OUTPUTS || features > MOST_FEATURES) {
    throw new Error(`the file says ${features} features and ${groups} outputs; at most ${MOST_FEATURES} and ${MOST_OUTPUTS} can be served`);
  }
  const declared = input.datatype ?? datatype;
  const text = declared === 'BYTES';
  if (declared !== 'BYTES' && declared !== 'FP32' && declared !== 'FP64') {
    throw new Error(`the input is declared as ${declared}, but a tree model takes FP32, FP64 or BYTES`);
  }
  if (input.shape !== undefined && (input.shape.length !== 2 || input.shape[0] !== -1 || input.shape[1] !== features)) {
    throw new Error(`the input is declared with the shape [${input.shape.join(',')}], but the model takes [-1,${features}]`);
  }
  if (text && categories === undefined) {
    throw new Error('the input is BYTES, but the file stores no names of categories; send their codes as numbers');
  }
  const reply = replyOf(parts, predictType);
  const numbersOf = (given: Rows | readonly Uint8Array[]): Rows => {
    const rows = text ? rowsOfText(given as readonly Uint8Array[], categories!, unseen) : given as Rows;
    // XGBoost compares in single precision, whatever it is given
    const exact = declared !== 'FP32' && datatype === 'FP32' ? Float32Array.from(rows) : rows;
    return missing === undefined ? exact : exact.map((value) => (value === missing ? NaN : value));
  };
  const sumsOf = (length: number): Rows => (datatype === 'FP32' ? new Float32Array(length) : new Float64Array(length));
  return {
    kind,
    objective: objective.name,
    featureNames: featureNames?.length === features ? featureNames : undefined,
    inputs: [{ name: input.name ?? 'input-0', datatype: declared, shape: [-1, features], ...(text ? {} : { accepts: acceptedBy(declared, datatype) }) }],
    outputs: [{ name: 'output-0', datatype: reply.datatype, shape: reply.single ? [-1] : [-1, groups] }],
    predict(rows, count, columns) {
      if (columns !== features) {
        throw invalid(`the model has ${features} features, but each row has ${columns} values`);
      }
      const sums = sumsOf(count * groups);
      if (base !== undefined) {
        for (let at = 0; at < sums.length; at += groups) {
          for (let k = 0; k < groups; k++) {
            sums[at + k] = base[base.length === 1 ? 0 : k]!;
          }
        }
      }
      ensemble.addTo(sums, numbersOf(rows), count);
      if (divisor !== 1 && predictType !== 'raw') {
        for (let i = 0; i < sums.length; i++) {
          sums[i]! /= divisor;
        }
      }
      return { data: reply.of(sums), shape: reply.single ? [count] : [count, groups] };
    },
  };
}
