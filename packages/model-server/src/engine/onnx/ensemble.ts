import { Attribute, attributesOf } from './attributes';
import { inputsOf, labelsOf, Node, outputsOf, readNode, readValue } from './graph';
import { readFields } from '../../protobuf/fields';
import { float32Below, Forest, ForestBuilder, SourceNode } from '../../trees/forest';

/** What becomes of a row's scores, in place. */
type Transform = (scores: Float32Array, at: number, width: number) => void;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** What a tree ensemble may do with its scores at last. */
const TRANSFORMS: { readonly [name: string]: Transform } = {
  NONE: () => undefined,
  LOGISTIC(scores, at, width) {
    for (let k = at; k < at + width; k++) {
      scores[k] = sigmoid(scores[k]!);
    }
  },
  SOFTMAX(scores, at, width) {
    let most = -Infinity;
    for (let k = at; k < at + width; k++) {
      most = Math.max(most, scores[k]!);
    }
    let sum = 0;
    for (let k = at; k < at + width; k++) {
      scores[k] = Math.exp(scores[k]! - most);
      sum += scores[k]!;
    }
    for (let k = at; k < at + width; k++) {
      scores[k]! /= sum;
    }
  },
};

/** How a mode is told by `value <= threshold`: of the next smaller threshold, with the children changed over, or both. */
const MODES: { readonly [mode: string]: { readonly below: boolean; readonly swap: boolean } } = {
  BRANCH_LEQ: { below: false, swap: false },
  BRANCH_LT: { below: true, swap: false },
  BRANCH_GT: { below: false, swap: true },
  BRANCH_GTE: { below: true, swap: true },
};

/** A graph that is one tree ensemble, ready to evaluate. */
export interface Ensemble {
  readonly forest: Forest;
  readonly features: number;
  /** Scores that a row has: classes or targets. */
  readonly width: number;
  /** The graph's outputs: the label of a classifier, if it is one, and the scores. */
  readonly labelOutput?: string;
  readonly scoreOutput: string;
  readonly labels?: readonly string[];
  readonly textLabels: boolean;
  /** Makes scores of sums, in place, and gives each row's class. */
  finish(scores: Float32Array, rows: number): Int32Array;
}

const refuse = (reason: string): Error => new Error(`engine is trees, but ${reason}; leave engine out, so that ONNX Runtime serves the model`);

/** The one ensemble of a graph, and where its outputs lead. */
function soleEnsemble(graph: readonly ReturnType<typeof readFields>[number][]): { readonly node: Node; readonly outputs: readonly (string | undefined)[] } {
  const nodes = graph.filter(({ no }) => no === 1).map(({ value }) => readNode(value as Uint8Array));
  const found = nodes.filter(({ op }) => op === 'TreeEnsembleClassifier' || op === 'TreeEnsembleRegressor');
  const others = nodes.filter((node) => !found.includes(node) && !['ZipMap', 'Identity', 'Cast'].includes(node.op));
  const [node] = found;
  if (node === undefined || found.length > 1 || others.length > 0) {
    throw refuse(`the graph is not one tree ensemble: it has ${[...new Set(nodes.map(({ op }) => op))].join(', ')}`);
  }
  const inputs = graph.filter(({ no }) => no === 11).map(({ value }) => readValue(value as Uint8Array));
  const input = inputs.find(({ name }) => name === inputsOf(node.fields)[0]);
  if (input?.elemType !== 1 || inputs.length !== 1) {
    throw refuse('its input is not the graph\'s only one, or not FP32');
  }
  const final = new Set(graph.filter(({ no }) => no === 12).map(({ value }) => readValue(value as Uint8Array).name));
  const outputs = outputsOf(node.fields).map((first) => {
    let name: string | undefined = first;
    while (name !== undefined && !final.has(name)) {
      const next: Node | undefined = nodes.find((other) => inputsOf(other.fields)[0] === name);
      name = next === undefined ? undefined : outputsOf(next.fields)[0];
    }
    return name;
  });
  return { node, outputs };
}

