import { lightgbmModel } from './models';
import { loadTreeModel, TreeOptions } from '../../src/trees';

type Lines = Parameters<typeof lightgbmModel>[0];

function predict(lines: Lines, rows: readonly number[], options?: TreeOptions): unknown[] {
  const { data } = loadTreeModel(lightgbmModel(lines), options).predict(Float64Array.from(rows), rows.length / 2, 2);
  return [...data];
}

/** A split on the categories 0, 1 and 40. */
const CATEGORICAL: Lines = { num_cat: '1', decision_type: '1', threshold: '0', cat_boundaries: '0 2', cat_threshold: '3 256' };

/** The left leaf is 10 + 3 times feature 1, the right one 20. */
const LINEAR: Lines = { is_linear: '1', leaf_const: '10 20', num_features: '1 0', leaf_features: '1', leaf_coeff: '3' };

test('declares rows of float64 and one value for each', () => {
  const { inputs, outputs, kind, featureNames } = loadTreeModel(lightgbmModel());

  expect({ inputs, outputs, kind, featureNames }).toMatchObject({
    inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 2] }],
    outputs: [{ name: 'output-0', datatype: 'FP64', shape: [-1] }],
    kind: 'lightgbm',
    featureNames: ['a', 'b'],
  });
});

test('sends a value of at most the threshold left', () => {
  expect(predict({}, [0.5, 0, 0.5000000000000001, 0])).toEqual([1, 2]);
});

// bit 1 is the default way left, bits 2 and 3 say what is missing: nothing, zero, NaN
test.each<[string, string, number[]]>([
  ['NaN missing, default left', '10', [1, 1, 2]],
  ['NaN missing, default right', '8', [2, 1, 2]],
  ['zero missing, default left', '6', [1, 1, 2]],
  ['zero missing, default right', '4', [2, 2, 2]],
  ['nothing missing, NaN is 0', '2', [1, 1, 2]],
])('%s', (_, type, expected) => {
  expect(predict({ decision_type: type }, [NaN, 0, 1e-36, 0, 1, 0])).toEqual(expected);
});

test('NaN goes right where nothing is missing and 0 is above the threshold', () => {
  expect(predict({ decision_type: '2', threshold: '-0.5' }, [NaN, 0])).toEqual([2]);
});

test('categories of the set go left, all others and missing ones right', () => {
  expect(predict(CATEGORICAL, [0, 0, 1, 0, 2, 0, 40, 0, 41, 0, 1e10, 0, -0.5, 0, -1, 0, NaN, 0])).toEqual([1, 1, 2, 1, 2, 2, 1, 2, 2]);
});

test('a tree without a split is its one leaf', () => {
  const lines = { num_leaves: '1', split_feature: '', threshold: '', decision_type: '', left_child: '', right_child: '', leaf_value: '4' };

  expect(predict(lines, [1, 1])).toEqual([4]);
});

test('a linear leaf is a function of the row, or its plain value where a feature is missing', () => {
  expect(predict(LINEAR, [0, 2, 0, NaN, 1, 0])).toEqual([16, 1, 20]);
});

// LightGBM writes inf where a split parts missing values from all others
test.each<[string, unknown[]]>([
  ['inf', [1, 1, 2]],
  ['-inf', [2, 2, 2]],
  ['1.7976931348623157e+308', [1, 2, 2]],
])('a threshold of %s parts the numbers up to it from all others', (threshold, expected) => {
  expect(predict({ threshold, decision_type: '8' }, [1e308, 0, Infinity, 0, NaN, 0])).toEqual(expected);
});

test('leaf values are answered as LightGBM writes them', () => {
  expect(predict({ leaf_value: 'inf -1e+308' }, [0, 0, 1, 0])).toEqual([Infinity, -1e308]);
  expect(predict({ leaf_value: 'nan -inf' }, [0, 0, 1, 0])).toEqual([NaN, -Infinity]);
});

