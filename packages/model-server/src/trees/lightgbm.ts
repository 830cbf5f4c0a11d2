import { CategoryTable, tableOf } from './categories';
import { ForestBuilder, SourceNode } from './forest';
import { readObjective } from './lightgbm-objectives';
import { Ensemble, Rows, TreeModel, treeModel, TreeOptions } from './model';
import { broken, countOf, decimal, NUMBER, NUMBER_OR_NAN, NumberKind, wholeNumber, wrongNumber } from './numbers';

type Fields = ReadonlyMap<string, string>;

const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
/** What a split takes for missing, in bits 2 and 3 of its type. */
const MISSING = { NONE: 0, ZERO: 1, NAN: 2 } as const;

/** Every type of a split: these two bits beside one of MISSING. */
const TYPES = wholeNumber(0, MISSING.NAN << 2 | DEFAULT_LEFT | CATEGORICAL);
const UINT32 = wholeNumber(0, 2 ** 32 - 1);

/** Sections of `key=value` lines: the header, then one for each tree. */
function sections(text: string): Fields[] {
  const found: Map<string, string>[] = [new Map()];
  let complete = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('end of trees')) {
      complete = true;
      break;
    }
    if (line.startsWith('Tree=')) {
      found.push(new Map());
    }
    const split = line.indexOf('=');
    found.at(-1)!.set(split === -1 ? line.trim() : line.slice(0, split), split === -1 ? '' : line.slice(split + 1).trim());
  }
  if (!complete) {
    throw broken('LightGBM', "it lacks the line 'end of trees'");
  }
  return found;
}

/** What an error calls a line of the header or a tree. */
const nameOf = (fields: Fields, key: string): string => `'${key}'${fields.has('Tree') ? ` of Tree=${fields.get('Tree')}` : ''}`;

function count(fields: Fields, key: string, fallback?: number): number {
  return countOf('LightGBM', nameOf(fields, key), fields.get(key), fallback);
}

/** Words that LightGBM writes for what are no decimal numbers. */
const WORDS: ReadonlyMap<string, number> = new Map([['inf', Infinity], ['-inf', -Infinity], ['nan', NaN], ['-nan', NaN]]);

const wordsOf = (text = ''): string[] => text.split(' ').filter((word) => word !== '');

/** A list of a tree. */
function numbers(tree: Fields, key: string, length: number, { what, holds }: NumberKind): Float64Array {
  const words = wordsOf(tree.get(key));
  if (words.length !== length) {
    throw broken('LightGBM', `${nameOf(tree, key)} has ${words.length} numbers, not ${length}`);
  }
  const values = new Float64Array(length);
  for (let at = 0; at < length; at++) {
    const value = decimal(words[at]!) ?? WORDS.get(words[at]!);
    if (value === undefined || !holds(value)) {
      throw wrongNumber('LightGBM', nameOf(tree, key), at, value ?? words[at], what);
    }
    values[at] = value;
  }
  return values;
}

/** A leaf that is a linear function of the row. */
interface LinearLeaf {
  readonly value: number;
  readonly constant: number;
  readonly features: readonly number[];
  readonly coefficients: readonly number[];
}

/** Where each set of categories begins, and the last ends. */
function boundariesOf(tree: Fields, sets: number): Float64Array {
  if (sets === 0) {
    return new Float64Array(1);
  }
  const boundaries = numbers(tree, 'cat_boundaries', sets + 1, UINT32);
  if (boundaries[0] !== 0) {
    throw broken('LightGBM', `${nameOf(tree, 'cat_boundaries')} has ${boundaries[0]} at 0, but the first is 0`);
  }
  const at = boundaries.findIndex((end, i) => i > 0 && end < boundaries[i - 1]!);
  if (at !== -1) {
    throw broken('LightGBM', `${nameOf(tree, 'cat_boundaries')} has ${boundaries[at]} at ${at}, which is below the ${boundaries[at - 1]} before it`);
  }
  return boundaries;
}

/** Reads the nodes of a tree of some features; leaves are numbered below zero. */
function nodesOf(tree: Fields, values: Float64Array, width: number): (node: number) => SourceNode {
  const splits = values.length - 1;
  const setCount = count(tree, 'num_cat', 0);
  const features = numbers(tree, 'split_feature', splits, wholeNumber(0, width - 1));
  const thresholds = numbers(tree, 'threshold', splits, NUMBER);
  const types = numbers(tree, 'decision_type', splits, TYPES);
  const children = wholeNumber(-values.length, splits - 1);
  const left = numbers(tree, 'left_child', splits, children);
  const right = numbers(tree, 'right_child', splits, children);
  const starts = boundariesOf(tree, setCount);
  const sets = numbers(tree, 'cat_threshold', starts[setCount]!, UINT32);
  return (node) => {
    if (node < 0) {
      return { values: [values[~node]!] };
    }
    const threshold = thresholds[node]!;
    const type = types[node]!;
    const common = { feature: features[node]!, threshold, first: left[node]!, second: right[node]! };
    if ((type & CATEGORICAL) !== 0) {
      if (!(Number.isInteger(threshold) && threshold >= 0 && threshold < setCount)) {
        throw broken('LightGBM', `${nameOf(tree, 'threshold')} has ${threshold} at ${node}, but the tree has ${setCount} sets of categories`);
      }
      return { ...common, missingFirst: false, categories: sets.subarray(starts[threshold]!, starts[threshold + 1]!) };
    }
    const missing = type >> 2 & 3;
    // where nothing is missing, NaN is taken for 0
    return { ...common, missingFirst: missing === MISSING.NONE ? threshold >= 0 : (type & DEFAULT_LEFT) !== 0, zeroIsMissing: missing === MISSING.ZERO };
  };
}

