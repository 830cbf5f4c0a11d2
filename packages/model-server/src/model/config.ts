import { readFileSync } from 'node:fs';
import { findViolation, MODEL_SCHEMA } from './schema';
import { Datatype } from '../tensor/tensor';

export interface TensorConfig {
  readonly name: string;
  readonly datatype?: Datatype;
  readonly shape?: readonly number[];
  readonly accepts?: readonly Datatype[];
  readonly optional?: boolean;
  readonly labels?: readonly string[];
}

/** What `model.json` may say; MODEL_SCHEMA describes each member. */
export interface ModelConfig {
  readonly name?: string;
  readonly file?: string;
  readonly platform?: string;
  readonly inputs?: readonly TensorConfig[];
  readonly outputs?: readonly TensorConfig[];
  readonly v1Output?: string;
  readonly predictType?: 'class' | 'raw';
  readonly missing?: number;
  readonly engine?: 'onnxruntime' | 'trees';
  readonly batching?: { readonly enabled?: boolean; readonly maxSize?: number };
  readonly limits?: {
    readonly runSeconds?: number;
    readonly queue?: number;
    readonly rows?: number;
    readonly memoryMiB?: number;
    readonly concurrency?: number;
  };
  readonly placement?: 'runner' | 'inline';
  readonly runner?: 'shared' | 'dedicated';
  readonly intraOp?: number;
  readonly deterministic?: boolean;
  readonly cacheMiB?: number;
  readonly versions?: 'latest' | 'all' | readonly number[];
  readonly warmup?: readonly { readonly inputs: readonly unknown[] }[];
}

/** Reads and checks a `model.json`; errors name the place by its JSON pointer. */
export function readModelConfig(path: string): ModelConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  const violation = findViolation(MODEL_SCHEMA, value);
  if (violation !== undefined) {
    throw new Error(`${path}: ${violation}`);
  }
  return value as ModelConfig;
}
