import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { changed } from '../../src/core/changes';
import { Deferred } from '../../src/core/deferred';
import { ServingTarget } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';
import { MadeObject } from '../support/made-object';

/** A ConfigMap that others made. */
function configMap(scope: Construct, name: string, namespace?: string): ApiObject {
  return new ApiObject(scope, `config-${name}-${namespace ?? ''}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { name } });
}

/** A chart on a cluster. */
function chartOn(app: App, cluster: string, namespace?: string): Chart {
  const chart = new Chart(app, `on-${cluster}-${namespace ?? ''}`, { namespace });
  ServingTarget.attach(chart, { cluster });
  return chart;
}

describe('neighbours', () => {
  test('are the objects of the same cluster, whichever chart they are in', () => {
    const app = new App();
    const [one, two, other] = [chartOn(app, 'a', 'one'), chartOn(app, 'a', 'two'), chartOn(app, 'b', 'one')];
    [one, two, other].forEach((chart) => configMap(chart, 'config'));

    expect(Neighbours.of(one).ofKind('ConfigMap').map(({ namespace }) => namespace)).toEqual(['one', 'two']);
    expect(Neighbours.of(two)).toBe(Neighbours.of(one));
    expect(Neighbours.of(other).ofKind('ConfigMap')).toHaveLength(1);
  });

  test('are found by kind', () => {
    const chart = chartOn(new App(), 'a');
    configMap(chart, 'config');
    new ApiObject(chart, 'secret', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'config' } });

    expect(Neighbours.of(chart).ofKind('Secret').map(({ path }) => path)).toEqual(['on-a-/secret']);
    expect(Neighbours.of(chart).ofKind('Pod')).toEqual([]);
  });

  test('are found by kind, namespace and name', () => {
    const chart = chartOn(new App(), 'a', 'models');
    const wanted = configMap(chart, 'config');
    configMap(chart, 'other');
    configMap(chart, 'config', 'elsewhere');

    const neighbours = Neighbours.of(chart);
    expect(neighbours.named('ConfigMap', 'models', 'config').map(({ object }) => object)).toEqual([wanted]);
    expect(neighbours.named('ConfigMap', 'nowhere', 'config')).toEqual([]);
    expect(neighbours.named('Secret', 'models', 'config')).toEqual([]);
    expect(neighbours.named('ConfigMap', undefined, 'config')).toEqual([]);
  });

  test('of one kind, namespace and name are all there', () => {
    const app = new App();
    const [one, two] = [new Chart(app, 'one', { namespace: 'models' }), new Chart(app, 'two', { namespace: 'models' })];
    [one, two].forEach((chart) => configMap(chart, 'config'));

    expect(Neighbours.of(app).named('ConfigMap', 'models', 'config').map(({ path }) => path)).toEqual(['one/config-config-', 'two/config-config-']);
  });

  test('without a namespace are in that of the target', () => {
    const app = new App();
    ServingTarget.attach(app, { namespace: 'of-target' });
    configMap(new Chart(app, 'chart'), 'config');

    expect(Neighbours.of(app).named('ConfigMap', 'of-target', 'config')).toHaveLength(1);
  });

  test('that are cluster-scoped are in no namespace, whatever chart and target say', () => {
    const app = new App();
    ServingTarget.attach(app, { namespace: 'of-target' });
    new MadeObject(new Chart(app, 'chart', { namespace: 'of-chart' }), 'runtime', { kind: 'ClusterServingRuntime', name: 'own', clusterScoped: true });

    const neighbours = Neighbours.of(app);
    expect(neighbours.named('ClusterServingRuntime', undefined, 'own').map(({ path, namespace }) => [path, namespace])).toEqual([['chart/runtime', undefined]]);
    expect(neighbours.named('ClusterServingRuntime', 'of-target', 'own')).toEqual([]);
  });

  test('with a name or namespace that is known only at deployment are found by kind alone', () => {
    const chart = chartOn(new App(), 'a', 'models');
    const later = `x-${new Deferred('later')}`;
    configMap(chart, later);
    configMap(chart, 'config', later);

    const neighbours = Neighbours.of(chart);
    expect(neighbours.ofKind('ConfigMap')).toHaveLength(2);
    expect(neighbours.named('ConfigMap', 'models', later)).toEqual([]);
    expect(neighbours.named('ConfigMap', later, 'config')).toEqual([]);
  });

  test('are none where the cluster has no objects', () => {
    const app = new App();
    const [empty, full] = [chartOn(app, 'a'), chartOn(app, 'b')];
    configMap(full, 'config');

    expect(Neighbours.of(empty).ofKind('ConfigMap')).toEqual([]);
  });

  test('are looked up once, and again after a change', () => {
    const chart = chartOn(new App(), 'a');
    configMap(chart, 'first');
    const before = Neighbours.of(chart);

    configMap(chart, 'second');
    changed(chart);

    expect(Neighbours.of(chart)).not.toBe(before);
    expect(Neighbours.of(chart).ofKind('ConfigMap').map(({ name }) => name)).toEqual(['first', 'second']);
    expect(Neighbours.of(chart)).toBe(Neighbours.of(chart));
  });
});

describe('a neighbour', () => {
  test('has the name and manifest of its object, as it is now', () => {
    const chart = chartOn(new App(), 'a');
    const object = configMap(chart, 'config');
    const [neighbour] = Neighbours.of(chart).ofKind('ConfigMap');

    object.metadata.addLabel('new', 'x');

    expect(neighbour.name).toBe('config');
    expect(neighbour.manifest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config', labels: { new: 'x' } }, data: { name: 'config' } });
  });

  test('has a path', () => {
    const chart = chartOn(new App(), 'a');
    new MadeObject(chart, 'thing');
    new ApiObject(chart, 'bare', { apiVersion: 'acme.org/v1', kind: 'Thing' });

    expect(Neighbours.of(chart).ofKind('Thing').map(({ path }) => path)).toEqual(['on-a-/thing', 'on-a-/bare']);
  });
});
