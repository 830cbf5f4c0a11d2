import { App, Chart } from 'cdk8s';
import { changed, changesIn, PerTree } from '../../src/core/changes';

test('a tree starts without changes', () => {
  expect(changesIn(new App()).count).toBe(0);
});

test('a change of one construct counts for all of its tree', () => {
  const app = new App();
  const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];

  changed(a);
  changed(app);

  expect([a, b, app].map((one) => changesIn(one).count)).toEqual([2, 2, 2]);
});

test('a change does not count for other trees', () => {
  const [one, other] = [new App(), new App()];

  changed(one);

  expect(changesIn(other).count).toBe(0);
});

describe('a value per tree', () => {
  test('is derived from the root once, whichever construct asks', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const derive = jest.fn((root) => ({ root }));
    const value = new PerTree(derive);

    expect(value.of(chart)).toBe(value.of(app));
    expect(value.of(chart).root).toBe(app);
    expect(derive).toHaveBeenCalledTimes(1);
  });

  test('is derived again after a change, once', () => {
    const app = new App();
    const derive = jest.fn(() => ({}));
    const value = new PerTree(derive);
    const before = value.of(app);

    changed(app);
    const after = value.of(app);

    expect(after).not.toBe(before);
    expect(value.of(app)).toBe(after);
    expect(derive).toHaveBeenCalledTimes(2);
  });

  test('is kept when it is undefined', () => {
    const app = new App();
    const derive = jest.fn(() => undefined);
    const value = new PerTree(derive);

    value.of(app);
    value.of(app);

    expect(derive).toHaveBeenCalledTimes(1);
  });

  test('is another one in each tree', () => {
    const value = new PerTree((root) => ({ root }));

    expect(value.of(new App())).not.toBe(value.of(new App()));
  });
});
