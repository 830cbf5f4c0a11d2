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

describe('the input may be declared otherwise', () => {
  test('by another name', () => {
    expect(loadTreeModel(xgboostModel(), { input: { name: 'rows', shape: [-1, 2] } }).inputs).toMatchObject([{ name: 'rows', datatype: 'FP32', shape: [-1, 2] }]);
  });

  test('as FP64 for XGBoost, which still compares in float32', () => {
    const model = loadTreeModel(xgboostModel(), { input: { datatype: 'FP64' } });

    // rounded to float32 the value is the condition itself, so it goes right
    expect(model.inputs[0]!.datatype).toBe('FP64');
    expect(model.predict(Float64Array.of(0.49999999999, 0), 1, 2).data).toEqual(Float32Array.of(2));
  });

  test('as FP32 for LightGBM', () => {
    const model = loadTreeModel(lightgbmModel(), { input: { datatype: 'FP32' } });

    expect(model.inputs[0]!.datatype).toBe('FP32');
    expect(model.predict(Float32Array.of(0.5, 0, 0.75, 0), 2, 2).data).toEqual(Float64Array.of(1, 2));
  });

  test.each([
    [{ datatype: 'INT64' }, 'declared as INT64, but a tree model takes FP32, FP64 or BYTES'],
    [{ shape: [-1, 3] }, 'declared with the shape [-1,3], but the model takes [-1,2]'],
  ])('but not as %p', (input, message) => {
    expect(() => loadTreeModel(xgboostModel(), { input })).toThrow(message);
  });
});
