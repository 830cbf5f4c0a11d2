import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expectEqual } from './compare';
import { readCase } from '../../oracles/tree-case';

const FIXTURES = join(__dirname, 'fixtures');

describe('models of older releases answer as those releases did', () => {
  test.each(readdirSync(FIXTURES))('%s', (name) => {
    const tree = readCase(FIXTURES, name);

    for (const file of tree.files) {
      expectEqual(tree, file, 'raw');
      expectEqual(tree, file, 'prediction');
    }
  });
});
