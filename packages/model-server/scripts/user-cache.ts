import { homedir } from 'node:os';
import { join } from 'node:path';

/** What tests and builds fetch once for all clones of a user. */
export const USER_CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-kserve');
