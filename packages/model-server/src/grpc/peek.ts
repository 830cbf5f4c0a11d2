import { invalid } from '../errors';
import { Reader, Wire } from '../protobuf/wire';

/** Most fields of a message, of which each tensor takes two: to pass over millions would hold up others. */
const MOST_FIELDS = 100_000;

/** Only the model's name and version, so that a large message need not be read here. */
export function peekModel(bytes: Uint8Array): { readonly model: string; readonly version: string | undefined } {
  const reader = new Reader(bytes);
  let model = '';
  let version: string | undefined;
  try {
    for (let fields = 1; reader.next(); fields++) {
      if (fields > MOST_FIELDS) {
        throw new RangeError(`it has more than ${MOST_FIELDS} fields`);
      }
      if (reader.field === 1 && reader.wire === Wire.LEN) {
        model = reader.string();
      } else if (reader.field === 2 && reader.wire === Wire.LEN) {
        version = reader.string() || undefined;
      } else {
        reader.skip();
      }
    }
  } catch (error) {
    throw invalid(`the message is malformed: ${(error as Error).message}`);
  }
  return { model, version };
}
