import { TensorSpec } from '../model/metadata';
import { NumericData } from '../tensor/tensor';

/** A tree ensemble that predicts rows. */
export interface TreeModel {
  readonly kind: 'xgboost' | 'lightgbm';
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  predict(rows: Float32Array | Float64Array, count: number, columns: number): { data: NumericData; shape: number[] };
}

export interface TreeOptions {
  readonly predictType?: 'class' | 'raw';
  readonly missing?: number;
}

/** Whether bytes are a model of XGBoost or LightGBM. */
export function isTreeModel(_bytes: Uint8Array): boolean {
  return false;
}

/** Reads a model of XGBoost or LightGBM. */
export function loadTreeModel(_bytes: Uint8Array, _options: TreeOptions): TreeModel {
  throw new Error('the file is no model of XGBoost or LightGBM');
}
