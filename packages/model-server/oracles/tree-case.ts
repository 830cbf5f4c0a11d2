import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TreeOptions } from '../src/trees';

type Floats = Float32Array | Float64Array;

interface StoredArray { readonly shape: readonly number[]; readonly type: string }

/** One trained model with its inputs and what the library predicts for them. */
export interface TreeCase {
  readonly name: string;
  readonly files: readonly string[];
  readonly options: TreeOptions;
  readonly input: { readonly shape: readonly number[]; readonly data: Floats };
  readonly prediction: { readonly shape: readonly number[]; readonly data: Floats };
  readonly raw: { readonly shape: readonly number[]; readonly data: Floats };
  read(file: string): Uint8Array;
}

/** Names of the cases of a library that the oracle has written, and the library's version. */
export function listCases(root: string, library: string): { readonly version: string; readonly cases: readonly string[] } {
  return JSON.parse(readFileSync(join(root, `${library}.json`), 'utf8')) as { version: string; cases: string[] };
}

export function readCase(root: string, name: string): TreeCase {
  const folder = join(root, name);
  const described = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as { files: string[]; options: TreeOptions } & { [key in 'input' | 'prediction' | 'raw']: StoredArray };
  const array = (key: 'input' | 'prediction' | 'raw') => {
    const { shape, type } = described[key];
    const bytes = new Uint8Array(readFileSync(join(folder, `${key}.bin`))).buffer;
    return { shape, data: type === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes) };
  };
  return {
    name,
    files: described.files,
    options: described.options,
    input: array('input'),
    prediction: array('prediction'),
    raw: array('raw'),
    read: (file) => new Uint8Array(readFileSync(join(folder, file))),
  };
}
