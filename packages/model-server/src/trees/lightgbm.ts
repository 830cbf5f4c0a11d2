import { CategoryTable, tableOf } from './categories';
import { ForestBuilder, SourceNode } from './forest';
import { readObjective } from './lightgbm-objectives';
import { Ensemble, Rows, TreeModel, treeModel, TreeOptions } from './model';

type Fields = ReadonlyMap<string, string>;

const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
/** What a split takes for missing, in bits 2 and 3 of its type. */
const MISSING = { NONE: 0, ZERO: 1, NAN: 2 } as const;

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
    throw new Error("not a whole LightGBM model: it lacks the line 'end of trees'; save it again with booster.save_model('model.txt')");
  }
  return found;
}

function count(fields: Fields, key: string, fallback?: number): number {
  const text = fields.get(key);
  const value = text === undefined ? fallback : Number(text);
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
    throw new Error(`not a whole LightGBM model: '${key}' is ${JSON.stringify(text)}, not a number of 0 or more`);
  }
  return value;
}

function numbers(fields: Fields, key: string, length: number): Float64Array {
  const text = fields.get(key) ?? '';
  const values = Float64Array.from(text === '' ? [] : text.split(' '), Number);
  if (values.length !== length) {
    throw new Error(`not a whole LightGBM model: '${key}' of Tree=${fields.get('Tree')} has ${values.length} values, not ${length}`);
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

/** Reads the nodes of a tree; leaves are numbered below zero. */
function nodesOf(tree: Fields, leaves: number): (node: number) => SourceNode {
  const splits = leaves - 1;
  const values = numbers(tree, 'leaf_value', leaves);
  const setCount = count(tree, 'num_cat', 0);
  const features = numbers(tree, 'split_feature', splits);
  const thresholds = numbers(tree, 'threshold', splits);
  const types = numbers(tree, 'decision_type', splits);
  const left = numbers(tree, 'left_child', splits);
  const right = numbers(tree, 'right_child', splits);
  const starts = setCount === 0 ? new Float64Array(1) : numbers(tree, 'cat_boundaries', setCount + 1);
  const sets = numbers(tree, 'cat_threshold', starts[setCount]!);
  return (node) => {
    if (node < 0) {
      return { values: [values[~node]!] };
    }
    const threshold = thresholds[node]!;
    const type = types[node]!;
    const common = { feature: features[node]!, threshold, first: left[node]!, second: right[node]! };
    if ((type & CATEGORICAL) !== 0) {
      return { ...common, missingFirst: false, categories: sets.subarray(starts[threshold]!, starts[threshold + 1]!) };
    }
    const missing = type >> 2 & 3;
    // where nothing is missing, NaN is taken for 0
    return { ...common, missingFirst: missing === MISSING.NONE ? threshold >= 0 : (type & DEFAULT_LEFT) !== 0, zeroIsMissing: missing === MISSING.ZERO };
  };
}

const words = (text: string | undefined): number[] => (text ?? '').split(/\s+/).filter((word) => word !== '').map(Number);

/** The linear leaves of a tree; one whose tree is not linear, or that has no features, is its value. */
function linearLeaves(tree: Fields, leaves: number, width: number): LinearLeaf[] {
  const values = numbers(tree, 'leaf_value', leaves);
  if (tree.get('is_linear') !== '1') {
    return Array.from(values, (value) => ({ value, constant: value, features: [], coefficients: [] }));
  }
  const constants = numbers(tree, 'leaf_const', leaves);
  const sizes = numbers(tree, 'num_features', leaves);
  const features = words(tree.get('leaf_features'));
  const coefficients = words(tree.get('leaf_coeff'));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (features.length !== total || coefficients.length !== total || features.some((feature) => !(feature >= 0 && feature < width))) {
    throw new Error(`not a whole LightGBM model: the linear leaves of Tree=${tree.get('Tree')} do not have ${total} features and coefficients`);
  }
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
      throw new Error(`not a whole LightGBM model: Tree=${tree.get('Tree')} has no leaves`);
    }
    return size;
  });
  const builder = new ForestBuilder({ features, groups, leafWidth: 1, nodes: leaves.reduce((sum, size) => sum + 2 * size - 1, 0), cutsCategories: true });
  const linear: LinearLeaf[] | undefined = trees.some((tree) => tree.get('is_linear') === '1') ? [] : undefined;
  trees.forEach((tree, i) => {
    const size = leaves[i]!;
    const first = linear?.length ?? 0;
    linear?.push(...linearLeaves(tree, size, features));
    const read = nodesOf(tree, size);
    builder.add(i % groups, size === 1 ? -1 : 0, 2 * size - 1, (node) => (node < 0 && linear !== undefined ? { values: [first + ~node] } : read(node)));
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
  if (trees.length % groups !== 0) {
    throw new Error(`not a whole LightGBM model: ${trees.length} trees are no whole rounds of ${groups}`);
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
