import { CategoryTable, tableOf } from './categories';
import { float32Below, Forest, ForestBuilder, SourceNode } from './forest';
import { Ensemble, TreeModel, treeModel, TreeOptions } from './model';
import { broken, countOf, decimal, NUMBER, wrongNumber } from './numbers';
import { parseUbjson } from './ubjson';
import { XGBOOST_OBJECTIVES } from './xgboost-objectives';

type Json = { readonly [key: string]: unknown };
type Numbers = ArrayLike<number>;

const f = Math.fround;

function part(parent: Json, key: string): Json {
  const value = parent[key];
  if (typeof value !== 'object' || value === null) {
    throw broken('XGBoost', `'${key}' is missing`);
  }
  return value as Json;
}

function list(parent: Json, key: string): Numbers {
  const value = part(parent, key);
  if (typeof value.length !== 'number') {
    throw broken('XGBoost', `'${key}' is no list`);
  }
  return value as unknown as Numbers;
}

function optionalList(parent: Json, key: string): Numbers {
  return parent[key] === undefined ? [] : list(parent, key);
}

/** Reads the numbers of a list, which may hold other things or be too short. */
function numbersOf(parent: Json, key: string): (at: number) => number {
  const values = list(parent, key);
  return (at) => {
    const value: unknown = values[at];
    if (typeof value !== 'number' || !NUMBER.holds(value)) {
      throw at < values.length ? wrongNumber('XGBoost', `'${key}'`, at, value) : broken('XGBoost', `'${key}' has only ${values.length} numbers, not one at ${at}`);
    }
    return value;
  };
}

/** A list of nothing but numbers. */
function numbers(parent: Json, key: string): number[] {
  const { length } = list(parent, key);
  const numberAt = numbersOf(parent, key);
  return Array.from({ length }, (_, at) => numberAt(at));
}

function count(parent: Json, key: string, fallback?: number): number {
  return countOf('XGBoost', `'${key}'`, parent[key], fallback);
}

/** Reads the nodes of one tree. */
function nodesOf(tree: Json, leafWidth: number, scale: number): (node: number) => SourceNode {
  const size = list(tree, 'left_children').length;
  const left = numbersOf(tree, 'left_children');
  const right = numbersOf(tree, 'right_children');
  const features = numbersOf(tree, 'split_indices');
  const conditions = numbersOf(tree, 'split_conditions');
  // old releases wrote booleans
  const ways = Array.from(list(tree, 'default_left') as ArrayLike<unknown>, (way) => (typeof way === 'boolean' ? Number(way) : way));
  const defaultLeft = numbersOf({ default_left: ways }, 'default_left');
  const types = optionalList(tree, 'split_type').length === 0 ? () => 0 : numbersOf(tree, 'split_type');
  const weights = leafWidth === 1 ? conditions : numbersOf(tree, 'leaf_weights' in tree ? 'leaf_weights' : 'base_weights');
  const categories = categoriesOf(tree);
  return (node) => {
    if (!(node >= 0 && node < size)) {
      throw new Error(`a tree has ${size} nodes, but names node ${node}`);
    }
    if (left(node) === -1) {
      const start = leafWidth === 1 ? node : leafStart(tree, node, right(node), leafWidth);
      return { values: Array.from({ length: leafWidth }, (_, k) => f(f(weights(start + k)) * scale)) };
    }
    const goesLeft = defaultLeft(node) !== 0;
    const common = { feature: features(node), threshold: 0 };
    if (types(node) === 1) {
      // the categories of a node go right
      return { ...common, first: right(node), second: left(node), missingFirst: !goesLeft, categories: categories.get(node) ?? [] };
    }
    // values less than the condition go left
    return { ...common, threshold: float32Below(conditions(node)), first: left(node), second: right(node), missingFirst: goesLeft };
  };
}

/** Where the values of a vector leaf begin: by leaf where leaves have a list of their own, else by node. */
function leafStart(tree: Json, node: number, leaf: number, width: number): number {
  return ('leaf_weights' in tree ? leaf : node) * width;
}

/** Bit sets of categories by node. */
function categoriesOf(tree: Json): Map<number, number[]> {
  const sets = new Map<number, number[]>();
  const { length } = optionalList(tree, 'categories_nodes');
  if (length === 0) {
    return sets;
  }
  const nodes = numbersOf(tree, 'categories_nodes');
  const starts = numbersOf(tree, 'categories_segments');
  const sizes = numbersOf(tree, 'categories_sizes');
  const categories = numbersOf(tree, 'categories');
  for (let i = 0; i < length; i++) {
    const words: number[] = [];
    const end = starts(i) + sizes(i);
    for (let at = starts(i); at < end; at++) {
      const category = categories(at);
      if (!(category >= 0 && category < 1 << 24)) {
        throw new Error(`a tree has the category ${category}, which is none`);
      }
      while (words.length <= category >> 5) {
        words.push(0);
      }
      words[category >> 5]! |= 1 << (category & 31);
    }
    sets.set(nodes(i), words);
  }
  return sets;
}

function readTrees(model: Json, features: number, groups: number, weights: ((tree: number) => number) | undefined): Forest {
  const trees = list(model, 'trees') as unknown as Json[];
  const info = numbersOf(model, 'tree_info');
  const leafWidth = trees.length === 0 ? 1 : Math.max(1, count(part(trees[0]!, 'tree_param'), 'size_leaf_vector', 1));
  if (leafWidth > 1 && leafWidth !== groups) {
    throw new Error(`the leaves have ${leafWidth} values, but the model has ${groups} outputs`);
  }
  const sizes = trees.map((tree) => list(tree, 'left_children').length);
  const nodes = sizes.reduce((sum, size) => sum + size, 0);
  const builder = new ForestBuilder({ features, groups, leafWidth, nodes, cutsCategories: false });
  for (let i = 0; i < trees.length; i++) {
    builder.add(leafWidth > 1 ? 0 : info(i), 0, nodesOf(trees[i]!, leafWidth, f(weights?.(i) ?? 1)));
  }
  return builder.build();
}

