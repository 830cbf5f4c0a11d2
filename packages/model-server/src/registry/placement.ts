import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors';
import { ModelSource } from '../model/layout';

/** Opening more than this takes long enough for the other models of a runner to feel it. */
const SHARED_BYTES = 16 * 1024 * 1024;

/**
 * Whether a model shares runners with others. One that takes long to open gets a runner of its own, for opening it
 * blocks the process that does it; so does one that bounds the memory of its runner.
 */
export function runnerFor({ name, path, config }: ModelSource): 'shared' | 'dedicated' {
  const bounded = config.limits?.memoryMiB !== undefined;
  if (bounded && config.runner === 'shared') {
    throw new ServerError('invalid', `model '${name}': limits.memoryMiB bounds a runner, but with "runner": "shared" the model has none of its own; remove one of the two, or set --runner_memory_mib for the runners that models share`);
  }
  if (bounded || config.runner !== undefined) {
    return config.runner ?? 'dedicated';
  }
  const folder = dirname(path);
  // weights may stand in files beside the model
  const bytes = readdirSync(folder).reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
  return bytes > SHARED_BYTES ? 'dedicated' : 'shared';
}