const isLinear = (tree: Fields): boolean => count(tree, 'is_linear', 0) !== 0;

/** The linear leaves of a tree; one whose tree is not linear, or that has no features, is its value. */
function linearLeaves(tree: Fields, values: Float64Array, width: number): LinearLeaf[] {
  if (!isLinear(tree)) {
    return Array.from(values, (value) => ({ value, constant: value, features: [], coefficients: [] }));
  }
  const constants = numbers(tree, 'leaf_const', values.length, NUMBER_OR_NAN);
  const sizes = numbers(tree, 'num_features', values.length, wholeNumber(0, width));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const features = Array.from(numbers(tree, 'leaf_features', total, wholeNumber(0, width - 1)));
  const coefficients = Array.from(numbers(tree, 'leaf_coeff', total, NUMBER_OR_NAN));
  let at = 0;
  return Array.from(constants, (constant, i) => {
    const start = at;
    at += sizes[i]!;
    return { value: values[i]!, constant, features: features.slice(start, at), coefficients: coefficients.slice(start, at) };
  });
}

/** The leaf's function of a row; a missing value leaves only the plain value. */
function linearValue(leaf: LinearLeaf, rows: Rows, at: number): number {
  let sum = leaf.constant;
  for (let i = 0; i < leaf.features.length; i++) {
    const value = rows[at + leaf.features[i]!]!;
    if (value !== value) {
      return leaf.value;
    }
    sum += leaf.coefficients[i]! * value;
  }
  return sum;
}

function readTrees(trees: readonly Fields[], features: number, groups: number): Ensemble {
  const leaves = trees.map((tree) => {
    const size = count(tree, 'num_leaves');
    if (size === 0) {
      throw broken('LightGBM', `Tree=${tree.get('Tree')} has no leaves`);
    }
    return numbers(tree, 'leaf_value', size, NUMBER_OR_NAN);
  });
  const builder = new ForestBuilder({ features, groups, leafWidth: 1, nodes: leaves.reduce((sum, { length }) => sum + 2 * length - 1, 0), cutsCategories: true });
  const linear: LinearLeaf[] | undefined = trees.some(isLinear) ? [] : undefined;
  trees.forEach((tree, i) => {
    const values = leaves[i]!;
    const first = linear?.length ?? 0;
    linear?.push(...linearLeaves(tree, values, features));
    const read = nodesOf(tree, values, features);
    builder.add(i % groups, values.length === 1 ? -1 : 0, (node) => (node < 0 && linear !== undefined ? { values: [first + ~node] } : read(node)));
  });
  const forest = builder.build();
  if (linear === undefined) {
    return forest;
  }
  return {
    addTo(sums, rows, rowCount) {
      for (let row = 0; row < rowCount; row++) {
        forest.visit(rows, row, (group, leaf) => { sums[row * groups + group]! += linearValue(linear[leaf]!, rows, row * features); });
      }
    },
  };
}

/** Names of categories, which the Python package writes behind the model for the categorical columns of a data frame, in their order. */
function tablesOf(text: string, header: Fields, features: number): CategoryTable[] | undefined {
  const line = /^pandas_categorical:(\[.*\])\s*$/m.exec(text)?.[1];
  const stored = line === undefined ? [] : JSON.parse(line) as (string | number)[][];
  const kinds = header.get('feature_infos')?.split(' ') ?? [];
  // a categorical feature lists its codes, a number tells its range
  const categorical = kinds.flatMap((kind, i) => (/^-?\d+(:-?\d+)*$/.test(kind) ? [i] : []));
  // where other features were declared categorical by hand, whose table is whose cannot be told
  if (stored.length === 0 || kinds.length !== features || categorical.length !== stored.length) {
    return undefined;
  }
  return kinds.map((_, i) => (categorical.includes(i) ? tableOf(stored[categorical.indexOf(i)]!) : undefined));
}

/** Loads a model that LightGBM saved as text. */
export function loadLightgbm(bytes: Uint8Array, options: TreeOptions): TreeModel {
  if (options.missing !== undefined) {
    throw new Error('missing is a setting of XGBoost models; a LightGBM file says itself what is missing');
  }
  const text = Buffer.prototype.utf8Slice.call(bytes, 0, bytes.length);
  const [header, ...trees] = sections(text) as [Fields, ...Fields[]];
  const version = header.get('version');
  if (version !== 'v3' && version !== 'v4') {
    throw new Error(`LightGBM's format ${version ?? 'without a version'} is not known; known are v3 and v4: load it with a LightGBM of version 3 or 4 and save it again`);
  }
  const features = count(header, 'max_feature_idx') + 1;
  const groups = Math.max(1, count(header, 'num_tree_per_iteration', 1));
  const listed = header.has('tree_sizes') ? wordsOf(header.get('tree_sizes')).length : trees.length;
  if (listed !== trees.length) {
    throw broken('LightGBM', `it has ${trees.length} trees, but 'tree_sizes' lists ${listed}`);
  }
  if (trees.length % groups !== 0) {
    throw broken('LightGBM', `${trees.length} trees are no whole rounds of ${groups}`);
  }
  return treeModel({
    kind: 'lightgbm',
    objective: readObjective(header.get('objective')),
    features,
    featureNames: header.get('feature_names')?.split(' '),
    groups,
    datatype: 'FP64',
    ensemble: readTrees(trees, features, groups),
    // a random forest answers the mean
    divisor: header.has('average_output') ? trees.length / groups : 1,
    categories: tablesOf(text, header, features),
    unseen: 'missing',
  }, options);
}
