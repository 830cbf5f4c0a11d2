import { defineModel, InvalidInput } from 'kserve-model-server';

/** Words and their place in the vector that the predictor expects. */
const VOCABULARY: readonly string[] = ['good', 'great', 'bad', 'awful'];

/** A transformer: counts words before the predictor, names the classes after it. */
export default defineModel({
  preprocess(payload: { instances?: readonly unknown[] }) {
    if (!Array.isArray(payload.instances) || !payload.instances.every((text) => typeof text === 'string')) {
      throw new InvalidInput("'instances' must be a list of texts");
    }
    return {
      instances: payload.instances.map((text: string) => {
        const words = text.toLowerCase().split(/\W+/);
        return VOCABULARY.map((word) => words.filter((entry) => entry === word).length);
      }),
    };
  },
  postprocess(result: { predictions: readonly (readonly number[])[] }) {
    return { predictions: result.predictions.map(([good, great, bad, awful]) => (good! + great! >= bad! + awful! ? 'positive' : 'negative')) };
  },
});
