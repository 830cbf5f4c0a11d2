import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectEqual } from './compare';
import { PythonEnvironment } from '../../oracles/python';
import { listCases, readCase } from '../../oracles/tree-case';
import { loadTreeModel } from '../../src/trees';

const LIBRARIES = ['xgboost', 'lightgbm'] as const;

const python = PythonEnvironment.tryMake('oracles');
const root = mkdtempSync(join(tmpdir(), 'tree-oracle-'));
python?.run('trees.py', root);

for (const library of LIBRARIES) {
  if (python === undefined) {
    test.skip(`models trained by ${library} answer as it does: Python packages cannot be installed here`, () => undefined);
    continue;
  }
  const { version, cases } = listCases(root, library);
  describe(`models trained by ${library} ${version} answer as it does`, () => {
    test('there are at least 30', () => {
      expect(cases.length).toBeGreaterThanOrEqual(30);
    });

    test.each(cases)('%s', (name) => {
      const tree = readCase(root, name);

      for (const file of tree.files) {
        expectEqual(tree, file, 'raw');
        expectEqual(tree, file, 'prediction');
      }
    });
  });
}

(python === undefined ? test.skip : test).each([['xgboost', 'model.ubj'], ['lightgbm', 'model.txt']] as const)('%s finds categories by the names that a data frame had (needs PyPI)', (library, file) => {
  const tree = readCase(root, `${library}-category-table`);
  const [count, columns] = tree.input.shape as readonly [number, number];
  const names = 'edcba';
  const texts = Array.from(tree.input.data, (value, i) => Buffer.from(Number.isNaN(value) ? '' : i % columns === 4 ? names[value]! : String(value)));

  const { data } = loadTreeModel(tree.read(file), { input: { datatype: 'BYTES' }, predictType: 'raw' }).predict(texts, count, columns);

  expect([...data]).toEqual([...tree.raw.data]);
});
