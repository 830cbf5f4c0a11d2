import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { allExamples } from '../../scripts/examples';

/** Their tests stand beside the examples, where users look for them. */
const TESTED = allExamples().map(({ name, folder }) => ({ name, file: join(folder, 'graph.test.ts') })).filter(({ file }) => existsSync(file));

test('all examples with graphs have tests', () => {
  expect(TESTED.map(({ name }) => name)).toEqual(['credit-decision', 'customer-segments', 'dog-breed', 'fallback-model', 'fraud-vote', 'version-split']);
});

describe.each(TESTED)('$name', ({ file }) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the file declares tests
  require(file);
});
