import { UserModel } from '../../../src/engine/user/model';
import { importModel } from '../../../src/engine/user/resolve';
import { CallContext, defineModel, DefinedModel } from '../../../src/sdk/define-model';
import { InferRequest } from '../../../src/sdk/messages';
import { folderWith, TestServer } from '../../support/server';

jest.mock('../../../src/engine/user/resolve');

/** Tells each row what its run saw. A run of 'hold' keeps the only place, so that those behind it wait for each other. */
const SEES = `
import { defineModel } from 'kserve-model-server';
let runs = 0;
export default defineModel({
  inputs: { x: { datatype: 'BYTES', shape: [-1] } },
  outputs: { saw: { datatype: 'BYTES', shape: [-1] } },
  async predict({ x }, { id, headers, parameters, protocol }) {
    const run = ++runs;
    const rows = x.strings();
    if (rows[0] === 'hold') await new Promise((resolve) => setTimeout(resolve, 1000));
    return { saw: rows.map(() => JSON.stringify({ run, rows: rows.length, id, caller: headers['x-caller'], parameters, protocol })) };
  },
});
`;

/** Gives an output of the form that is asked for. */
const FORMS = `
import { defineModel } from 'kserve-model-server';
const forms = {
  array: Float32Array.of(1, 2, 3, 4),
  nested: [1, 2, 3, 4],
  two: [1, 2, 3, 4, 5, 6],
  view: new DataView(new ArrayBuffer(12)),
  fraction: { shape: [4 / 3, 3], data: [1, 2, 3, 4] },
};
export default defineModel({
  inputs: { form: { datatype: 'BYTES', shape: [1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1, 3] } },
  predict({ form }) {
    return { y: forms[form.strings()[0]] };
  },
});
`;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'shared/model.mjs': SEES,
    'shared/model.json': '{"batching":{"maxSize":8},"limits":{"concurrency":1}}',
    'off/model.mjs': SEES,
    'off/model.json': '{"batching":{"enabled":false,"maxSize":8},"limits":{"concurrency":1}}',
    'fixed/model.mjs': SEES.replaceAll('shape: [-1]', 'shape: [1]'),
    'fixed/model.json': '{"batching":{"maxSize":8},"limits":{"concurrency":1}}',
    'optional/model.mjs': SEES.replace('inputs: {', "inputs: { y: { datatype: 'BYTES', shape: [-1], optional: true },"),
    'optional/model.json': '{"batching":{"maxSize":8},"limits":{"concurrency":1}}',
    'forms/model.mjs': FORMS,
  }), '--multi_model']);
}, 60_000);

afterAll(() => server.stop());

