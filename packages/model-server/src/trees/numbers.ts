/** The file to which a broken model is to be saved again. */
const FILES = { XGBoost: 'model.ubj', LightGBM: 'model.txt' } as const;

type Library = keyof typeof FILES;

/** What a list may hold. */
export interface NumberKind {
  readonly what: string;
  readonly holds: (value: number) => boolean;
}

export const NUMBER: NumberKind = { what: 'a number', holds: (value) => value === value };

export const NUMBER_OR_NAN: NumberKind = { what: 'a number or nan', holds: () => true };

/** Whole numbers, of which both ends belong. */
export function wholeNumber(low: number, high: number): NumberKind {
  return { what: `a whole number from ${low} to ${high}`, holds: (value) => Number.isInteger(value) && value >= low && value <= high };
}

/** The error of a file that lacks a part or has a wrong one. */
export function broken(library: Library, what: string): Error {
  return new Error(`not a whole ${library} model: ${what}; save it again with booster.save_model('${FILES[library]}')`);
}

/** Text as a decimal number; undefined for other text, such as a blank. */
export function decimal(text: string): number | undefined {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The error of a list that has something else than a number at a place. */
export function wrongNumber(library: Library, name: string, at: number, value: unknown, what = NUMBER.what): Error {
  return broken(library, `${name} has ${typeof value === 'number' ? value : JSON.stringify(value)} at ${at} instead of ${what}`);
}

/** A parameter that counts, which both libraries write as text. */
export function countOf(library: Library, name: string, given: unknown, fallback?: number): number {
  const value = given === undefined ? fallback : typeof given === 'string' ? decimal(given.trim()) : given;
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw broken(library, `${name} is ${JSON.stringify(given)}, not a whole number of 0 or more`);
  }
  return value as number;
}
