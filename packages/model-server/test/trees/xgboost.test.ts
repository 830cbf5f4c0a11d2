import { STUMP, xgboostModel, XgboostParts } from './models';
import { loadTreeModel, TreeOptions } from '../../src/trees';

function predict(parts: XgboostParts, rows: readonly number[], options?: TreeOptions): unknown[] {
  const { data } = loadTreeModel(xgboostModel(parts), options).predict(Float32Array.from(rows), rows.length / 2, 2);
  return [...data];
}

/** A split on category 1 at node 0. */
const CATEGORICAL = { split_type: [1, 0, 0], categories: [1], categories_nodes: [0], categories_segments: [0], categories_sizes: [1] };

test('declares rows of float32 and one value for each', () => {
  const { inputs, outputs, kind, objective, featureNames } = loadTreeModel(xgboostModel());

  expect({ inputs, outputs, kind, objective, featureNames }).toMatchObject({
    inputs: [{ name: 'input-0', datatype: 'FP32', shape: [-1, 2] }],
    outputs: [{ name: 'output-0', datatype: 'FP32', shape: [-1] }],
    kind: 'xgboost',
    objective: 'reg:squarederror',
    featureNames: ['a', 'b'],
  });
});

test('sends a value less than the condition left, an equal one right, a missing one its default way', () => {
  expect(predict({}, [0.49999997, 0, 0.5, 0, NaN, 0, -Infinity, 0, Infinity, 0])).toEqual([1, 2, 1, 1, 2]);
  expect(predict({ tree: { default_left: [0, 0, 0] } }, [NaN, 0])).toEqual([2]);
  expect(predict({ tree: { default_left: [true, false, false] } }, [NaN, 0])).toEqual([1]);
});

test('compares in float32: a condition of more digits is rounded first', () => {
  const tree = { split_conditions: [0.1, 1, 2] };

  expect(predict({ tree }, [Math.fround(0.1), 0])).toEqual([2]);
});

test('a condition of zero parts negative values from both zeros', () => {
  const tree = { split_conditions: [0, 1, 2] };

  expect(predict({ tree }, [-1e-45, 0, -0, 0, 0, 0])).toEqual([1, 2, 2]);
});

test('the missing marker is missing beside NaN', () => {
  expect(predict({}, [7, 0, NaN, 0, 8, 0], { missing: 7 })).toEqual([1, 1, 2]);
});

test('categories of a node go right, all others and those that are none go left', () => {
  const tree = { split_type: [1, 0, 0], categories: [0, 1, 40], categories_nodes: [0], categories_segments: [0], categories_sizes: [3], default_left: [0, 0, 0] };

  const values = predict({ tree }, [0, 0, 1, 0, 1.9, 0, 40, 0, 41, 0, 5000, 0, -0.5, 0, NaN, 0]);

  expect(values).toEqual([2, 2, 2, 2, 1, 1, 1, 2]);
});

test.each<[string, string, unknown[]]>([
  // what is less than -Infinity is nothing, and all below Infinity is less than that
  ['-Infinity', '1,2', [2, 2, 2, 1]],
  ['Infinity', '1,2', [1, 1, 2, 1]],
  ['0.5', '-Infinity,Infinity', [-Infinity, Infinity, Infinity, -Infinity]],
])('numbers that are no JSON keep their value (condition %s, leaves %s)', (condition, leaves, expected) => {
  const text = Buffer.from(xgboostModel()).toString().replace('[0.5,1,2]', `[${condition}, ${leaves}]`);

  expect([...loadTreeModel(Buffer.from(text)).predict(Float32Array.of(-3e38, 0, 3e38, 0, Infinity, 0, NaN, 0), 4, 2).data]).toEqual(expected);
});

test('NaN is refused where a number must be, and else taken as XGBoost writes it', () => {
  const model = (tree: object): string => Buffer.from(xgboostModel({ tree: { ...tree, sum_hessian: ['NaN'] } as XgboostParts['tree'] })).toString().replaceAll('"NaN"', 'NaN');

  expect(loadTreeModel(Buffer.from(model({ ...CATEGORICAL, split_conditions: ['NaN', 1, 2] }))).predict(Float32Array.of(1, 0), 1, 2).data).toEqual(Float32Array.of(2));
  expect(() => loadTreeModel(Buffer.from(model({ split_conditions: [0.5, 'NaN', 2] })))).toThrow("'split_conditions' has null at 1 instead of a number");
});

test('base_score is a number or, since 3.1, a list in text', () => {
  expect(predict({ params: { base_score: '[2.5E-1]' } }, [0, 0])).toEqual([1.25]);
  expect(predict({ params: { base_score: '5E-1' } }, [0, 0])).toEqual([1.5]);
  expect(predict({ params: { base_score: '[5E-1,-2.5E+0]', num_target: '2' } }, [0, 0])).toEqual([1.5, -2.5]);
});

test.each<[string, TreeOptions['predictType'], unknown[]]>([
  ['binary:logistic', undefined, [Math.fround(1 / (1 + Math.exp(-1)))]],
  ['binary:logistic', 'raw', [1]],
  ['binary:logistic', 'class', [1n]],
  ['binary:hinge', undefined, [1]],
  ['count:poisson', undefined, [Math.fround(Math.E)]],
])('%s with predictType %s answers %p', (objective, predictType, expected) => {
  const score = { 'binary:logistic': '0.5', 'count:poisson': '1' }[objective] ?? '0';

  const values = predict({ objective, params: { base_score: score } }, [0, 0], { predictType });

  expect(values.map((value) => (typeof value === 'number' ? value.toFixed(6) : value)))
    .toEqual(expected.map((value) => (typeof value === 'number' ? value.toFixed(6) : value)));
});