describe('calls of user code that wait together', () => {
  const call = async (model: string, caller: string, parameters?: object): Promise<unknown> => {
    const { json } = await server.call(`/v2/models/${model}/infer`, { headers: { 'x-caller': caller }, body: { id: caller, parameters, inputs: [{ name: 'x', datatype: 'BYTES', shape: [1], data: [caller] }] } });
    return { id: json.id, saw: JSON.parse(json.outputs[0].data[0]) };
  };
  const v1 = async (model: string, caller: string): Promise<unknown> => ({ saw: JSON.parse((await server.call(`/v1/models/${model}:predict`, { body: { instances: [caller] } })).json.predictions[0]) });

  /** Answers of calls that come one after the other. */
  async function inOrder(calls: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
    const answers: Promise<unknown>[] = [];
    for (const begin of calls) {
      answers.push(begin());
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return Promise.all(answers);
  }

  test('share a run when their parameters and protocol are equal, and none sees the headers or the id of one of them', async () => {
    const answers = await inOrder([
      () => call('shared', 'hold'),
      () => call('shared', 'a', { p: 1 }),
      () => call('shared', 'b', { p: 1 }),
      () => call('shared', 'c', { p: 2 }),
      () => call('shared', 'd'),
      () => v1('shared', 'e'),
    ]);

    expect(answers).toEqual([
      { id: 'hold', saw: { run: 1, rows: 1, parameters: {}, protocol: 'v2' } },
      { id: 'a', saw: { run: 2, rows: 2, parameters: { p: 1 }, protocol: 'v2' } },
      { id: 'b', saw: { run: 2, rows: 2, parameters: { p: 1 }, protocol: 'v2' } },
      { id: 'c', saw: { run: 3, rows: 1, parameters: { p: 2 }, protocol: 'v2' } },
      { id: 'd', saw: { run: 4, rows: 1, parameters: {}, protocol: 'v2' } },
      { saw: { run: 5, rows: 1, parameters: {}, protocol: 'v1' } },
    ]);
  });

  test.each([['off', 'batching is off in model.json'], ['fixed', 'not every input and output has a free first axis'], ['optional', 'an input or output is optional']])('run alone and see their own where they cannot be batched (%s)', async (model, reason) => {
    const answers = await inOrder(['hold', 'a', 'b'].map((caller) => () => call(model, caller)));

    expect(answers).toEqual(['hold', 'a', 'b'].map((caller, i) => ({ id: caller, saw: { run: i + 1, rows: 1, id: caller, caller, parameters: {}, protocol: 'v2' } })));
    expect(server.output.split('\n').find((line) => line.includes(`model ${model} is ready`))).toContain(`"batching":"${reason}"`);
  });
});

describe('the values of an output', () => {
  const form = (name: string) => server.call('/v1/models/forms:predict', { body: { instances: [name] } });

  test('fill the declared shape with its free size worked out', async () => {
    expect((await form('two')).json).toEqual({ predictions: [[1, 2, 3], [4, 5, 6]] });
  });

  test.each([
    ['array', "output 'y' is declared as [-1,3], which 4 values cannot fill"],
    ['nested', "output 'y' is declared as [-1,3], which 4 values cannot fill"],
    ['view', "output 'y' must be a tensor, { shape, data }, an array of the datatype or nested values"],
    ['fraction', `output 'y': the shape [${4 / 3},3] has the size ${4 / 3}, which is no integer from 0 to 2147483647`],
  ])('that no shape holds are 500 and told (%s)', async (name, message) => {
    expect(await form(name)).toMatchObject({ status: 500, json: { error: message } });
  });
});

describe('samples of warm-up', () => {
  const saw: unknown[] = [];
  const typed = defineModel({
    inputs: { a: { datatype: 'FP32', shape: [-1], accepts: ['INT16'] }, b: { datatype: 'FP32', shape: [-1], optional: true } },
    outputs: { y: { datatype: 'FP32', shape: [-1] }, z: { datatype: 'FP32', shape: [-1] } },
    predict({ a, b }, { parameters }) {
      saw.push([a.datatype, [...a.data], b === undefined, parameters]);
      // what a compiler would refuse
      return { y: a.data } as never;
    },
  });
  const free = defineModel({ predict: (request: InferRequest, { protocol }: CallContext) => saw.push([protocol, request.input('a').nested()]) });
  const transformer = defineModel({ preprocess: () => saw.push('preprocess') });
  const input = (name: string, datatype: string, data: readonly unknown[]): object => ({ name, datatype, shape: [data.length], data });

  function load(model: DefinedModel, sample: { readonly inputs: readonly object[] }): Promise<unknown> {
    saw.length = 0;
    jest.mocked(importModel).mockResolvedValue(model);
    return UserModel.load({ name: 'm', format: 'user', path: '/m/model.ts', folder: '/m', intraOp: 1, predictProba: false, warmup: [sample], predictor: { host: '127.0.0.1:9', protocol: 'v1', useSsl: false, timeoutSeconds: 1, retries: 0 } });
  }

  test('run as requests do: with parameters, the outputs wanted, and datatypes as declared', async () => {
    await load(typed, { parameters: { p: 1 }, inputs: [input('a', 'INT16', [1, 2])], outputs: [{ name: 'y' }] } as never);

    expect(saw).toEqual([['FP32', [1, 2], true, { p: 1 }]]);
  });

  test.each([
    ['an unknown input', [input('c', 'FP32', [1])], "model.json: /warmup/0 fails: the model has no input 'c'; its inputs are a, b"],
    ['a missing input', [input('b', 'FP32', [1])], "model.json: /warmup/0 fails: input 'a' (FP32 [-1]) is missing"],
    ['another datatype', [input('a', 'FP64', [1])], "model.json: /warmup/0 fails: input 'a' must be FP32 (or INT16), but is FP64"],
    ['an output that is missing', [input('a', 'FP32', [1])], "model.json: /warmup/0 fails: the model gave no output 'z'; it gave y"],
  ])('with %s are told', async (_, inputs, message) => {
    await expect(load(typed, { inputs })).rejects.toThrow(message);
  });

  test('reach a model of free-form requests as V2', async () => {
    await load(free, { inputs: [input('a', 'FP32', [1])] });

    expect(saw).toEqual([['v2', [1]]]);
    await expect(load(free, { inputs: [input('b', 'FP32', [1])] })).rejects.toThrow("model.json: /warmup/0 fails: there is no input 'a'; there are b");
  });

  test('that fail let go of what was loaded', async () => {
    const failing = defineModel({ load: () => 'loaded', predict: () => { throw new Error('no'); }, release: (state) => { saw.push(['released', state]); } });

    await expect(load(failing, { inputs: [input('a', 'FP32', [1])] })).rejects.toThrow('model.json: /warmup/0 fails: no');
    expect(saw).toEqual([['released', 'loaded']]);
  });

  test('of a transformer are not run, for its predictor may not answer yet', async () => {
    await load(transformer, { inputs: [input('a', 'FP32', [1])] });

    expect(saw).toEqual([]);
  });
});

test.each([['undefined', undefined], ['null', null], ['number', 5]])('a model that returns %s hears that it must return its outputs', async (given, value) => {
  const inputs = { x: { datatype: 'FP32', shape: [-1] } } as const;
  const sample = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] };
  for (const predict of [() => value, async () => value]) {
    jest.mocked(importModel).mockResolvedValue(defineModel({ inputs, outputs: { y: { datatype: 'FP32', shape: [-1] } }, predict: predict as never }));

    await expect(UserModel.load({ name: 'm', format: 'user', path: '/m/model.ts', folder: '/m', intraOp: 1, predictProba: false, warmup: [sample] })).rejects.toThrow(`the model must return its outputs in an object, such as { y: … }, but returned ${given}`);
  }
});

