import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCase } from '../../oracles/tree-case';
import { loadTreeModel } from '../../src/trees';

const FIXTURES = join(__dirname, 'fixtures');
const SEED = Number(process.env.SEED ?? 20240711);
const CHANGES = Number(process.env.CHANGES ?? 60);

/** Numbers of 32 bits from a seed. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

test.each(readdirSync(FIXTURES))(`a broken file is refused or answers in the declared form, never more (SEED=${SEED}): %s`, (name) => {
  const tree = readCase(FIXTURES, name);
  const [, columns] = tree.input.shape as readonly [number, number];
  const below = random(SEED);
  const outcomes = { refused: 0, answered: 0 };

  for (let change = 0; change < CHANGES; change++) {
    const bytes = new Uint8Array(tree.read(tree.files[0]!));
    for (let i = below(4); i >= 0; i--) {
      bytes[below(bytes.length)] = below(256);
    }
    const cut = below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
    let answer: { readonly data: ArrayLike<unknown>; readonly shape: readonly number[] } | undefined;
    try {
      answer = loadTreeModel(cut).predict(tree.input.data.subarray(0, columns), 1, columns);
    } catch (error) {
      // a message of ours, not a stumble of the reader
      expect((error as Error).name).toMatch(/^(Error|ServerError|SyntaxError)$/);
      outcomes.refused++;
      continue;
    }
    expect(answer.data).toHaveLength(answer.shape.reduce((product, size) => product * size, 1));
    outcomes.answered++;
  }

  expect(outcomes.answered + outcomes.refused).toBe(CHANGES);
  expect(outcomes.refused).toBeGreaterThan(0);
});
