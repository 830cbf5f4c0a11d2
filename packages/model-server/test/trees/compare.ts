import { TreeCase } from '../../oracles/tree-case';
import { loadTreeModel } from '../../src/trees';

/** How far an answer may be from the library's: its margins are sums that must be equal, transforms end in exp of another C library. */
const TOLERANCE = { raw: 0, prediction: 1e-6 } as const;

/** Asserts that a file of a case answers what the library answers. */
export function expectEqual(tree: TreeCase, file: string, kind: 'raw' | 'prediction'): void {
  const model = loadTreeModel(tree.read(file), kind === 'raw' ? { ...tree.options, predictType: 'raw' } : tree.options);
  const [count, columns] = tree.input.shape as readonly [number, number];

  const { data, shape } = model.predict(tree.input.data, count, columns);

  expect(shape).toEqual(tree[kind].shape);
  expect(data.length).toBe(tree[kind].data.length);
  const worst = Math.max(0, ...Array.from(tree[kind].data, (wanted, i) => {
    const got = Number(data[i]);
    return Object.is(got, wanted) || got === wanted ? 0 : Math.abs(got - wanted) / Math.max(Math.abs(wanted), 1e-6);
  }));
  expect(worst).toBeLessThanOrEqual(TOLERANCE[kind]);
}
