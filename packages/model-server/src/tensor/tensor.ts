/** The datatypes of the Open Inference Protocol. */
export type Datatype =
  | 'BOOL'
  | 'UINT8' | 'UINT16' | 'UINT32' | 'UINT64'
  | 'INT8' | 'INT16' | 'INT32' | 'INT64'
  | 'FP16' | 'FP32' | 'FP64'
  | 'BYTES';

/** Numbers of a tensor in row-major order; FP16 as its bit patterns, BOOL as 0 and 1. */
export type NumericData =
  | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
  | Int8Array | Int16Array | Int32Array | BigInt64Array
  | Float32Array | Float64Array;

/** One named input or output. BYTES elements are byte strings, which need not be UTF-8. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: NumericData | Uint8Array[];
}
