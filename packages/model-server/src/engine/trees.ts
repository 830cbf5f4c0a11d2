import { readFileSync } from 'node:fs';
import { IndexedTensor } from '../frames/frame';
import { ModelMetadata } from '../model/metadata';
import { Tensor } from '../tensor/tensor';
import { loadTreeModel, TreeModel } from '../trees';
import { Engine, LoadSpec } from './engine';

/** Serves XGBoost and LightGBM models by the evaluator of this package. */
class TreeEngine implements Engine {
  public readonly metadata: ModelMetadata;

  public constructor(private readonly model: TreeModel, spec: LoadSpec) {
    const { kind, objective, featureNames, inputs, outputs } = model;
    const labels = spec.overrides?.labels ?? {};
    this.metadata = {
      platform: spec.platform ?? kind,
      inputs,
      outputs: outputs.map((output) => (labels[output.name] === undefined ? output : { ...output, labels: labels[output.name] })),
      parameters: { objective, ...(featureNames === undefined ? {} : { features: featureNames }) },
    };
  }

  public run(inputs: readonly (Tensor | undefined)[]): IndexedTensor[] {
    const [input] = inputs as readonly [Tensor];
    const [rows, columns] = input.shape as readonly [number, number];
    const { name, datatype } = this.metadata.outputs[0]!;
    return [{ index: 0, name, datatype, ...this.model.predict(input.data as Float32Array | Float64Array | Uint8Array[], rows, columns) }];
  }

  public async release(): Promise<void> {
    // plain memory, which goes with the object
  }
}

/** Loads a model of XGBoost or LightGBM. */
export async function loadTrees(spec: LoadSpec): Promise<Engine> {
  return new TreeEngine(loadTreeModel(readFileSync(spec.path), { predictType: spec.predictType, missing: spec.missing, input: spec.overrides?.inputs?.[0] }), spec);
}
