import { loadLightgbm } from './lightgbm';
import { TreeModel, TreeOptions } from './model';
import { loadXgboost } from './xgboost';

export type { TreeModel, TreeOptions } from './model';

/** Bytes that are enough to tell a format. */
const HEAD = 4096;
/** Where XGBoost's old binary format names its objective, behind a fixed block of parameters. */
const OLD_NAME = 136;

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, Math.min(end, bytes.length));
}

function isOldXgboost(bytes: Uint8Array): boolean {
  const start = latin1(bytes, 0, 4) === 'binf' ? 4 : 0;
  const name = start + OLD_NAME;
  if (bytes.length < name + 8) {
    return false;
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(name, true);
  return length > 0 && length < 64 && /^[a-z]+:[a-z0-9]+$/.test(latin1(bytes, name + 8, name + 8 + length));
}

/** The formats, by what their files begin with. */
const FORMATS: readonly { readonly matches: (bytes: Uint8Array, head: string) => boolean; readonly load: (bytes: Uint8Array, options: TreeOptions) => TreeModel }[] = [
  { matches: (_, head) => head.startsWith('tree\n') || head.startsWith('tree\r\n'), load: loadLightgbm },
  {
    matches: (_, head) => /^\{\s*"(learner|version|Config)"\s*:/.test(head) && head.includes('"learner"'),
    load: loadXgboost,
  },
  // a UBJSON object whose first key is told with the type of its length
  { matches: (_, head) => /^\{[iUIlL][^"]{1,8}(learner|version|Config)[{[]/.test(head), load: loadXgboost },
  {
    matches: isOldXgboost,
    load() {
      throw new Error("the model is in XGBoost's old binary format; convert it with an XGBoost older than 3.1: "
        + "`python -c \"import xgboost as x; b = x.Booster(); b.load_model('model.bst'); b.save_model('model.ubj')\"`");
    },
  },
];

const formatOf = (bytes: Uint8Array) => {
  const head = latin1(bytes, 0, HEAD);
  return FORMATS.find(({ matches }) => matches(bytes, head));
};

/** Whether bytes are, or begin, a model of XGBoost or LightGBM; the first 4 KiB are enough. */
export function isTreeModel(bytes: Uint8Array): boolean {
  return formatOf(bytes) !== undefined;
}

/** Loads a model of XGBoost (JSON or UBJSON) or LightGBM (text), recognised by its content. */
export function loadTreeModel(bytes: Uint8Array, options: TreeOptions = {}): TreeModel {
  const format = formatOf(bytes);
  if (format === undefined) {
    throw new Error("this is no model of XGBoost (JSON or UBJ) or LightGBM (text); save one with booster.save_model('model.ubj') or booster.save_model('model.txt')");
  }
  return format.load(bytes, options);
}
