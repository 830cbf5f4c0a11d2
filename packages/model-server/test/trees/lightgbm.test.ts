import { lightgbmModel } from './models';
import { loadTreeModel, TreeOptions } from '../../src/trees';

type Lines = Parameters<typeof lightgbmModel>[0];

function predict(lines: Lines, rows: readonly number[], options?: TreeOptions): unknown[] {
  const { data } = loadTreeModel(lightgbmModel(lines), options).predict(Float64Array.from(rows), rows.length / 2, 2);
  return [...data];
}

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
  const lines = { num_cat: '1', decision_type: '1', threshold: '0', cat_boundaries: '0 2', cat_threshold: '3 256' };

  expect(predict(lines, [0, 0, 1, 0, 2, 0, 40, 0, 41, 0, 1e10, 0, -0.5, 0, -1, 0, NaN, 0])).toEqual([1, 1, 2, 1, 2, 2, 1, 2, 2]);
});

test('a tree without a split is its one leaf', () => {
  const lines = { num_leaves: '1', split_feature: '', threshold: '', decision_type: '', left_child: '', right_child: '', leaf_value: '4' };

  expect(predict(lines, [1, 1])).toEqual([4]);
});

test('a linear leaf is a function of the row, or its plain value where a feature is missing', () => {
  const lines = { is_linear: '1', leaf_const: '10 20', num_features: '1 0', leaf_features: '1', leaf_coeff: '3' };

  expect(predict(lines, [0, 2, 0, NaN, 1, 0])).toEqual([16, 1, 20]);
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
  ['a list that is too short', { leaf_value: '1' }, undefined, "'leaf_value' of Tree=0 has 1 values, not 2"],
  ['a leaf that is none', { left_child: '-7' }, undefined, 'the leaf at node -7 has no 1 values'],
  ['a loop', { left_child: '0' }, undefined, 'more nodes than it says, or a loop'],
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
