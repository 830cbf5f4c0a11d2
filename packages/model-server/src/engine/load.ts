import { Engine, Loaded, LoadSpec } from './engine';
import { measure } from './measure';
import { isObject, parseJson } from '../json/parse';
import { bindInputs } from '../model/metadata';
import { decodeV2 } from '../protocol/v2';
import { Tensor } from '../tensor/tensor';
import { loadOnnx } from './onnx/engine';
import { loadTrees } from './trees';

/** The engines of models that are pure functions, by format. */
const ENGINES: { readonly [format: string]: (spec: LoadSpec) => Promise<Engine> } = {
  onnx: loadOnnx,
  trees: loadTrees,
};

/** Samples of `model.json` as tensors in declared order. */
function samplesOf(engine: Engine, spec: LoadSpec): Tensor[][] {
  return (spec.warmup ?? []).map((sample, i) => {
    try {
      const body = Buffer.from(JSON.stringify(sample));
      if (!isObject(parseJson(body))) {
        throw new Error('it is no object');
      }
      return bindInputs(engine.metadata, decodeV2(body, undefined).inputs) as Tensor[];
    } catch (error) {
      throw new Error(`model.json: /warmup/${i} is no V2 request for this model: ${(error as Error).message}`, { cause: error });
    }
  });
}

/** Loads and warms up a model; `beforeEndless` comes before the first run of one that may run for ever. */
export async function loadEngine(spec: LoadSpec, beforeEndless?: () => Promise<void>): Promise<{ engine: Engine; loaded: Loaded }> {
  const engine = await ENGINES[spec.format]!(spec);
  try {
    if (engine.mayRunForEver === true) {
      await beforeEndless?.();
    }
    const policy = spec.policy ?? await measure(engine, spec.batching, samplesOf(engine, spec));
    return { engine, loaded: { metadata: engine.metadata, policy } };
  } catch (error) {
    await engine.release();
    throw error;
  }
}
