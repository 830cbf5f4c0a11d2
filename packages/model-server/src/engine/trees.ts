import { readFileSync } from 'node:fs';
import { invalid } from '../errors';
import { IndexedTensor } from '../frames/frame';
import { ModelMetadata } from '../model/metadata';
import { Tensor } from '../tensor/tensor';
import { loadTreeModel, TreeModel } from '../trees';
import { Engine, LoadSpec } from './engine';

/** Serves XGBoost and LightGBM models by the evaluator of this package. */
class TreeEngine implements Engine {
  public readonly metadata: ModelMetadata;

  public constructor(private readonly model: TreeModel, spec: LoadSpec) {
    const labels = spec.overrides?.labels ?? {};
    this.metadata = {
      platform: spec.platform ?? model.kind,
      inputs: model.inputs,
      outputs: model.outputs.map((output) => (labels[output.name] === undefined ? output : { ...output, labels: labels[output.name] })),
    };
  }

  public run(inputs: readonly (Tensor | undefined)[]): IndexedTensor[] {
    const [input] = inputs as readonly [Tensor];
    const [rows, columns] = input.shape as readonly [number, number];
    if (!(input.data instanceof Float32Array) && !(input.data instanceof Float64Array)) {
      throw invalid(`input '${input.name}' must hold floating-point numbers`);
    }
    const { data, shape } = this.model.predict(input.data, rows, columns);
    const [output] = this.metadata.outputs;
    return [{ index: 0, name: output!.name, datatype: output!.datatype, shape, data }];
  }

  public async release(): Promise<void> {
    // plain memory, which goes with the object
  }
}

/** Loads a model of XGBoost or LightGBM. */
export async function loadTrees(spec: LoadSpec): Promise<Engine> {
  return new TreeEngine(loadTreeModel(readFileSync(spec.path), { predictType: spec.predictType, missing: spec.missing }), spec);
}
