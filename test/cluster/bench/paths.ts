import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const REPO = resolve(__dirname, '../../..');
export const TOOLS = join(REPO, 'test/cluster/tools');

/** What is built or unpacked once and kept between runs; ignored by git. */
export const CACHE = join(REPO, '.cache/cluster');
export const BIN = join(CACHE, 'bin');

/** Where a cluster started by hand notes what belongs to it, until it is stopped. */
export const STATE_FILE = join(CACHE, 'up.json');

export const CRDS = resolve(REPO, process.env.CRDS_DIR ?? '../shared/crds');

/** Go as on PATH, else where its own installer puts it. */
export function goBinary(): string | undefined {
  const candidates = [...(process.env.PATH ?? '').split(':').map((dir) => join(dir, 'go')), '/usr/local/go/bin/go'];
  return candidates.find((candidate) => existsSync(candidate));
}
