import { invalid, ServerError } from '../errors';

/** What engines say when the input is to blame. */
const COMPLAINTS = /INVALID_ARGUMENT|Got invalid dimensions|Invalid rank|Missing Input|indices element out of data bounds|invalid indices|Unexpected input data type/i;

function verdict(error: unknown): ServerError {
  if (error instanceof ServerError) {
    return error;
  }
  const message = (error as Error).message ?? String(error);
  return COMPLAINTS.test(message) ? invalid(`the model refuses the input: ${message}`) : new ServerError('inference', `the model failed: ${message}`, { cause: error });
}

/** Runs a model; what it throws becomes the caller's or the model's error. */
export function judge<T>(run: () => T | Promise<T>): T | Promise<T> {
  try {
    const result = run();
    return result instanceof Promise ? result.catch((error: unknown) => { throw verdict(error); }) : result;
  } catch (error) {
    throw verdict(error);
  }
}
