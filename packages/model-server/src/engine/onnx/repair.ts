import { attributesOf } from './attributes';
import { inputsOf, Node, outputsOf, readNode } from './graph';
import { writeAttribute, writeNode, writeWeights } from './onnx-model';
import { chunksOf, Field, lenField, readFields, textOf, varintField, writeFields } from '../../protobuf/fields';

/** What takes the place of a node: nodes, and the constants they need. */
interface Replacement {
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
}

const NEEDED = ['class_ids', 'class_treeids', 'class_nodeids', 'class_weights', 'base_values', 'post_transform', 'classlabels_strings', 'classlabels_int64s'];

/**
 * ONNX Runtime 1.26 and 1.27 take the one probability that a tree classifier of two classes
 * stores, as scikit-learn's forests and trees do, for a margin: every label and both scores
 * come out wrong. The same trees as a regressor of both probabilities, and the label by the
 * larger of them, come out right.
 */
function repairBinary(node: Node, input: string, outputs: readonly string[]): Replacement | undefined {
  const attributes = attributesOf(node.fields, NEEDED);
  const integers = (name: string): readonly bigint[] => attributes.get(name)?.integers ?? [];
  const weights = attributes.get('class_weights')?.numbers ?? [];
  const texts = attributes.get('classlabels_strings')?.strings ?? [];
  const numbers = integers('classlabels_int64s');
  const base = attributes.get('base_values')?.numbers ?? [];
  const probability = (attributes.get('post_transform')?.text ?? 'NONE') === 'NONE' && weights.length > 0 && weights.every((weight) => weight >= 0);
  if (!probability || texts.length + numbers.length !== 2 || base.length > 1 || integers('class_ids').some((id) => id !== 0n)) {
    return undefined;
  }
  const [label, scores] = outputs as [string, string];
  const both = scores === undefined || scores === '' ? `${label}__both` : scores;
  const twice = (values: readonly bigint[]): bigint[] => [...values, ...values];
  const kept = chunksOf(node.fields, 5).filter((bytes) => /^nodes_/.test([...attributesOf([lenField(5, bytes)]).keys()][0]!)).map((bytes): Field => lenField(5, bytes));
  const added: readonly Field[] = [
    writeAttribute('n_targets', 2n),
    writeAttribute('base_values', [1 - (base[0] ?? 0), base[0] ?? 0]),
    writeAttribute('target_treeids', twice(integers('class_treeids'))),
    writeAttribute('target_nodeids', twice(integers('class_nodeids'))),
    writeAttribute('target_ids', [...weights.map(() => 0n), ...weights.map(() => 1n)]),
    writeAttribute('target_weights', [...weights.map((weight) => -weight), ...weights]),
  ].map((bytes) => lenField(5, bytes));
  const place = `${label}__place`;
  const names = `${label}__names`;
  return {
    nodes: [
      writeNode({ op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: [input], outputs: [both] }, [...kept, ...added]),
      writeNode({ op: 'ArgMax', inputs: [both], outputs: [place], attributes: { axis: 1n, keepdims: 0n } }),
      writeNode({ op: 'Gather', inputs: [names, place], outputs: [label], attributes: { axis: 0n } }),
    ],
    initializers: [writeWeights({ name: names, shape: [2], data: texts.length > 0 ? texts : BigInt64Array.from(numbers) })],
  };
}

/** A model in which what ONNX Runtime of this release gets wrong is said in another way. */
export function repairGraph(bytes: Uint8Array): Uint8Array {
  const model = readFields(bytes);
  const graphField = model.find(({ no }) => no === 7)!;
  const initializers: Uint8Array[] = [];
  const graph = readFields(graphField.value as Uint8Array).flatMap((field) => {
    const node = field.no === 1 ? readNode(field.value as Uint8Array) : undefined;
    const replacement = node?.op === 'TreeEnsembleClassifier' ? repairBinary(node, inputsOf(node.fields)[0]!, outputsOf(node.fields)) : undefined;
    initializers.push(...replacement?.initializers ?? []);
    return replacement?.nodes.map((one) => lenField(1, one)) ?? [field];
  });
  if (initializers.length === 0) {
    return bytes;
  }
  const common = model.some(({ no, value }) => no === 8 && (textOf(readFields(value as Uint8Array), 1) ?? '') === '');
  return writeFields([
    ...model.map((field) => (field === graphField ? lenField(7, writeFields([...graph, ...initializers.map((one) => lenField(5, one))])) : field)),
    ...(common ? [] : [lenField(8, writeFields([lenField(1, ''), varintField(2, 13)]))]),
  ]);
}