test('an async generator needs declared inputs and outputs', async () => {
  jest.mocked(importModel).mockResolvedValue(defineModel({ async* predict() { yield {}; } } as never));

  await expect(UserModel.load({ name: 'm', format: 'user', path: '/m/model.ts', folder: '/m', intraOp: 1, predictProba: false })).rejects.toThrow("model 'm': predict is an async generator, which needs inputs and outputs; declare them");
});

test('a predictor that no call could reach is told when the model is loaded', async () => {
  jest.mocked(importModel).mockResolvedValue(defineModel({ preprocess: (payload: unknown) => payload } as never));

  await expect(UserModel.load({ name: 'm', format: 'user', path: '/m/model.ts', folder: '/m', intraOp: 1, predictProba: false, predictor: { host: 'http://p', protocol: 'v1', useSsl: true, timeoutSeconds: 1, retries: 0 } })).rejects.toThrow("the predictor's host 'http://p' says no TLS");
});

test('load is told the folder of the model, not that of its file', async () => {
  const load = jest.fn();
  jest.mocked(importModel).mockResolvedValue(defineModel({ load, predict: (payload: unknown) => payload } as never));
  await UserModel.load({ name: 'm', format: 'user', path: '/m/src/model.ts', folder: '/m', intraOp: 1, predictProba: false });

  expect(load).toHaveBeenCalledWith({ name: 'm', version: undefined, folder: '/m', log: expect.anything() });
});
