import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ModelSource } from '../model/layout';

/** Opening more than this takes long enough for the other models of a runner to feel it. */
const SHARED_BYTES = 16 * 1024 * 1024;

/** A model that takes long to open gets a runner of its own: opening it blocks the process that does it. */
export function runnerFor({ path }: ModelSource): 'shared' | 'dedicated' {
  const folder = dirname(path);
  // weights may stand in files beside the model
  const bytes = readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  return bytes > SHARED_BYTES ? 'dedicated' : 'shared';
}
