import { Ensemble } from './ensemble';
import { invalid } from '../../errors';
import { IndexedTensor } from '../../frames/frame';
import { ModelMetadata } from '../../model/metadata';
import { Tensor } from '../../tensor/tensor';
import { Engine } from '../engine';

const ENCODER = new TextEncoder();

/** Serves an ONNX tree ensemble by the evaluator of this package. */
export class EnsembleEngine implements Engine {
  private readonly labels: readonly (Uint8Array | bigint)[];

  public constructor(private readonly ensemble: Ensemble, public readonly metadata: ModelMetadata) {
    const { labels, textLabels } = ensemble;
    this.labels = (labels ?? []).map((label) => (textLabels ? ENCODER.encode(label) : BigInt(label)));
  }

  public run([input]: readonly (Tensor | undefined)[], outputs: readonly number[] | undefined): IndexedTensor[] {
    const { ensemble, metadata } = this;
    const [rows, columns] = input!.shape as [number, number];
    const { width, forest } = ensemble;
    const scores = new Float32Array(rows * width);
    forest.addTo(scores, this.columns(input!.data as Float32Array, rows, columns), rows);
    const classes = ensemble.finish(scores, rows);
    return (outputs ?? metadata.outputs.map((_, i) => i)).map((index) => {
      const { name, datatype } = metadata.outputs[index]!;
      if (name === ensemble.scoreOutput) {
        return { index, name, datatype, shape: [rows, width], data: scores };
      }
      const labels = Array.from(classes, (place) => this.labels[place]!);
      return { index, name, datatype, shape: [rows], data: ensemble.textLabels ? labels as Uint8Array[] : BigInt64Array.from(labels as bigint[]) };
    });
  }

  public async release(): Promise<void> {
    // plain memory, which goes with the object
  }

  /** Rows of as many columns as the trees ask for; a graph may declare more. */
  private columns(data: Float32Array, rows: number, columns: number): Float32Array {
    const { features } = this.ensemble;
    if (columns < features) {
      throw invalid(`the model has ${features} features, but each row has ${columns} values`);
    }
    if (columns === features) {
      return data;
    }
    const cut = new Float32Array(rows * features);
    for (let row = 0; row < rows; row++) {
      cut.set(data.subarray(row * columns, row * columns + features), row * features);
    }
    return cut;
  }
}
