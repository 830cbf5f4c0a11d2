import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, ServerError } from '../errors';
import { ModelMetadata, TensorSpec } from '../model/metadata';
import { Tensor } from '../tensor/tensor';

type Pooling = 'mean' | 'cls' | 'last' | 'max' | 'none';

interface Encoding {
  readonly ids: readonly number[];
  readonly token_type_ids?: readonly number[];
}

interface TokenizerLike {
  encode(text: string, options: { text_pair?: string; return_token_type_ids: true }): Encoding;
}

type TokenizerClass = new (tokenizer: object, config: object) => TokenizerLike;

/** A tokenised text. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly types?: readonly number[];
}

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'];

function readJson(path: string): { [key: string]: unknown } | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as { [key: string]: unknown } : undefined;
}

/** A model that turns texts into vectors or scores, with its tokenizer. */
export class Encoder {
  public readonly pooling: Pooling;
  public readonly normalize: boolean;
  public readonly maxTokens: number;
  private readonly padId: number;

  private constructor(private readonly metadata: ModelMetadata, private readonly tokenizer: TokenizerLike, private readonly output: TensorSpec, folder: string, config: { [key: string]: unknown }) {
    const pooling = readJson(join(folder, '1_Pooling', 'config.json'));
    const modes: readonly (readonly [string, Pooling])[] = [['pooling_mode_cls_token', 'cls'], ['pooling_mode_max_tokens', 'max'], ['pooling_mode_lasttoken', 'last'], ['pooling_mode_mean_tokens', 'mean']];
    this.pooling = output.shape.length === 2 ? 'none' : modes.find(([key]) => pooling?.[key] === true)?.[1] ?? 'mean';
    const modulesPath = join(folder, 'modules.json');
    this.normalize = existsSync(modulesPath) && readFileSync(modulesPath, 'utf8').includes('models.Normalize');
    const lengths = [readJson(join(folder, 'sentence_bert_config.json'))?.max_seq_length, config.model_max_length, readJson(join(folder, 'config.json'))?.max_position_embeddings];
    this.maxTokens = Math.min(...lengths.filter((length): length is number => typeof length === 'number' && length > 0 && length < 1e9), 1e6);
    const pad = readJson(join(folder, 'config.json'))?.pad_token_id;
    this.padId = typeof pad === 'number' ? pad : 0;
  }

  /** The encoder of a model; undefined where it has no tokenizer or other inputs than an encoder's. */
  public static open(folder: string, metadata: ModelMetadata): Encoder | undefined {
    const tokenizer = readJson(join(folder, 'tokenizer.json'));
    const names = metadata.inputs.map((input) => input.name);
    const output = metadata.outputs.find((spec) => /embedding|logits/.test(spec.name) && spec.shape.length === 2) ?? metadata.outputs.find((spec) => spec.datatype === 'FP32');
    if (tokenizer === undefined || output === undefined || !names.includes('input_ids') || names.some((name) => !INPUTS.includes(name))) {
      return undefined;
    }
    const config = readJson(join(folder, 'tokenizer_config.json')) ?? {};
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { Tokenizer } = require('@huggingface/tokenizers') as { Tokenizer: TokenizerClass };
    return new Encoder(metadata, new Tokenizer(tokenizer, config), output, folder, config);
  }

  /** What the metadata tells of it. */
  public get facts(): { [key: string]: unknown } {
    return { pooling: this.pooling, normalize: this.normalize, max_tokens: this.maxTokens };
  }

  public tokenize(text: string, pair?: string): Tokens {
    const { ids, token_type_ids: types } = this.tokenizer.encode(text, { text_pair: pair, return_token_type_ids: true });
    return { ids, types };
  }

  /** Cuts what is too long where that was asked for, else refuses it. */
  public fit(tokens: Tokens, truncate: number | undefined, where: string): Tokens {
    const most = truncate === undefined ? this.maxTokens : truncate === -1 ? this.maxTokens : Math.min(truncate, this.maxTokens);
    if (tokens.ids.length <= most) {
      return tokens;
    }
    if (truncate === undefined) {
      throw invalid(`${where} has ${tokens.ids.length} tokens, more than the ${this.maxTokens} of the model; shorten it or set truncate_prompt_tokens`);
    }
    // the closing token stays
    const cut = (ids: readonly number[]): number[] => [...ids.slice(0, most - 1), ids.at(-1)!];
    return { ids: cut(tokens.ids), types: tokens.types === undefined ? undefined : cut(tokens.types) };
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
        case 'input_ids': return fill(spec, (tokens, i) => tokens.ids[i] ?? this.padId);
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
      const vector = new Float32Array(width);
      const base = row * length * width;
      const used = tensor.shape.length === 3 ? Math.min(tokens.ids.length, length) : 1;
      for (let j = 0; j < width; j++) {
        switch (this.pooling) {
          case 'cls': case 'none': vector[j] = data[base + j]!; break;
          case 'last': vector[j] = data[base + (used - 1) * width + j]!; break;
          default: {
            let value = this.pooling === 'max' ? -Infinity : 0;
            for (let i = 0; i < used; i++) {
              const entry = data[base + i * width + j]!;
              value = this.pooling === 'max' ? Math.max(value, entry) : value + entry;
            }
            vector[j] = this.pooling === 'max' ? value : value / used;
          }
        }
      }
      return this.normalize ? normalized(vector) : vector;
    });
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
