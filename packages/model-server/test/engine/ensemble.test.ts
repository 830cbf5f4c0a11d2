import { ELEMENT, OnnxAttribute, OnnxNode, writeOnnx } from '../../src/engine/onnx/onnx-model';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { folderWith, TestServer } from '../support/server';

const FEATURES = 4;

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

interface Case {
  readonly name: string;
  readonly classifier: boolean;
  readonly width: number;
  readonly transform: string;
  readonly modes?: readonly string[];
  /** What a leaf says: of all classes, of one for each tree, or of one in all. */
  readonly leaves: 'all' | 'one' | 'first' | 'second';
  readonly sign: 'any' | 'positive';
  readonly base?: readonly number[];
  readonly average?: boolean;
  readonly text?: boolean;
  readonly zipMap?: boolean;
}

const LEQ = ['BRANCH_LEQ'];
const ALL_MODES = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE'];

const CASES: readonly Case[] = [
  { name: 'a regressor', classifier: false, width: 1, transform: 'NONE', leaves: 'all', sign: 'any' },
  { name: 'a regressor with a base', classifier: false, width: 1, transform: 'NONE', leaves: 'all', sign: 'any', base: [0.5] },
  { name: 'a mean of trees', classifier: false, width: 1, transform: 'NONE', leaves: 'all', sign: 'any', average: true },
  { name: 'a mean of trees with a base', classifier: false, width: 1, transform: 'NONE', leaves: 'all', sign: 'any', average: true, base: [2] },
  { name: 'several targets', classifier: false, width: 3, transform: 'NONE', leaves: 'all', sign: 'any', base: [1, 2, 3] },
  { name: 'several targets, one a tree', classifier: false, width: 3, transform: 'SOFTMAX', leaves: 'one', sign: 'any' },
  { name: 'every mode of comparison', classifier: false, width: 1, transform: 'NONE', modes: ALL_MODES, leaves: 'all', sign: 'any' },
  { name: 'a forest of three classes', classifier: true, width: 3, transform: 'NONE', leaves: 'all', sign: 'positive', zipMap: true },
  { name: 'a forest with names of classes', classifier: true, width: 3, transform: 'NONE', leaves: 'all', sign: 'positive', text: true },
  { name: 'boosted classes', classifier: true, width: 3, transform: 'SOFTMAX', leaves: 'one', sign: 'any', base: [0.1, 0.2, 0.3] },
  { name: 'boosted classes, logistic', classifier: true, width: 3, transform: 'LOGISTIC', leaves: 'one', sign: 'any' },
  // as scikit-learn's forests and trees are exported
  { name: 'a probability', classifier: true, width: 2, transform: 'NONE', leaves: 'first', sign: 'positive' },
  { name: 'a probability with names of classes', classifier: true, width: 2, transform: 'NONE', leaves: 'first', sign: 'positive', text: true, base: [0.1] },
  ...(['first', 'second'] as const).flatMap((leaves): Case[] => [
    { name: `the ${leaves} of two classes, logistic`, classifier: true, width: 2, transform: 'LOGISTIC', leaves, sign: 'any', zipMap: true },
    { name: `the ${leaves} of two classes, with a base`, classifier: true, width: 2, transform: 'LOGISTIC', leaves, sign: 'any', base: [0.3] },
    { name: `the ${leaves} of two classes, as it is`, classifier: true, width: 2, transform: 'NONE', leaves, sign: 'any' },
    { name: `the ${leaves} of two classes, positive and logistic`, classifier: true, width: 2, transform: 'LOGISTIC', leaves, sign: 'positive' },
  ]),
];

