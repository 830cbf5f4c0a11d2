import { App, Chart } from 'cdk8s';
import { global, local } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { Candidates } from '../../src/runtime/candidates';
import { RuntimeFacts, ServingTarget } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';

const FORMATS = [{ name: 'prophet', version: '1', autoSelect: true }];

function candidatesFor(scope: Chart): Candidates {
  return Candidates.of({ target: ServingTarget.of(scope), neighbours: Neighbours.of(scope) });
}

function namesFor(scope: Chart): string[] {
  return candidatesFor(scope).all.map(({ facts, path }) => `${facts.namespace ?? ''}/${facts.name}${path === undefined ? '' : ` by ${path}`}`);
}

test('the runtimes of the program come with those of the target, whose place they take by namespace and name', () => {
  const runtimes: RuntimeFacts[] = [
    { name: 'a', formats: FORMATS }, { name: 'b', formats: FORMATS }, { name: 'b', namespace: 'models', formats: FORMATS },
    { name: 'b', namespace: 'other', formats: FORMATS },
  ];
  const chart = chartOn({ runtimes });
  global(chart, 'a');
  local(chart, 'b');

  expect(namesFor(chart)).toEqual(['models/b by models/b', '/a by models/a', '/b', 'other/b']);
});

test('a deferred name takes no place', () => {
  const chart = chartOn({ runtimes: [{ name: 'a', formats: FORMATS }] });
  global(chart, 'later', { name: new Deferred('a') as any });

  expect(namesFor(chart)).toHaveLength(2);
});

test('runtimes of another cluster are none', () => {
  const app = new App();
  const [east, west] = ['east', 'west'].map((cluster) => {
    const chart = new Chart(app, cluster, { namespace: 'models' });
    ServingTarget.attach(chart, { cluster, runtimes: [] });
    return chart;
  });
  global(east, 'a');
  global(west, 'b');

  expect([namesFor(east), namesFor(west)]).toEqual([['/a by east/a'], ['/b by west/b']]);
});

test('a runtime that is made later is found', () => {
  const chart = chartOn({ runtimes: [] });
  expect(candidatesFor(chart).select({ format: 'prophet', namespace: 'models' }).state).toBe('none');

  local(chart, 'a');

  expect(candidatesFor(chart).select({ format: 'prophet', namespace: 'models' }).state).toBe('chosen');
});

test('equal requests are worked out once, and different ones are not confused', () => {
  const candidates = candidatesFor(chartOn());

  expect(candidates.select({ format: 'sklearn' })).toBe(candidates.select({ format: 'sklearn', version: undefined }));
  expect(candidates.select({ format: 'sklearn', version: '1' }).chosen).toBeDefined();
  expect(candidates.select({ format: 'sklearn', protocol: '1' }).chosen).toBeUndefined();
});

test('a target of the same cluster with another default mode has the same runtimes', () => {
  const app = new App();
  ServingTarget.attach(app, { runtimes: [] });
  const parent = new Chart(app, 'parent', { namespace: 'models' });
  ServingTarget.attach(parent, {});
  const sibling = new Chart(app, 'sibling', { namespace: 'models' });
  global(sibling, 'a');

  expect(namesFor(parent)).toEqual(namesFor(sibling));
});