test('numbers of a list may be parted by several spaces, as LightGBM reads them', () => {
  expect(predict({ leaf_value: '1  2' }, [0, 0, 1, 0])).toEqual([1, 2]);
});

test('without an objective the sums are the answer', () => {
  expect(predict({ objective: undefined }, [0, 0])).toEqual([1]);
});

test('the sigmoid and root of the objective are read', () => {
  expect(predict({ objective: 'binary sigmoid:2' }, [0, 0])).toEqual([1 / (1 + Math.exp(-2))]);
  expect(predict({ objective: 'regression sqrt', leaf_value: '-3 2' }, [0, 0])).toEqual([-9]);
});

test('predictType class answers class ids', () => {
  expect(predict({ objective: 'binary sigmoid:1', leaf_value: '-1 2' }, [0, 0, 1, 0], { predictType: 'class' })).toEqual([0n, 1n]);
});

test.each<[string, Lines, TreeOptions | undefined, string]>([
  ['an unknown objective', { objective: 'own' }, undefined, 'the objective own is not known'],
  ['an older version', { version: 'v2' }, undefined, "LightGBM's format v2 is not known; known are v3 and v4"],
  ['a list that is too short', { leaf_value: '1' }, undefined, "'leaf_value' of Tree=0 has 1 numbers, not 2"],
  ['a list that is too long', { threshold: '0.5 1' }, undefined, "'threshold' of Tree=0 has 2 numbers, not 1"],
  ['a list that is blank', { right_child: '' }, undefined, "'right_child' of Tree=0 has 0 numbers, not 1"],
  ['a list with a blank for a number', { num_leaves: '3', leaf_value: '1  2' }, undefined, "'leaf_value' of Tree=0 has 2 numbers, not 3"],
  ['more leaves than there is room for', { num_leaves: '99999999999' }, undefined, "'leaf_value' of Tree=0 has 2 numbers, not 99999999999"],
  ['a threshold that is a word', { threshold: 'half' }, undefined, "'threshold' of Tree=0 has \"half\" at 0 instead of a number"],
  ['a threshold named like a property', { threshold: 'constructor' }, undefined, "'threshold' of Tree=0 has \"constructor\" at 0 instead of a number"],
  ['a threshold of another base', { threshold: '0x5' }, undefined, "'threshold' of Tree=0 has \"0x5\" at 0 instead of a number"],
  ['a threshold of nan, which LightGBM never writes', { threshold: 'nan' }, undefined, "'threshold' of Tree=0 has NaN at 0 instead of a number"],
  ['a leaf that is a word', { leaf_value: '1 2a' }, undefined, "'leaf_value' of Tree=0 has \"2a\" at 1 instead of a number or nan"],
  ['a leaf that is none', { left_child: '-7' }, undefined, "'left_child' of Tree=0 has -7 at 0 instead of a whole number from -2 to 0"],
  ['a node that is none', { right_child: '1' }, undefined, "'right_child' of Tree=0 has 1 at 0 instead of a whole number from -2 to 0"],
  ['a child that is nan', { right_child: 'nan' }, undefined, "'right_child' of Tree=0 has NaN at 0 instead of a whole number"],
  ['a loop', { left_child: '0' }, undefined, 'tree 0 names node 0 more than once'],
  ['a leaf of two parents', { left_child: '-2' }, undefined, 'tree 0 names node -2 more than once'],
  ['a feature that is none', { split_feature: '2' }, undefined, "'split_feature' of Tree=0 has 2 at 0 instead of a whole number from 0 to 1"],
  ['a kind of split that is none', { decision_type: '12' }, undefined, "'decision_type' of Tree=0 has 12 at 0 instead of a whole number from 0 to 11"],
  ['a kind of split that is no whole number', { decision_type: '1.5' }, undefined, "'decision_type' of Tree=0 has 1.5 at 0"],
  ['categories that the tree lacks', { decision_type: '1', threshold: '0' }, undefined, "'threshold' of Tree=0 has 0 at 0, but the tree has 0 sets of categories"],
  ['categories of no whole number', { ...CATEGORICAL, threshold: '0.5' }, undefined, "'threshold' of Tree=0 has 0.5 at 0, but the tree has 1 sets of categories"],
  ['categories that end before they begin', { ...CATEGORICAL, num_cat: '2', cat_boundaries: '0 3 2' }, undefined, "'cat_boundaries' of Tree=0 has 2 at 2, which is below the 3 before it"],
  ['categories that do not begin at 0', { ...CATEGORICAL, cat_boundaries: '1 2' }, undefined, "'cat_boundaries' of Tree=0 has 1 at 0, but the first is 0"],
  ['too few category bounds', { ...CATEGORICAL, cat_boundaries: '0' }, undefined, "'cat_boundaries' of Tree=0 has 1 numbers, not 2"],
  ['a category bound that is a word', { ...CATEGORICAL, cat_boundaries: '0 x' }, undefined, "'cat_boundaries' of Tree=0 has \"x\" at 1"],
  ['too few words of categories', { ...CATEGORICAL, cat_threshold: '3' }, undefined, "'cat_threshold' of Tree=0 has 1 numbers, not 2"],
  ['a word of categories beyond 32 bits', { ...CATEGORICAL, cat_threshold: '3 4294967296' }, undefined, "'cat_threshold' of Tree=0 has 4294967296 at 1 instead of a whole number from 0 to 4294967295"],
  ['a linear leaf of a word', { ...LINEAR, leaf_const: '10 x' }, undefined, "'leaf_const' of Tree=0 has \"x\" at 1"],
  ['a linear leaf of a coefficient that is a word', { ...LINEAR, leaf_coeff: 'x' }, undefined, "'leaf_coeff' of Tree=0 has \"x\" at 0"],
  ['a linear leaf of too few coefficients', { ...LINEAR, leaf_coeff: '' }, undefined, "'leaf_coeff' of Tree=0 has 0 numbers, not 1"],
  ['a linear leaf of a feature that is none', { ...LINEAR, leaf_features: '0.5' }, undefined, "'leaf_features' of Tree=0 has 0.5 at 0 instead of a whole number from 0 to 1"],
  ['a linear leaf of a number of features that is none', { ...LINEAR, num_features: '2 -1' }, undefined, "'num_features' of Tree=0 has -1 at 1"],
  ['a tree that may be linear or not', { ...LINEAR, is_linear: 'x' }, undefined, "'is_linear' of Tree=0 is \"x\", not a whole number of 0 or more"],
  ['a blank number of features', { max_feature_idx: '' }, undefined, "'max_feature_idx' is \"\", not a whole number of 0 or more"],
  ['a blank number of trees in a round', { num_tree_per_iteration: '' }, undefined, "'num_tree_per_iteration' is \"\""],
  ['fewer trees than the file lists', { tree_sizes: '300 300' }, undefined, "it has 1 trees, but 'tree_sizes' lists 2"],
  ['a tree without leaves', { num_leaves: '0' }, undefined, 'Tree=0 has no leaves'],
  ['rounds that are not whole', { num_tree_per_iteration: '2' }, undefined, '1 trees are no whole rounds of 2'],
  ['a marker of missing values', {}, { missing: -1 }, 'missing is a setting of XGBoost models'],
  ['a sigmoid that is none', { objective: 'binary sigmoid:0' }, undefined, "the objective's sigmoid is 0"],
])('refuses %s', (_, lines, options, message) => {
  expect(() => loadTreeModel(lightgbmModel(lines), options)).toThrow(message);
});

test('refuses a file that was cut', () => {
  const whole = lightgbmModel();

  expect(() => loadTreeModel(whole.subarray(0, whole.length - 60))).toThrow("lacks the line 'end of trees'");
});
