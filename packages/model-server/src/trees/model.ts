import { NumericData } from '../tensor/tensor';

/** How a tree model is to answer. */
export interface TreeOptions {
  /** `class` answers class ids, `raw` margins; the default is what the library's own predict gives. */
  readonly predictType?: 'class' | 'raw';
  /** Number that means "missing" beside NaN; XGBoost only. */
  readonly missing?: number;
}

export type Rows = Float32Array | Float64Array;

/** A model of XGBoost or LightGBM, ready to predict. */
export interface TreeModel {
  readonly kind: 'xgboost' | 'lightgbm';
  readonly objective: string;
  readonly features: number;
  readonly featureNames?: readonly string[];
  /** Precision in which the library compares: rows are to come in this one. */
  readonly datatype: 'FP32' | 'FP64';
  readonly outputDatatype: 'FP32' | 'FP64' | 'INT64';
  /** Values a row gets; undefined for one value that is no list. */
  readonly width: number | undefined;
  predict(rows: Rows, count: number, columns: number): NumericData;
}

/** What an objective makes of margins. */
export interface Objective {
  readonly name: string;
  /** Changes margins of `groups` values a row into predictions, in place. */
  readonly transform?: (values: Rows, groups: number) => void;
  /** Answers the place of the largest of a row's predictions instead of all. */
  readonly argmax?: boolean;
  /** Predictions tell classes: by the largest of several, or at this threshold. */
  readonly classes?: { readonly threshold?: number };
}

/** Class ids from predictions. */
export function toClasses(values: Rows, groups: number, threshold: number | undefined): BigInt64Array {
  if (threshold !== undefined) {
    return BigInt64Array.from(values, (value) => (value > threshold ? 1n : 0n));
  }
  return BigInt64Array.from(largest(values, groups), BigInt);
}

/** Where each row has its largest value; the first of equal ones. */
export function largest(values: Rows, groups: number): Float32Array {
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

/** Answers as the options say: margins, class ids, or the objective's own predictions. */
export function answer(margins: Rows, groups: number, objective: Objective, options: TreeOptions): NumericData {
  if (options.predictType === 'raw') {
    return margins;
  }
  objective.transform?.(margins, groups);
  if (options.predictType === 'class') {
    return toClasses(margins, groups, objective.classes!.threshold);
  }
  return objective.argmax === true ? largest(margins, groups) : margins;
}

/** The form of the answers: how many values a row gets, and of what type. */
export function form(datatype: 'FP32' | 'FP64', groups: number, objective: Objective, options: TreeOptions): Pick<TreeModel, 'outputDatatype' | 'width'> {
  const several = groups === 1 ? undefined : groups;
  if (options.predictType === 'raw') {
    return { outputDatatype: datatype, width: several };
  }
  if (options.predictType === 'class') {
    if (objective.classes === undefined) {
      throw new Error(`predictType is class, but the objective ${objective.name} has no classes; leave predictType out`);
    }
    return { outputDatatype: 'INT64', width: objective.classes.threshold === undefined ? undefined : several };
  }
  return { outputDatatype: datatype, width: objective.argmax === true ? undefined : several };
}
