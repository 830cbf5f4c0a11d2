import { lightgbmModel, xgboostModel } from './models';
import { loadTreeModel } from '../../src/trees';
import { tableOf, rowsOfText } from '../../src/trees/categories';

const texts = (...values: readonly string[]): Uint8Array[] => values.map((value) => Buffer.from(value));

const CATEGORIES = [
  { offsets: [0, 1, 5], values: [...Buffer.from('rgrü')] },
  { offsets: [], values: [] },
];
/** Category 1 goes right to 2, category 0 left to 1. */
const XGBOOST = xgboostModel({
  booster: {
    name: 'gbtree',
    model: {
      cats: { enc: CATEGORIES },
      tree_info: [0],
      trees: [{
        left_children: [1, -1, -1],
        right_children: [2, -1, -1],
        split_indices: [0, 0, 0],
        split_conditions: [0, 1, 2],
        default_left: [1, 0, 0],
        split_type: [1, 0, 0],
        categories: [1],
        categories_nodes: [0],
        categories_segments: [0],
        categories_sizes: [1],
        tree_param: { size_leaf_vector: '1' },
      }],
    },
  },
});
/** Category 1 goes left to 1, all others right to 2. */
const LIGHTGBM_LINES = { num_cat: '1', decision_type: '1', threshold: '0', cat_boundaries: '0 1', cat_threshold: '2', feature_infos: '0:1 [0:1]' };
const lightgbm = (stored: string, lines: object = {}): Uint8Array =>
  Buffer.from(Buffer.from(lightgbmModel({ ...LIGHTGBM_LINES, ...lines })).toString().replace('pandas_categorical:null', `pandas_categorical:${stored}`));

test('XGBoost takes the names of categories, an empty text as missing', () => {
  const model = loadTreeModel(XGBOOST, { input: { datatype: 'BYTES' } });

  expect(model.inputs).toEqual([{ name: 'input-0', datatype: 'BYTES', shape: [-1, 2] }]);
  expect(model.predict(texts('r', '0.5', 'grü', '0.5', '', 'nan'), 3, 2)).toEqual({ data: Float32Array.of(1, 2, 1), shape: [3] });
});

test('XGBoost refuses a category that it does not know', () => {
  const model = loadTreeModel(XGBOOST, { input: { datatype: 'BYTES' } });

  expect(() => model.predict(texts('r', '1', 'blue', '1'), 2, 2)).toThrow("row 1, feature 0: 'blue' is no category that the model knows; it knows r, grü");
});

test('codes are taken where text is not asked for', () => {
  expect(loadTreeModel(XGBOOST).predict(Float32Array.of(0, 0, 1, 0), 2, 2).data).toEqual(Float32Array.of(1, 2));
});

test('LightGBM takes the names of categories, and unknown ones as missing', () => {
  const model = loadTreeModel(lightgbm('[["low", "high"]]'), { input: { datatype: 'BYTES' } });

  expect(model.predict(texts('low', '0', 'high', '0', 'other', '0'), 3, 2).data).toEqual(Float64Array.of(2, 1, 2));
});

test('categories that are numbers are found by their value', () => {
  const model = loadTreeModel(lightgbm('[[5, 7]]'), { input: { datatype: 'BYTES' } });

  expect(model.predict(texts('5', '0', '7.0', '0'), 2, 2).data).toEqual(Float64Array.of(2, 1));
});

test.each<[string, Uint8Array]>([
  ['XGBoost files without names', xgboostModel()],
  ['LightGBM files without names', lightgbm('null')],
  ['LightGBM files where the owner of a table cannot be told', lightgbm('[["low", "high"]]', { feature_infos: '0:1 0:1' })],
])('text is refused for %s', (_, bytes) => {
  expect(() => loadTreeModel(bytes, { input: { datatype: 'BYTES' } })).toThrow('the file stores no names of categories');
});

test('a feature that is a number takes no other text', () => {
  expect(() => rowsOfText(texts('a', '1'), [undefined, tableOf(['x'])], 'missing')).toThrow("row 0, feature 0: 'a' is no number");
});

test('blank text is missing where the feature is a number', () => {
  expect(rowsOfText(texts('', ' ', '\t\n', '0', ' 1 '), [undefined], 'error')).toEqual(Float64Array.of(NaN, NaN, NaN, 0, 1));
});

test('a text that begins with a byte order mark is another than that without', () => {
  const tables = [tableOf(['r', '\uFEFFr'])];

  expect(rowsOfText(texts('\uFEFFr', 'r'), tables, 'error')).toEqual(Float64Array.of(1, 0));
});