/** A linear booster: a weight for each feature and output, then the biases. */
function readLinear(model: Json, features: number, groups: number): Ensemble {
  const weights = Float32Array.from(numbers(model, 'weights'));
  if (weights.length !== (features + 1) * groups) {
    throw new Error(`the linear booster has ${weights.length} weights, but ${features} features and ${groups} outputs need ${(features + 1) * groups}`);
  }
  return {
    addTo(sums, rows, rowCount) {
      for (let row = 0; row < rowCount; row++) {
        // every output starts from the first base score, as XGBoost's linear booster does
        const base = sums[row * groups]!;
        for (let k = 0; k < groups; k++) {
          let sum = f(weights[features * groups + k]! + base);
          for (let j = 0; j < features; j++) {
            const value = rows[row * features + j]!;
            if (value === value) {
              sum = f(sum + f(value * weights[j * groups + k]!));
            }
          }
          sums[row * groups + k] = sum;
        }
      }
    },
  };
}

const BOOSTERS: { readonly [name: string]: (booster: Json, features: number, groups: number) => Ensemble } = {
  gbtree: (booster, features, groups) => readTrees(part(booster, 'model'), features, groups, undefined),
  dart: (booster, features, groups) => readTrees(part(part(booster, 'gbtree'), 'model'), features, groups, numbersOf(booster, 'weight_drop')),
  gblinear: (booster, features, groups) => readLinear(part(booster, 'model'), features, groups),
};

/** `base_score` as margins, one for each output: a number, or since 3.1 a list in text. */
function baseMargins(params: Json, groups: number, margin: (score: number) => number): number[] {
  const text = String(params.base_score).replace(/^\[|\]$/g, '');
  const scores = text.split(',').map((score) => decimal(score.trim()));
  if (scores.includes(undefined) || (scores.length !== 1 && scores.length !== groups)) {
    throw broken('XGBoost', `base_score is ${JSON.stringify(params.base_score)}, not ${groups} numbers`);
  }
  return scores.map((score) => margin(f(score!)));
}

/** Names of categories, which models trained on data frames store since 3.1. */
function tablesOf(booster: Json, features: number): CategoryTable[] | undefined {
  const holder = (booster.gbtree ?? booster) as Json;
  const encodings = ((holder.model as Json | undefined)?.cats as Json | undefined)?.enc as readonly Json[] | undefined;
  if (encodings === undefined || encodings.length !== features || encodings.every((encoding) => list(encoding, 'values').length === 0)) {
    return undefined;
  }
  return encodings.map((encoding) => {
    if (list(encoding, 'values').length === 0) {
      return undefined;
    }
    if (encoding.type !== undefined) {
      return tableOf(numbers(encoding, 'values'));
    }
    const offsets = numbers(encoding, 'offsets');
    const text = Buffer.from(numbers(encoding, 'values').map((byte) => byte & 0xff));
    return tableOf(offsets.slice(1).map((end, i) => text.toString('utf8', offsets[i], end)));
  });
}

function parse(bytes: Uint8Array): Json {
  // JSON goes on with a quote or space; UBJSON with the type of a key's length
  const second = bytes[1];
  if (second !== 0x22 && second !== 0x20 && second !== 0x0a && second !== 0x0d && second !== 0x09) {
    return parseUbjson(bytes) as Json;
  }
  const text = Buffer.prototype.utf8Slice.call(bytes, 0, bytes.length);
  try {
    return JSON.parse(text) as Json;
  } catch {
    // conditions and statistics of a node may be no JSON numbers; 1e999 is one, which is read as infinity
    return JSON.parse(text.replace(/([[,:]\s*-?)(?:Infinity|inf)(?=\s*[,\]}])/g, '$11e999').replace(/([[,:]\s*)-?(?:NaN|nan)(?=\s*[,\]}])/g, '$1null')) as Json;
  }
}

/** Loads a model that XGBoost saved as JSON or UBJSON. */
export function loadXgboost(bytes: Uint8Array, options: TreeOptions): TreeModel {
  const learner = part(parse(bytes), 'learner');
  const params = part(learner, 'learner_model_param');
  const booster = part(learner, 'gradient_booster');
  const name = String(part(learner, 'objective').name);
  const known = XGBOOST_OBJECTIVES[name];
  if (known === undefined || !Object.hasOwn(XGBOOST_OBJECTIVES, name)) {
    throw new Error(`the objective ${name} is not known, so what it makes of the trees' sums is not either; known are ${Object.keys(XGBOOST_OBJECTIVES).join(', ')}`);
  }
  const features = count(params, 'num_feature');
  const groups = Math.max(1, count(params, 'num_class', 0), count(params, 'num_target', 1));
  const read = BOOSTERS[String(booster.name)];
  if (read === undefined) {
    throw new Error(`the booster ${String(booster.name)} is not known; known are ${Object.keys(BOOSTERS).join(', ')}`);
  }
  const names = optionalList(learner, 'feature_names') as unknown as string[];
  return treeModel({
    kind: 'xgboost',
    objective: { name, ...known },
    features,
    featureNames: names,
    groups,
    datatype: 'FP32',
    ensemble: read(booster, features, groups),
    base: baseMargins(params, groups, known.margin ?? ((score) => score)),
    missing: options.missing === undefined || Number.isNaN(options.missing) ? undefined : f(options.missing),
    categories: tablesOf(booster, features),
    unseen: 'error',
  }, options);
}