/** A graph of one ensemble of random full trees of depth 3. */
function ensembleModel(one: Case, seed: number, extra: readonly OnnxNode[] = []): Uint8Array {
  const random = randomOf(seed);
  const treeCount = 6;
  const nodes: { tree: number; id: number; feature: number; mode: string; value: number; yes: number; no: number; missing: number }[] = [];
  const weights: { tree: number; node: number; group: number; weight: number }[] = [];
  for (let tree = 0; tree < treeCount; tree++) {
    for (let id = 0; id < 15; id++) {
      const leaf = id >= 7;
      const modes = one.modes ?? LEQ;
      nodes.push({
        tree,
        id,
        feature: leaf ? 0 : Math.floor(random() * FEATURES),
        mode: leaf ? 'LEAF' : modes[Math.floor(random() * modes.length)]!,
        // quarters, so that values meet thresholds
        value: leaf ? 0 : Math.floor(random() * 8) / 4 - 1,
        yes: leaf ? 0 : 2 * id + 1,
        no: leaf ? 0 : 2 * id + 2,
        missing: !leaf && random() < 0.5 ? 1 : 0,
      });
      if (leaf) {
        const groups = one.leaves === 'all' ? Array.from({ length: one.width }, (_, k) => k) : [one.leaves === 'second' ? 1 : one.leaves === 'first' ? 0 : tree % one.width];
        groups.forEach((group) => weights.push({ tree, node: id, group, weight: one.sign === 'positive' ? random() / treeCount : random() - 0.5 }));
      }
    }
  }
  const ints = (values: readonly number[]): bigint[] => values.map(BigInt);
  const target = one.classifier ? 'class' : 'target';
  const labels: { [name: string]: OnnxAttribute } = one.text === true ? { classlabels_strings: ['ä', 'b', 'c'].slice(0, one.width) } : { classlabels_int64s: [7n, 8n, 9n].slice(0, one.width) };
  const node: OnnxNode = {
    op: one.classifier ? 'TreeEnsembleClassifier' : 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: ['X'],
    outputs: one.classifier ? ['label', 'scores'] : ['scores'],
    attributes: {
      nodes_treeids: ints(nodes.map(({ tree }) => tree)),
      nodes_nodeids: ints(nodes.map(({ id }) => id)),
      nodes_featureids: ints(nodes.map(({ feature }) => feature)),
      nodes_modes: nodes.map(({ mode }) => mode),
      nodes_values: nodes.map(({ value }) => value),
      nodes_truenodeids: ints(nodes.map(({ yes }) => yes)),
      nodes_falsenodeids: ints(nodes.map(({ no }) => no)),
      nodes_missing_value_tracks_true: ints(nodes.map(({ missing }) => missing)),
      nodes_hitrates: nodes.map(() => 1),
      [`${target}_treeids`]: ints(weights.map(({ tree }) => tree)),
      [`${target}_nodeids`]: ints(weights.map(({ node: id }) => id)),
      [`${target}_ids`]: ints(weights.map(({ group }) => group)),
      [`${target}_weights`]: weights.map(({ weight }) => weight),
      post_transform: one.transform,
      ...(one.classifier ? labels : { n_targets: BigInt(one.width), aggregate_function: one.average === true ? 'AVERAGE' : 'SUM' }),
      ...(one.base === undefined ? {} : { base_values: one.base }),
    },
  };
  const scores = one.zipMap === true ? 'zipped' : 'scores';
  const zip: OnnxNode = { op: 'ZipMap', domain: 'ai.onnx.ml', inputs: ['scores'], outputs: ['zipped'], attributes: labels };
  return writeOnnx({
    inputs: [{ name: 'X', type: ELEMENT.FLOAT, shape: ['N', FEATURES] }],
    outputs: [
      ...(one.classifier ? [{ name: 'label', type: one.text === true ? ELEMENT.STRING : ELEMENT.INT64, shape: ['N'] }] : []),
      { name: scores, type: ELEMENT.FLOAT, shape: ['N', one.width] },
    ],
    nodes: [node, ...(one.zipMap === true ? [zip] : []), ...extra],
  });
}

const RUNS = 3;
const id = (i: number, run: number): string => `c${i}r${run}`;
let server: TestServer;
let client: PredictorClient;

