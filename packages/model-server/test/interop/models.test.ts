import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PythonEnvironment } from '../../oracles/python';
import { listCases, readCase, TreeCase } from '../../oracles/tree-case';
import { TestServer } from '../support/server';

/** What compare.py says of one model by one protocol: the worst relative difference of its numbers, or what failed. */
interface Compared {
  readonly model: string;
  readonly protocol: string;
  readonly gap?: number;
  readonly failure?: string;
}

/** How far an answer may be from the library's: sums are alike, exp and its kin come from another C library. */
const TOLERANCE = 1e-6;
/** ONNX Runtime drops the rounding to FP16 between its own cast of a product and ours to FP32. */
const HALF = 2 ** -11;
const PROTOCOLS = ['v1', 'v2_json', 'v2_binary', 'grpc_typed', 'grpc_raw'];

const oracles = PythonEnvironment.tryMake('oracles');
const triton = PythonEnvironment.tryMake('tritonclient');

/** A tree case of `trees.py` in the form that `compare.py` reads, with the model where the server looks. */
function placeTree(root: string, tree: TreeCase): void {
  const file = tree.files.find((name) => name !== 'model.json')!;
  mkdirSync(join(root, 'models', tree.name), { recursive: true });
  writeFileSync(join(root, 'models', tree.name, file), tree.read(file));
  if (Object.keys(tree.options).length > 0) {
    writeFileSync(join(root, 'models', tree.name, 'model.json'), JSON.stringify(tree.options));
  }
  const tensor = (name: string, { shape, data }: TreeCase['input']): object =>
    ({ name, shape, datatype: data instanceof Float32Array ? 'FP32' : 'FP64', base64: Buffer.from(data.buffer).toString('base64') });
  writeFileSync(join(root, 'cases', `${tree.name}.json`), JSON.stringify({ name: tree.name, inputs: [tensor('input-0', tree.input)], outputs: [tensor('output-0', tree.prediction)] }));
}

(oracles === undefined || triton === undefined ? describe.skip : describe)('models made by other libraries answer as those do (needs PyPI)', () => {
  let compared: readonly Compared[];
  let made: readonly string[];
  let excluded = 0;

  beforeAll(async () => {
    const root = mkdtempSync(join(tmpdir(), 'model-server-interop-'));
    const trees = mkdtempSync(join(tmpdir(), 'model-server-trees-'));
    const [{ names }] = await Promise.all([oracles!.ask<{ names: string[] }>('onnx_models.py', root), oracles!.ask('trees.py', trees)]);
    const treeNames = ['xgboost', 'lightgbm'].flatMap((library) => listCases(trees, library).cases);
    for (const name of treeNames) {
      placeTree(root, readCase(trees, name));
    }
    made = [...names, ...treeNames];
    excluded = names.reduce((sum, name) => sum + (JSON.parse(readFileSync(join(root, 'cases', `${name}.json`), 'utf8')) as { excluded: number }).excluded, 0);
    const server = await TestServer.start([join(root, 'models')]);
    compared = await triton!.ask('compare.py', String(server.httpPort), String(server.grpcPort), root);
    await server.stop();
  }, 600_000);

  test('there are more than a hundred, of every kind', () => {
    expect(made.length).toBeGreaterThan(100);
    expect(['sk-', 'onnx-xgboost', 'onnx-lightgbm', 'net-', 'xgboost-', 'lightgbm-'].filter((prefix) => !made.some((name) => name.startsWith(prefix)))).toEqual([]);
  });

  test('few rows lie so near to a threshold of scikit-learn that they cannot be compared', () => {
    expect(excluded).toBeLessThan(20);
  });

  test.each(PROTOCOLS)('%s', (protocol) => {
    const found = compared.filter((entry) => entry.protocol === protocol);

    expect(found.map(({ model }) => model).sort()).toEqual([...made].sort());
    expect(found.filter(({ model, gap }) => gap === undefined || gap > (model === 'net-fp16' ? HALF : TOLERANCE))).toEqual([]);
  });
});
