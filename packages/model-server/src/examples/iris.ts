import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ELEMENT, writeOnnx } from '../engine/onnx/onnx-model';

/** Mean sepal length, sepal width, petal length and petal width of each species, in centimetres. */
const SPECIES: readonly (readonly [name: string, means: readonly number[]])[] = [
  ['setosa', [5.006, 3.428, 1.462, 0.246]],
  ['versicolor', [5.936, 2.77, 4.26, 1.326]],
  ['virginica', [6.588, 2.974, 5.552, 2.026]],
];

/** The linear rule that finds the species with the nearest means: the largest of coefficients times inputs plus intercept. */
export const IRIS_RULE = {
  labels: SPECIES.map(([name]) => name),
  coefficients: SPECIES.flatMap(([, means]) => means.map((mean) => mean * 2)),
  intercepts: SPECIES.map(([, means]) => -means.reduce((sum, mean) => sum + mean * mean, 0)),
};

/** A classifier by that rule. */
export function irisModel(): Uint8Array {
  return writeOnnx({
    inputs: [{ name: 'X', type: ELEMENT.FLOAT, shape: ['N', 4] }],
    outputs: [
      { name: 'output_label', type: ELEMENT.STRING, shape: ['N'] },
      { name: 'output_probability', type: ELEMENT.FLOAT, shape: ['N', 3] },
    ],
    nodes: [{
      op: 'LinearClassifier',
      domain: 'ai.onnx.ml',
      inputs: ['X'],
      outputs: ['output_label', 'output_probability'],
      attributes: {
        coefficients: IRIS_RULE.coefficients,
        intercepts: IRIS_RULE.intercepts,
        classlabels_strings: IRIS_RULE.labels,
        post_transform: 'SOFTMAX',
        multi_class: 1n,
      },
    }],
  });
}

/** Writes the example where it can be served from. */
export function writeExample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kserve-model-server-'));
  writeFileSync(join(folder, 'model.onnx'), irisModel());
  return folder;
}