beforeAll(async () => {
  const files: { [path: string]: string | Uint8Array } = {};
  CASES.forEach((one, i) => {
    for (let run = 0; run < RUNS; run++) {
      const model = ensembleModel(one, 100 * i + run + 1);
      files[`${id(i, run)}/model.onnx`] = model;
      files[`${id(i, run)}t/model.onnx`] = model;
      files[`${id(i, run)}t/model.json`] = '{"engine":"trees"}';
    }
  });
  files['more/model.onnx'] = ensembleModel(CASES[0]!, 1, [{ op: 'Neg', inputs: ['scores'], outputs: ['negative'] }]);
  files['more/model.json'] = '{"engine":"trees"}';
  files['both/model.onnx'] = ensembleModel({ ...CASES[0]!, classifier: true, width: 2 }, 1);
  files['both/model.json'] = '{"engine":"trees"}';
  files['modes/model.onnx'] = ensembleModel({ ...CASES[0]!, modes: ['BRANCH_EQ'] }, 1);
  files['modes/model.json'] = '{"engine":"trees"}';
  server = await TestServer.start([folderWith(files), '--multi_model']);
  client = new PredictorClient({ host: `127.0.0.1:${server.grpcPort}`, protocol: 'grpc-v2' });
}, 60_000);

afterAll(async () => {
  client.close();
  await server.stop();
});

describe.each(CASES.map((one, i) => [one.name, i] as const))('%s', (_, i) => {
  test.each(Array.from({ length: RUNS }, (__, run) => run))('answers as ONNX Runtime does (%i)', async (run) => {
    const random = randomOf(i * 7 + run + 1);
    const rows = 200;
    const data = Float32Array.from({ length: rows * FEATURES }, () => (random() < 0.1 ? NaN : random() < 0.5 ? Math.floor(random() * 8) / 4 - 1 : random() * 2 - 1));
    const ask = (model: string) => client.infer(new InferRequest(model, [new InferTensor('X', 'FP32', [rows, FEATURES], data)]));
    const [theirs, ours] = await Promise.all([ask(id(i, run)), ask(`${id(i, run)}t`)]);

    expect(ours.outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape }))).toEqual(theirs.outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })));
    for (const [at, output] of theirs.outputs.entries()) {
      const mine = ours.outputs[at]!;
      if (output.datatype === 'FP32') {
        const worst = (output.data as Float32Array).reduce((most, value, k) => Math.max(most, Math.abs(value - (mine.data as Float32Array)[k]!)), 0);
        expect(worst).toBeLessThan(2e-6);
      } else {
        expect(mine.nested()).toEqual(output.nested());
      }
    }
  });
});

test('a graph that is more than one ensemble, or that compares otherwise, is refused with the reason', async () => {
  expect((await server.call('/v2/repository/models/more/load', { body: {} })).json.error).toContain('engine is trees, but the graph is not one tree ensemble: it has TreeEnsembleRegressor, Neg; leave engine out');
  expect((await server.call('/v2/repository/models/both/load', { body: {} })).json.error).toContain('its leaves score both of two classes');
  expect((await server.call('/v2/repository/models/modes/load', { body: {} })).json.error).toContain('it has nodes of the mode BRANCH_EQ');
});

test('a forest of two classes answers probabilities that add up to 1, and the label of the larger', async () => {
  const model = id(CASES.findIndex(({ name }) => name === 'a probability'), 0);
  const { outputs } = await client.infer(new InferRequest(model, [new InferTensor('X', 'FP32', [50, FEATURES], Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * 7)))]));
  const [labels, scores] = outputs.map((output) => output.nested()) as unknown as [bigint[], [number, number][]];

  expect(scores.every(([first, second]) => first >= 0 && second >= 0 && Math.abs(first + second - 1) < 1e-6)).toBe(true);
  expect(labels).toEqual(scores.map(([, second]) => (second > 0.5 ? 8n : 7n)));
  expect(new Set(labels).size).toBe(2);
});

test('V1 and the metadata are the same whichever evaluates', async () => {
  const [i] = [CASES.findIndex(({ text }) => text === true)];
  const both = [id(i, 0), `${id(i, 0)}t`];
  const bodies = await Promise.all(both.map((model) => server.call(`/v1/models/${model}:predict`, { body: { instances: [[0, 0, 0, 0], [1, 1, 1, null]] } })));
  const metadata = await Promise.all(both.map((model) => server.call(`/v2/models/${model}`)));

  expect(bodies[1]!.json).toEqual(bodies[0]!.json);
  expect({ ...metadata[1]!.json, name: '' }).toEqual({ ...metadata[0]!.json, name: '' });
});
