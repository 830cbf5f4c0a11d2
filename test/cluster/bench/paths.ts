import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const REPO = resolve(__dirname, '../../..');
export const TOOLS = join(REPO, 'test/cluster/tools');

/** What is built or unpacked once for all clones of a user. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve/cluster');

/** What runs in this clone leave for later ones; ignored by git. */
export const NOTES = join(REPO, '.cache/cluster');

/** Where a cluster started by hand notes what belongs to it, until it is stopped. */
export const STATE_FILE = join(NOTES, 'up.json');

export const CRDS = resolve(REPO, process.env.CRDS_DIR ?? '../shared/crds');

/** Go as on PATH, else where its own installer puts it. */
export function goBinary(): string | undefined {
  const candidates = [...(process.env.PATH ?? '').split(':').map((dir) => join(dir, 'go')), '/usr/local/go/bin/go'];
  return candidates.find((candidate) => existsSync(candidate));
}
