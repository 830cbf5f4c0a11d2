import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isBelow, realPath } from '../../model/real-path';
import { chunksOf, readFields, textOf } from '../../protobuf/fields';

/** A file of weights, by the name that the model has for it. */
export interface WeightFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Bytes that one read takes: the kernel gives no more than 2 GiB. */
const READ = 2 ** 30;

function readWhole(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const data = Buffer.allocUnsafeSlow(fstatSync(file).size);
    let at = 0;
    while (at < data.length) {
      const read = readSync(file, data, at, Math.min(READ, data.length - at), at);
      if (read === 0) {
        throw new Error(`${path} became shorter while it was read`);
      }
      at += read;
    }
    return data;
  } finally {
    closeSync(file);
  }
}

/** Reads the files in which a model keeps weights; they lie in its folder or below. */
export function readWeightFiles(model: Uint8Array, folder: string): WeightFile[] {
  const names = new Set<string>();
  for (const graph of chunksOf(readFields(model), 7)) {
    for (const tensor of chunksOf(readFields(graph), 5)) {
      for (const entry of chunksOf(readFields(tensor), 13).map(readFields)) {
        if (textOf(entry, 1) === 'location') {
          names.add(textOf(entry, 2)!);
        }
      }
    }
  }
  return [...names].map((name) => {
    const path = realPath(join(folder, name));
    if (!isBelow(folder, path)) {
      throw new Error(`the model keeps weights in ${name}, which leads out of ${folder}`);
    }
    return { path: name, data: readWhole(path) };
  });
}
