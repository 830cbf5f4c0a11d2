import { invalid, quote } from '../errors';

/** The codes of a feature's categories by their text; undefined for a feature that is a number. */
export type CategoryTable = ReadonlyMap<string, number> | undefined;

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** A table of categories in the order of their codes; numbers are told by their value, not their spelling. */
export function tableOf(categories: readonly (string | number)[]): ReadonlyMap<string, number> {
  return new Map(categories.map((category, code) => [String(category), code]));
}

function codeOf(table: ReadonlyMap<string, number>, text: string): number | undefined {
  return table.get(text) ?? (text.trim() === '' ? undefined : table.get(String(Number(text))));
}

/** What a category is that training did not see: an error to XGBoost, missing to LightGBM. */
export type Unseen = 'error' | 'missing';

/** Rows of text as numbers: categories become their codes, an empty text is missing, and a blank one where a number stands. */
export function rowsOfText(texts: readonly Uint8Array[], tables: readonly CategoryTable[], unseen: Unseen): Float64Array {
  return Float64Array.from(texts, (bytes, i) => {
    const text = DECODER.decode(bytes);
    const column = i % tables.length;
    const table = tables[column];
    if (text === '' || (table === undefined && text.trim() === '')) {
      return NaN;
    }
    const value = table === undefined ? Number(text) : codeOf(table, text) ?? (unseen === 'missing' ? NaN : undefined);
    if (value === undefined) {
      throw invalid(`row ${Math.floor(i / tables.length)}, feature ${column}: ${quote(text)} is no category that the model knows; it knows ${[...table!.keys()].slice(0, 20).join(', ')}`);
    }
    if (table === undefined && (Number.isNaN(value) && !/^\s*nan\s*$/i.test(text))) {
      throw invalid(`row ${Math.floor(i / tables.length)}, feature ${column}: ${quote(text)} is no number`);
    }
    return value;
  });
}
