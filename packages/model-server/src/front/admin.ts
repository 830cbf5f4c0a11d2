import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FrontContext } from './context';
import { ServerError } from '../errors';

/** Load and unload may need a token. */
export function checkAdmin(context: FrontContext, authorization: string | undefined): void {
  const file = context.settings.admin_token_file;
  if (file === undefined) {
    return;
  }
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ServerError('internal', `the file of --admin_token_file cannot be read: ${(error as Error).message}`);
  }
  const given = Buffer.from(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  if (token === '' || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new ServerError('unauthenticated', 'load and unload need the token of --admin_token_file as a bearer');
  }
}