test('predictType class answers one class id a row where there are several classes', () => {
  const model = loadTreeModel(xgboostModel({ objective: 'multi:softprob', params: { num_class: '3', base_score: '0' } }), { predictType: 'class' });

  expect(model.outputs).toEqual([{ name: 'output-0', datatype: 'INT64', shape: [-1] }]);
  expect(model.predict(Float32Array.of(0, 0), 1, 2)).toEqual({ data: BigInt64Array.of(0n), shape: [1] });
});

test.each<[string, XgboostParts, TreeOptions | undefined, string]>([
  ['an unknown objective', { objective: 'reg:own' }, undefined, 'the objective reg:own is not known'],
  ['an objective named like a property', { objective: 'constructor' }, undefined, 'the objective constructor is not known'],
  ['an unknown booster', { booster: { name: 'gbforest' } }, undefined, 'the booster gbforest is not known; known are gbtree, dart, gblinear'],
  ['classes of a regression', {}, { predictType: 'class' }, 'predictType is class, but the objective reg:squarederror has no classes'],
  ['a child that is no node', { tree: { left_children: [9, -1, -1] } }, undefined, 'a tree has 3 nodes, but names node 9'],
  ['a loop', { tree: { left_children: [0, -1, -1] } }, undefined, 'tree 0 names node 0 more than once'],
  ['a leaf of two parents', { tree: { left_children: [2, -1, -1] } }, undefined, 'tree 0 names node 2 more than once'],
  ['a feature that is none', { tree: { split_indices: [2, 0, 0] } }, undefined, 'tree 0 splits on feature 2, but the model has 2 features'],
  ['a base_score that is none', { params: { base_score: 'half' } }, undefined, 'base_score is "half"'],
  ['a blank base_score', { params: { base_score: '' } }, undefined, 'base_score is "", not 1 numbers'],
  ['an empty list of base scores', { params: { base_score: '[]' } }, undefined, 'base_score is "[]", not 1 numbers'],
  ['a base_score that is null', { params: { base_score: null } }, undefined, 'base_score is null, not 1 numbers'],
  ['a blank in a list of base scores', { params: { base_score: '[1E0, ]', num_target: '2' } }, undefined, 'base_score is "[1E0, ]", not 2 numbers'],
  ['a blank number of features', { params: { num_feature: ' ' } }, undefined, "'num_feature' is \" \", not a whole number of 0 or more"],
  ['a blank number of classes', { params: { num_class: '' } }, undefined, "'num_class' is \"\", not a whole number of 0 or more"],
  ['a number of targets that is null', { params: { num_target: null } }, undefined, "'num_target' is null, not a whole number of 0 or more"],
  ['a number of features of another base', { params: { num_feature: '0x2' } }, undefined, "'num_feature' is \"0x2\""],
  ['a part that is missing', { tree: { left_children: undefined } }, undefined, "'left_children' is missing"],
  ['a wrong number of linear weights', { booster: { name: 'gblinear', model: { weights: [1] } } }, undefined, 'the linear booster has 1 weights'],
  ['a leaf of no value', { tree: { split_conditions: [0.5, null, 2] } }, undefined, "'split_conditions' has null at 1 instead of a number"],
  ['a condition that is text', { tree: { split_conditions: ['0.5', 1, 2] } }, undefined, "'split_conditions' has \"0.5\" at 0 instead of a number"],
  ['too few conditions', { tree: { split_conditions: [0.5, 1] } }, undefined, "'split_conditions' has only 2 numbers, not one at 2"],
  ['a child that is null', { tree: { right_children: [null, -1, -1] } }, undefined, "'right_children' has null at 0"],
  ['too few default ways', { tree: { default_left: [] } }, undefined, "'default_left' has only 0 numbers, not one at 0"],
  ['a kind of split that is null', { tree: { split_type: [null, 0, 0] } }, undefined, "'split_type' has null at 0"],
  ['a category that is null', { tree: { ...CATEGORICAL, categories: [null] } }, undefined, "'categories' has null at 0"],
  ['too few categories', { tree: { ...CATEGORICAL, categories_sizes: [2] } }, undefined, "'categories' has only 1 numbers, not one at 1"],
  ['categories of a node without their number', { tree: { ...CATEGORICAL, categories_sizes: [] } }, undefined, "'categories_sizes' has only 0 numbers, not one at 0"],
  ['vector leaves of too few values', { params: { num_target: '2' }, tree: { tree_param: { size_leaf_vector: '2' }, base_weights: [0, 0, 1, 1, 2] } }, undefined, "'base_weights' has only 5 numbers, not one at 5"],
  ['a linear weight that is null', { booster: { name: 'gblinear', model: { weights: [1, null, 3] } } }, undefined, "'weights' has null at 1"],
  ['a weight of a dropped tree that is null', { booster: { name: 'dart', gbtree: { model: { trees: [STUMP], tree_info: [0] } }, weight_drop: [null] } }, undefined, "'weight_drop' has null at 0"],
])('refuses %s', (_, parts, options, message) => {
  expect(() => loadTreeModel(xgboostModel(parts), options)).toThrow(message);
});

test('refuses rows of another width', () => {
  expect(() => loadTreeModel(xgboostModel()).predict(new Float32Array(3), 1, 3)).toThrow('the model has 2 features, but each row has 3 values');
});

test('an empty batch has an empty answer', () => {
  expect(loadTreeModel(xgboostModel()).predict(new Float32Array(0), 0, 2)).toEqual({ data: new Float32Array(0), shape: [0] });
});
