import { EncoderSettings, readEncoder } from './encoder';
import { openTokenizer, Tokenize } from './tokenizer';
import { ModelMetadata } from '../model/metadata';

/** What an encoder has beside its model. */
export interface LoadedEncoder {
  readonly settings: EncoderSettings;
  readonly tokenize: Tokenize;
}

/** Reads all that an encoder needs when its model is loaded: what is wrong is told then, and a folder that changes later changes nothing. */
export function loadEncoder(folder: string, metadata: ModelMetadata): LoadedEncoder | undefined {
  const settings = readEncoder(folder, metadata);
  return settings === undefined ? undefined : { settings, tokenize: openTokenizer(folder) };
}
