import { invalid } from '../errors';
import { Reader, Wire } from '../protobuf/wire';

/** Only the model's name and version, so that a large message need not be read here. */
export function peekModel(bytes: Uint8Array): { readonly model: string; readonly version: string | undefined } {
  const reader = new Reader(bytes);
  let model = '';
  let version: string | undefined;
  try {
    while (reader.next()) {
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
