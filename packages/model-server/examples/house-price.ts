import { defineModel, InvalidInput } from 'kserve-model-server';

/** A model in plain TypeScript: the price of a house by its area and age. */
export default defineModel({
  inputs: {
    area: { datatype: 'FP32', shape: [-1] },
    age: { datatype: 'INT32', shape: [-1] },
  },
  outputs: {
    price: { datatype: 'FP64', shape: [-1] },
  },
  load: () => ({ perSquareMetre: 4200, perYear: -950 }),
  predict({ area, age }, { state }) {
    if (area.data.some((value) => value <= 0)) {
      throw new InvalidInput('area must be more than 0 square metres');
    }
    return { price: Array.from(area.data, (metres, i) => metres * state.perSquareMetre + age.data[i]! * state.perYear) };
  },
});
