import { IndexedTensor } from '../frames/frame';
import type { TensorConfig } from '../model/config';
import { ModelMetadata } from '../model/metadata';
import type { EncoderSettings } from '../openai/encoder';
import { Tensor } from '../tensor/tensor';

/** A loaded model that is a pure function of its inputs. */
export interface Engine {
  readonly metadata: ModelMetadata;
  /** Has loops, whose end nobody can tell. */
  readonly mayRunForEver?: boolean;
  /** Inputs in declared order; the positions of the outputs wanted, all when undefined. */
  run(inputs: readonly (Tensor | undefined)[], outputs: readonly number[] | undefined): IndexedTensor[] | Promise<IndexedTensor[]>;
  release(): Promise<void>;
}

/** How a model is to be loaded; travels to the runner as JSON. */
export interface LoadSpec {
  readonly name: string;
  readonly version?: string;
  readonly format: 'onnx' | 'trees' | 'user';
  /** The model file. */
  readonly path: string;
  /** The model's folder, which the file may lie below. */
  readonly folder: string;
  /** Threads within one run. */
  readonly intraOp: number;
  /** Answers probabilities on V1 instead of labels. */
  readonly predictProba: boolean;
  readonly predictType?: 'class' | 'raw';
  readonly missing?: number;
  /** Whose evaluator serves an ONNX tree ensemble; ONNX Runtime's when undefined. */
  readonly engine?: 'onnxruntime' | 'trees';
  readonly platform?: string;
  /** What `model.json` says of inputs and outputs. */
  readonly overrides?: {
    readonly v1Output?: string;
    readonly labels?: { readonly [output: string]: readonly string[] };
    readonly inputs?: readonly TensorConfig[];
    readonly outputs?: readonly TensorConfig[];
  };
  readonly batching?: { readonly maxSize?: number; readonly enabled?: boolean };
  readonly warmup?: readonly { readonly inputs: readonly unknown[] }[];
  /** What an earlier load measured: not measured again. */
  readonly policy?: Policy;
  /** For user models that call a predictor. */
  readonly predictor?: PredictorSettings;
}

/** How a transformer reaches its predictor. */
export interface PredictorSettings {
  readonly host: string;
  readonly protocol: 'v1' | 'v2' | 'grpc-v2';
  readonly useSsl: boolean;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly caFile?: string;
}

/** What warm-up found out; a batch of 1 where nothing could be measured. */
export interface Policy {
  readonly maxBatch: number;
  /** Milliseconds of a single row; undefined when unmeasured. */
  readonly singleMs?: number;
  /** The largest batch that was measured and found worth while, in rows, and its milliseconds. */
  readonly measured?: { readonly rows: number; readonly ms: number };
  readonly reason: string;
}

/** A runner's answer to a load. */
export interface Loaded {
  /** Of a model that takes texts. */
  readonly encoder?: EncoderSettings;
  readonly metadata: ModelMetadata;
  readonly policy: Policy;
}