/** Reads the tree ensemble that a graph is. */
export function readEnsemble(model: Uint8Array): Ensemble {
  const graph = readFields(readFields(model).find(({ no }) => no === 7)!.value as Uint8Array);
  const { node, outputs } = soleEnsemble(graph);
  const attributes = attributesOf(node.fields);
  const integers = (name: string): number[] => (attributes.get(name)?.integers ?? []).map(Number);
  const numbers = (name: string): readonly number[] => attributes.get(name)?.numbers ?? [];
  const texts = (name: string): readonly string[] => attributes.get(name)?.strings ?? [];
  const text = (name: string, fallback: string): string => (attributes.get(name) as Attribute | undefined)?.text ?? fallback;

  const classifier = node.op === 'TreeEnsembleClassifier';
  const target = classifier ? 'class' : 'target';
  const doubles = [...attributes.keys()].find((name) => name.endsWith('_as_tensor'));
  if (doubles !== undefined) {
    throw refuse(`it has ${doubles}`);
  }
  const transform = TRANSFORMS[text('post_transform', 'NONE')];
  const aggregate = text('aggregate_function', 'SUM');
  if (transform === undefined || (aggregate !== 'SUM' && aggregate !== 'AVERAGE')) {
    throw refuse(`its post_transform is ${text('post_transform', 'NONE')} and its aggregate_function ${aggregate}`);
  }
  const labels = classifier ? labelsOf(node) : undefined;
  const width = classifier ? labels?.length ?? 0 : integers('n_targets')[0] ?? 1;
  const forest = buildForest({
    modes: texts('nodes_modes'),
    trees: integers('nodes_treeids'),
    ids: integers('nodes_nodeids'),
    features: integers('nodes_featureids'),
    values: numbers('nodes_values'),
    yes: integers('nodes_truenodeids'),
    no: integers('nodes_falsenodeids'),
    missing: integers('nodes_missing_value_tracks_true'),
    leafTrees: integers(`${target}_treeids`),
    leafNodes: integers(`${target}_nodeids`),
    leafGroups: integers(`${target}_ids`),
    weights: numbers(`${target}_weights`),
  }, width);
  const base = numbers('base_values');
  const scale = aggregate === 'AVERAGE' ? 1 / forest.trees : 1;
  const weights = numbers(`${target}_weights`);
  const named = new Set(integers('class_ids'));
  if (classifier && width === 2 && named.size > 1) {
    throw refuse('its leaves score both of two classes, for which ONNX Runtime takes no label from the scores');
  }
  if (classifier && width === 2 && (base.length > 1 || transform === TRANSFORMS.SOFTMAX)) {
    throw refuse('it has two base values, or a SOFTMAX, for the one score of two classes');
  }
  const finish = classifier && width === 2
    ? binaryFinish([...named][0] ?? 0, base[0] ?? 0, transform === TRANSFORMS.NONE && weights.every((weight) => weight >= 0), transform)
    : generalFinish(width, base, scale, classifier || width > 1 ? transform : TRANSFORMS.NONE!);
  const [label, scores] = classifier ? [outputs[0], outputs[1]] : [undefined, outputs[0]];
  if (scores === undefined) {
    throw refuse('the graph has no output with its scores');
  }
  return { forest, features: forest.shape.features, width, labelOutput: label, scoreOutput: scores, labels, textLabels: texts('classlabels_strings').length > 0, finish };
}

interface Tables {
  readonly modes: readonly string[];
  readonly trees: readonly number[];
  readonly ids: readonly number[];
  readonly features: readonly number[];
  readonly values: readonly number[];
  readonly yes: readonly number[];
  readonly no: readonly number[];
  readonly missing: readonly number[];
  readonly leafTrees: readonly number[];
  readonly leafNodes: readonly number[];
  readonly leafGroups: readonly number[];
  readonly weights: readonly number[];
}

function buildForest(tables: Tables, width: number): Forest {
  const { modes, trees, ids, features, values, yes, no, missing } = tables;
  const leaves = new Map<string, number[]>();
  tables.leafNodes.forEach((node, i) => {
    const key = `${tables.leafTrees[i]} ${node}`;
    const sums = leaves.get(key) ?? new Array<number>(width).fill(0);
    leaves.set(key, sums);
    sums[tables.leafGroups[i]!]! += tables.weights[i]!;
  });
  const places = new Map(ids.map((id, i) => [`${trees[i]} ${id}`, i]));
  const most = features.reduce((top, feature, i) => (modes[i] === 'LEAF' ? top : Math.max(top, feature)), 0);
  const builder = new ForestBuilder({ features: most + 1, groups: width, leafWidth: width, nodes: ids.length, cutsCategories: false });
  const read = (tree: number) => (id: number): SourceNode => {
    const i = places.get(`${tree} ${id}`);
    if (i === undefined) {
      throw new Error(`tree ${tree} has no node ${id}`);
    }
    if (modes[i] === 'LEAF') {
      return { values: leaves.get(`${tree} ${id}`) ?? new Array<number>(width).fill(0) };
    }
    const mode = MODES[modes[i]!];
    if (mode === undefined) {
      throw refuse(`it has nodes of the mode ${modes[i]}`);
    }
    const toYes = missing[i] === 1;
    return {
      feature: features[i]!,
      threshold: mode.below ? float32Below(values[i]!) : values[i]!,
      first: mode.swap ? no[i]! : yes[i]!,
      second: mode.swap ? yes[i]! : no[i]!,
      missingFirst: toYes !== mode.swap,
    };
  };
  for (const tree of new Set(trees)) {
    builder.add(0, ids[trees.indexOf(tree)]!, read(tree));
  }
  return builder.build();
}

/** Adds base values, transforms, and takes the class of the largest score. */
function generalFinish(width: number, base: readonly number[], scale: number, transform: Transform): Ensemble['finish'] {
  return (scores, rows) => {
    const classes = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      for (let k = 0; k < width; k++) {
        scores[at + k] = scores[at + k]! * scale + (base[k] ?? 0);
        if (scores[at + k]! > scores[at + classes[row]!]!) {
          classes[row] = k;
        }
      }
      transform(scores, at, width);
    }
    return classes;
  };
}

/** Two classes by the score of one, a probability or a margin; the other's is worked out where class 0 bears it, as exporters write. */
function binaryFinish(only: number, base: number, positive: boolean, transform: Transform): Ensemble['finish'] {
  return (scores, rows) => {
    const classes = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const at = row * 2;
      const score = only === 1 ? scores[at + 1]! : Math.fround(scores[at]! + base);
      classes[row] = score > (positive ? 0.5 : 0) ? 1 : 0;
      if (only === 1) {
        transform(scores, at, 2);
      } else {
        scores[at] = positive ? 1 - score : -score;
        scores[at + 1] = score;
        transform(scores, at, 2);
      }
    }
    return classes;
  };
}
