import { ApiObject, App, Chart } from 'cdk8s';
import { find, synth } from './manifests';

function configMap(chart: Chart, name: string, data: { [key: string]: string | undefined } = {}): ApiObject {
  return new ApiObject(chart, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

test('a chart gives its manifests, an app those of all its charts', () => {
  const app = new App();
  const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
  configMap(first, 'a');
  configMap(second, 'b');

  expect(synth(first).map(({ metadata }) => metadata.name)).toEqual(['a']);
  expect(synth(app).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
});

test('manifests are what a cluster reads', () => {
  const chart = new Chart(new App(), 'chart');
  configMap(chart, 'a', { yes: 'on', octal: '0777', absent: undefined });

  expect(synth(chart)[0].data).toEqual({ yes: 'on', octal: '0777' });
  expect(synth(chart)[0].data).not.toHaveProperty('absent');
});

test('nothing gives no manifests', () => {
  expect(synth(new App())).toEqual([]);
  expect(synth(new Chart(new App(), 'chart'))).toEqual([]);
});

describe('find', () => {
  const manifests = [
    { kind: 'Secret', metadata: { name: 'a' } },
    { kind: 'ConfigMap', metadata: { name: 'a' } },
    { kind: 'ConfigMap', metadata: { name: 'b' } },
  ];

  test('gives the manifest of a kind and name', () => {
    expect(find(manifests, 'ConfigMap', 'a')).toBe(manifests[1]);
  });

  test('gives the only manifest of a kind', () => {
    expect(find(manifests, 'Secret')).toBe(manifests[0]);
  });

  test('says what is there when none or several fit', () => {
    expect(() => find(manifests, 'Pod')).toThrow('0 manifests are Pod/* in Secret/a, ConfigMap/a, ConfigMap/b');
    expect(() => find(manifests, 'ConfigMap')).toThrow('2 manifests are ConfigMap/* in Secret/a, ConfigMap/a, ConfigMap/b');
    expect(() => find([], 'Pod', 'a')).toThrow('0 manifests are Pod/a in nothing');
  });
});
