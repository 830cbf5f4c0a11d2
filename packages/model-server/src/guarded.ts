import { reportUnhandled } from './errors';

/** Tells somebody of something; what is thrown there concerns nobody else who is to be told. */
export function guarded(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    reportUnhandled(error);
  }
}
