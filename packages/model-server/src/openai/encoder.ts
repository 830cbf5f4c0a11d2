import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, Tokenize, Tokens } from './tokenizer';
import { invalid, ServerError } from '../errors';
import { ModelMetadata, TensorSpec } from '../model/metadata';
import { Tensor } from '../tensor/tensor';

type Pooling = 'mean' | 'cls' | 'last' | 'max' | 'none';

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'];

/** What the files beside an encoder's model say of it. */
export interface EncoderSettings {
  readonly pooling: Pooling;
  readonly normalize: boolean;
  /** Most tokens of one text. */
  readonly maxTokens: number;
  readonly padId: number;
}

/** The output that is made vectors or scores of. */
function outputOf({ outputs }: ModelMetadata): TensorSpec | undefined {
  return outputs.find((spec) => /embedding|logits/.test(spec.name) && spec.shape.length === 2) ?? outputs.find((spec) => spec.datatype === 'FP32');
}

/** Reads the settings in an encoder's folder; undefined where the model has no tokenizer or other inputs than an encoder's. */
export function readEncoder(folder: string, metadata: ModelMetadata): EncoderSettings | undefined {
  const names = metadata.inputs.map((input) => input.name);
  const output = outputOf(metadata);
  if (!existsSync(join(folder, 'tokenizer.json')) || output === undefined || !names.includes('input_ids') || names.some((name) => !INPUTS.includes(name))) {
    return undefined;
  }
  const pooling = readJson(folder, '1_Pooling', 'config.json');
  const config = readJson(folder, 'config.json');
  const modes: readonly (readonly [string, Pooling])[] = [['pooling_mode_cls_token', 'cls'], ['pooling_mode_max_tokens', 'max'], ['pooling_mode_lasttoken', 'last'], ['pooling_mode_mean_tokens', 'mean']];
  const modulesPath = join(folder, 'modules.json');
  const lengths = [readJson(folder, 'sentence_bert_config.json')?.max_seq_length, readJson(folder, 'tokenizer_config.json')?.model_max_length, config?.max_position_embeddings];
  return {
    pooling: output.shape.length === 2 ? 'none' : modes.find(([key]) => pooling?.[key] === true)?.[1] ?? 'mean',
    normalize: existsSync(modulesPath) && readFileSync(modulesPath, 'utf8').includes('models.Normalize'),
    maxTokens: Math.min(...lengths.filter((length): length is number => typeof length === 'number' && length > 0 && length < 1e9), 1e6),
    padId: typeof config?.pad_token_id === 'number' ? config.pad_token_id : 0,
  };
}

/** A model that turns texts into vectors or scores. */
export class Encoder {
  private readonly output: TensorSpec;

  /** `tokenize` is there for a model that runs in this process; else its runner tokenizes, which may take long. */
  public constructor(private readonly metadata: ModelMetadata, private readonly settings: EncoderSettings, public readonly tokenize?: Tokenize) {
    this.output = outputOf(metadata)!;
  }

  /** What the metadata tells of it. */
  public get facts(): { [key: string]: unknown } {
    const { pooling, normalize, maxTokens } = this.settings;
    return { pooling, normalize, max_tokens: maxTokens };
  }

  /** Most tokens of one text. */
  public mostTokens(truncate: number | undefined): number {
    return truncate === undefined || truncate === -1 ? this.settings.maxTokens : Math.min(truncate, this.settings.maxTokens);
  }

  /** Refuses what was too long, unless it was to be cut. */
  public check({ count }: Tokens, truncate: number | undefined, where: string): void {
    if (truncate === undefined && count > this.settings.maxTokens) {
      throw invalid(`${where} has ${count} tokens, more than the ${this.settings.maxTokens} of the model; shorten it or set truncate_prompt_tokens`);
    }
  }

  /** The model's inputs for a batch, padded to the longest. */
  public inputs(batch: readonly Tokens[]): (Tensor | undefined)[] {
    const length = Math.max(...batch.map((tokens) => tokens.ids.length));
    const fill = (spec: TensorSpec, value: (tokens: Tokens, i: number) => number): Tensor => {
      const shape = [batch.length, length];
      const at = (index: number): number => value(batch[Math.floor(index / length)]!, index % length);
      const size = batch.length * length;
      const data = spec.datatype === 'INT32' ? Int32Array.from({ length: size }, (_, i) => at(i)) : BigInt64Array.from({ length: size }, (_, i) => BigInt(at(i)));
      return { name: spec.name, datatype: spec.datatype, shape, data };
    };
    return this.metadata.inputs.map((spec) => {
      switch (spec.name) {
        case 'input_ids': return fill(spec, (tokens, i) => tokens.ids[i] ?? this.settings.padId);
        case 'attention_mask': return fill(spec, (tokens, i) => (i < tokens.ids.length ? 1 : 0));
        case 'token_type_ids': return fill(spec, (tokens, i) => tokens.types?.[i] ?? 0);
        default: return fill(spec, (_, i) => i);
      }
    });
  }

  public get outputIndex(): number {
    return this.metadata.outputs.indexOf(this.output);
  }

  /** One vector for each text of a batch. */
  public vectors(tensor: Tensor, batch: readonly Tokens[]): Float32Array[] {
    const data = tensor.data as Float32Array;
    const width = tensor.shape.at(-1)!;
    const length = tensor.shape.length === 3 ? tensor.shape[1]! : 1;
    return batch.map((tokens, row) => {
      const start = row * length * width;
      const used = tensor.shape.length === 3 ? Math.min(tokens.ids.length, length) : 1;
      const token = (i: number): Float32Array => data.subarray(start + i * width, start + (i + 1) * width);
      const vector = this.pool(used, width, token);
      return this.settings.normalize ? normalized(vector) : vector;
    });
  }

  /** One vector of those of all tokens, which are read in the order they lie in memory. */
  private pool(used: number, width: number, token: (i: number) => Float32Array): Float32Array {
    const { pooling } = this.settings;
    if (pooling !== 'mean' && pooling !== 'max') {
      return token(pooling === 'last' ? used - 1 : 0).slice();
    }
    const isMax = pooling === 'max';
    const pooled = new Float64Array(width).fill(isMax ? -Infinity : 0);
    for (let i = 0; i < used; i++) {
      const values = token(i);
      for (let j = 0; j < width; j++) {
        pooled[j] = isMax ? Math.max(pooled[j]!, values[j]!) : pooled[j]! + values[j]!;
      }
    }
    return Float32Array.from(pooled, (value) => (isMax ? value : value / used));
  }

  /** One relevance for each pair of a batch, 0 to 1. */
  public scores(tensor: Tensor): number[] {
    const columns = tensor.shape.at(-1)!;
    if (tensor.shape.length !== 2 || columns > 2) {
      throw new ServerError('unimplemented', 'the model gives no relevance: rerank needs an output of one or two columns');
    }
    const data = tensor.data as Float32Array;
    return Array.from({ length: tensor.shape[0]! }, (_, row) => {
      const logit = columns === 1 ? data[row]! : data[row * 2 + 1]! - data[row * 2]!;
      return 1 / (1 + Math.exp(-logit));
    });
  }
}

/** A vector of length 1. */
export function normalized(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) {
    sum += value * value;
  }
  const length = Math.sqrt(sum);
  return length === 0 ? vector : vector.map((value) => value / length);
}
