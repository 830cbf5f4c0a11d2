import { Tensor } from '../tensor/tensor';

/** A tree ensemble that predicts rows. */
export interface TreeModel {
  readonly kind: 'xgboost' | 'lightgbm';
  predict(rows: Float32Array | Float64Array, count: number, columns: number): { data: Tensor['data']; shape: number[] };
}

/** Whether bytes are a model of XGBoost or LightGBM. */
export function isTreeModel(_bytes: Uint8Array): boolean {
  return false;
}
