import { Inspector } from './inspector';
import { Growth, growth, Sample, sample } from './memory';
import { mlpModel } from './models';
import { folderWith, TestServer } from './server';
import { xgboostModel } from '../trees/models';

const OUTPUTS = 10;

/** A folder with a model of each engine, one with 7.5 MB of weights. */
export function cycleModels(): string {
  return folderWith({ 'mlp/model.onnx': mlpModel(784, 1024, OUTPUTS), 'tree/model.json': xgboostModel(), 'user/model.mjs': USER });
}

const USER = `
import { defineModel } from 'kserve-model-server';
export default defineModel({ inputs: { x: { datatype: 'FP32', shape: [-1, 2] } }, outputs: { y: { datatype: 'FP32', shape: [-1, 2] } }, predict: ({ x }) => ({ y: x.data }) });
`;

/** What is asked of each between its load and its unload; a user model starts a process each time, so it comes seldom. */
export const CYCLED: readonly Asked[] = [
  ...Array.from({ length: 9 }, () => ({ name: 'mlp', body: { instances: [new Array(784).fill(0)] }, answer: { predictions: [new Array(OUTPUTS).fill(0)] } })),
  ...Array.from({ length: 9 }, () => ({ name: 'tree', body: { instances: [[0.1, 0], [0.9, 0]] }, answer: { predictions: [1, 2] } })),
  { name: 'user', body: { instances: [[1, 2]] }, answer: { predictions: [[1, 2]] } },
];

const WARMUP = 3;

export interface CyclesResult {
  readonly cycles: number;
  /** Calls that did not succeed, and answers of loaded models that were wrong. */
  readonly wrong: readonly string[];
  /** Bytes a cycle. */
  readonly growth: Growth;
}

/** A model with a request and its answer on V1. */
export interface Asked {
  readonly name: string;
  readonly body: object;
  readonly answer: object;
}

/** Unloads and loads models one after another, and weighs the server meanwhile. */
export async function cycle(server: TestServer, models: readonly Asked[], cycles: number, onSample?: (sample: Sample) => void): Promise<CyclesResult> {
  const { front } = await Inspector.open(server);
  const wrong: string[] = [];
  const samples: Sample[] = [];
  const every = Math.max(1, Math.floor(cycles / 30));
  for (let i = -WARMUP * models.length; i <= cycles; i++) {
    const { name, body, answer } = models[(i + WARMUP * models.length) % models.length]!;
    for (const action of ['unload', 'load']) {
      const { status, body: reply } = await server.call(`/v2/repository/models/${name}/${action}`, { body: {} });
      if (status !== 200) {
        wrong.push(`${action} of ${name}: ${status} ${reply.toString().slice(0, 200)}`);
      }
    }
    const { status, json } = await server.call(`/v1/models/${name}:predict`, { body });
    if (status !== 200 || JSON.stringify(json) !== JSON.stringify(answer)) {
      wrong.push(`${name}: ${status} ${JSON.stringify(json).slice(0, 200)}`);
    }
    if (i >= 0 && i % every === 0) {
      const now = await sample(server, front, [], i);
      samples.push(now);
      onSample?.(now);
    }
  }
  front.close();
  // in the first third code is still compiled and caches fill
  return { cycles, wrong: wrong.slice(0, 10), growth: growth(samples.filter(({ done }) => done >= cycles / 3)) };
}
