import { lightgbmModel, xgboostModel } from './models';
import { isTreeModel, loadTreeModel } from '../../src/trees';

/** The start of a file of XGBoost's old binary format. */
function oldBinary(prefix = ''): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeUInt32LE(16);
  return Buffer.concat([Buffer.from(prefix), Buffer.alloc(136), length, Buffer.from('reg:squarederror'), Buffer.alloc(64)]);
}

test.each<[string, Uint8Array]>([
  ['XGBoost JSON', xgboostModel()],
  ['XGBoost JSON with spaces', Buffer.from(JSON.stringify(JSON.parse(Buffer.from(xgboostModel()).toString()), undefined, 2))],
  ['XGBoost UBJSON', Buffer.concat([Buffer.from('{L'), Buffer.from([0, 0, 0, 0, 0, 0, 0, 7]), Buffer.from('learner{')])],
  ['LightGBM text', lightgbmModel()],
  ["XGBoost's old binary format", oldBinary()],
  ["XGBoost's old binary format with its mark", oldBinary('binf')],
])('recognises %s', (_, bytes) => {
  expect(isTreeModel(bytes)).toBe(true);
});

test.each<[string, Uint8Array]>([
  ['a model.json of settings', Buffer.from('{"inputs":[{"name":"learner"}]}')],
  ['other JSON with a version', Buffer.from('{"version":3,"layers":[]}')],
  ['text that begins like a tree', Buffer.from('tree of life\n')],
  ['nothing', new Uint8Array(0)],
  ['zeros', new Uint8Array(1000)],
])('does not take %s for a model', (_, bytes) => {
  expect(isTreeModel(bytes)).toBe(false);
});

test('refuses the old binary format with the line that converts it', () => {
  expect(() => loadTreeModel(oldBinary())).toThrow(/old binary format; convert it .*save_model\('model\.ubj'\)/);
});

test('says of other files what it can load', () => {
  expect(() => loadTreeModel(Buffer.from('hello'))).toThrow('this is no model of XGBoost (JSON or UBJ) or LightGBM (text)');
});
