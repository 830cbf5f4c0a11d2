import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenizeRequest } from '../frames/meta';

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
  /** Tokens there were before it was cut. */
  readonly count: number;
}

/** Gives the tokens of texts. */
export type Tokenize = (request: TokenizeRequest) => Tokens[];

/** The first tokens and the closing one of a text that has too many. */
export function cut(ids: readonly number[], types: readonly number[] | undefined, most: number): Tokens {
  const shorten = (all: readonly number[]): readonly number[] => (all.length <= most ? all : [...all.slice(0, most - 1), all.at(-1)!]);
  return { ids: shorten(ids), types: types === undefined ? undefined : shorten(types), count: ids.length };
}

/** A JSON file of a model's folder; undefined where there is none. */
export function readJson(...path: readonly string[]): { [key: string]: unknown } | undefined {
  const file = join(...path);
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { [key: string]: unknown };
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Opens the tokenizer in a model's folder. */
export function openTokenizer(folder: string): Tokenize {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Tokenizer } = require('@huggingface/tokenizers') as { Tokenizer: TokenizerClass };
  const [rules, config] = [readJson(folder, 'tokenizer.json')!, readJson(folder, 'tokenizer_config.json') ?? {}];
  let tokenizer: TokenizerLike;
  try {
    tokenizer = new Tokenizer(rules, config);
  } catch (error) {
    throw new Error(`${join(folder, 'tokenizer.json')} is no tokenizer that can be used: ${(error as Error).message}; write it with Hugging Face's tokenizer.save_pretrained(), or remove it to serve the model without texts`, { cause: error });
  }
  return ({ texts, query, most }) => texts.map((text) => {
    const { ids, token_type_ids: types } = tokenizer.encode(query ?? text, { text_pair: query === undefined ? undefined : text, return_token_type_ids: true });
    return cut(ids, types, most);
  });
}
