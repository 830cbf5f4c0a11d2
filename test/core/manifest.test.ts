import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { caused, causeOf } from '../../src/core/cause';
import { changed, changesIn } from '../../src/core/changes';
import { Deferred } from '../../src/core/deferred';
import {
  annotationPointer, causesOf, isPatched, labelPointer, ManifestHeader, manifestOf, namespaceOf, noticeChanges,
} from '../../src/core/manifest';
import { MadeObject } from '../support/made-object';
import { find, synth, synthYaml } from '../support/manifests';

/** An object `thing` of a chart in namespace `models`. */
function objectOf(header: Partial<ManifestHeader> = {}, render?: () => { [field: string]: unknown }, app = new App()): ApiObject {
  const chart = new Chart(app, 'chart', { namespace: 'models', labels: { chart: 'yes' } });
  return new MadeObject(chart, 'thing', header, render);
}

/** The object as a cluster reads it. */
function read(object: ApiObject): any {
  return find(synth(object.chart), object.kind);
}

describe('an object', () => {
  test('is told from other API objects by its class', () => {
    const object = objectOf();

    expect(object).toBeInstanceOf(ApiObject);
    expect(object).toBeInstanceOf(MadeObject);
    expect(new ApiObject(object.chart, 'other', { apiVersion: 'v1', kind: 'ConfigMap' })).not.toBeInstanceOf(MadeObject);
  });

  test('takes name, namespace and labels from its chart when it has none', () => {
    const object = objectOf();

    expect(read(object)).toEqual({
      apiVersion: 'acme.org/v1',
      kind: 'Thing',
      metadata: { name: object.chart.generateObjectName(object), namespace: 'models', labels: { chart: 'yes' } },
    });
  });

  test('has its own name and namespace, its labels beside those of the chart, and its fields', () => {
    const object = objectOf({ name: 'iris', namespace: 'own', labels: { team: 'ml' } }, () => ({ spec: { replicas: 1 }, data: ['x'] }));

    expect(read(object)).toEqual({
      apiVersion: 'acme.org/v1',
      kind: 'Thing',
      metadata: { name: 'iris', namespace: 'own', labels: { chart: 'yes', team: 'ml' } },
      spec: { replicas: 1 },
      data: ['x'],
    });
  });

  test('that is cluster-scoped takes no namespace', () => {
    expect(read(objectOf({ clusterScoped: true })).metadata).not.toHaveProperty('namespace');
    expect(read(objectOf({ clusterScoped: false })).metadata.namespace).toBe('models');
  });

  test('leaves out annotations and fields that are undefined', () => {
    const object = objectOf({ annotations: () => ({ kept: 'yes', dropped: undefined }) }, () => ({ spec: { a: undefined }, status: undefined }));

    const manifest = read(object);

    expect(manifest.metadata.annotations).toStrictEqual({ kept: 'yes' });
    expect(Object.keys(manifest)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(manifest.spec).toStrictEqual({});
  });

  test('has no annotations when all are undefined', () => {
    expect(read(objectOf({ annotations: () => ({ dropped: undefined }) })).metadata).not.toHaveProperty('annotations');
  });

  test('reads its fields anew after each change', () => {
    let replicas = 1;
    const object = objectOf({}, () => ({ spec: { replicas } }));
    read(object);

    replicas = 2;
    changed(object);

    expect(read(object).spec).toEqual({ replicas: 2 });
  });

  test('gives equal bytes when it is synthesized twice', () => {
    const object = objectOf({ labels: { b: '1', a: '2' }, annotations: () => ({ x: 'y' }) }, () => ({ spec: { b: [1, { c: 2 }], a: '☃' } }));
    const app = object.node.root as App;

    expect(synthYaml(app)).toBe(synthYaml(app));
  });

  test('leaves what it was made from alone', () => {
    const labels = Object.freeze({ team: 'ml' });
    const object = objectOf(Object.freeze({ labels, annotations: () => Object.freeze({ x: 'y' }) }));
    object.metadata.addLabel('more', 'yes');
    object.metadata.addAnnotation('more', 'yes');

    expect(labels).toEqual({ team: 'ml' });
    expect(read(object).metadata.labels).toEqual({ chart: 'yes', team: 'ml', more: 'yes' });
  });

  test('keeps fields that a JSON patch writes', () => {
    const object = objectOf({}, () => ({ spec: { replicas: 1 } }));

    object.addJsonPatch(JsonPatch.add('/spec/unknown', { deep: [1] }), JsonPatch.replace('/spec/replicas', 3));

    expect(read(object).spec).toEqual({ replicas: 3, unknown: { deep: [1] } });
  });
});

describe('the manifest that rules read', () => {
  test('is the one that is synthesized', () => {
    const object = objectOf({ name: 'iris', labels: { team: 'ml' }, annotations: () => ({ a: 'b', no: undefined }) }, () => ({ spec: { replicas: 1 } }));

    expect(manifestOf(object)).toEqual(read(object));
  });

  test('holds what JSON patches wrote', () => {
    const object = objectOf({}, () => ({ spec: { replicas: 1 } }));

    object.addJsonPatch(JsonPatch.replace('/spec/replicas', 3));

    expect(manifestOf(object)).toEqual(read(object));
    expect(manifestOf(object).spec).toEqual({ replicas: 3 });
  });

  test('holds what was added to the metadata', () => {
    const object = objectOf({ annotations: () => ({ a: 'b' }) });

    object.metadata.addAnnotation('more', 'yes');
    object.metadata.addLabel('more', 'yes');

    expect(manifestOf(object).metadata.annotations).toEqual({ a: 'b', more: 'yes' });
    expect(manifestOf(object).metadata.labels).toEqual({ chart: 'yes', more: 'yes' });
  });

  test('is read without resolving the fields, which is the expensive part', () => {
    const spec = { value: new Deferred('key') };
    const object = objectOf({}, () => ({ spec }));

    expect(manifestOf(object).spec.value).toBe(spec.value);
  });

  test('of an object that others made is what they render', () => {
    const chart = new Chart(new App(), 'chart');
    const object = new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } });

    expect(manifestOf(object)).toEqual(read(object));
  });
});

describe('the namespace of an object', () => {
  test('is its own, else its chart\'s, else the default', () => {
    const bare = new MadeObject(new Chart(new App(), 'chart'), 'thing');

    expect(namespaceOf(objectOf({ namespace: 'own' }), 'default')).toBe('own');
    expect(namespaceOf(objectOf(), 'default')).toBe('models');
    expect(namespaceOf(bare, 'default')).toBe('default');
    expect(namespaceOf(bare, undefined)).toBeUndefined();
  });

  test('is none for a cluster-scoped one', () => {
    expect(namespaceOf(objectOf({ clusterScoped: true }), 'default')).toBeUndefined();
  });
});

describe('an object is changed', () => {
  const changes: [string, (object: ApiObject) => void][] = [
    ['a JSON patch', (object) => object.addJsonPatch(JsonPatch.add('/spec', {}))],
    ['a new label', (object) => object.metadata.addLabel('new', 'x')],
    ['another value of a label', (object) => object.metadata.addLabel('team', 'x')],
    ['a new annotation', (object) => object.metadata.addAnnotation('new', 'x')],
    ['another value of an annotation', (object) => object.metadata.addAnnotation('a', 'x')],
  ];

  test.each(changes)('by %s', (_, change) => {
    const object = objectOf({ labels: { team: 'ml' }, annotations: () => ({ a: 'b' }) });
    noticeChanges(object);
    const before = changesIn(object).count;

    change(object);

    expect(changesIn(object).count).toBe(before + 1);
  });

  test('not by synthesis', () => {
    const object = objectOf({ labels: { team: 'ml' }, annotations: () => ({ a: 'b' }) });
    noticeChanges(object);
    const before = changesIn(object).count;

    read(object);

    expect(changesIn(object).count).toBe(before);
  });
});

describe('the cause of a path', () => {
  function object(): ApiObject {
    return objectOf({
      name: 'iris',
      labels: { team: 'ml' },
      annotations: () => ({ 'acme.org/mode': caused('mode', 'fast') }),
    }, () => ({ spec: caused('props', { replicas: caused('replicas', 1), args: caused('args', ['a', 'b']) }) }));
  }

  /** What a message says about a path: its prop, or that no prop wrote it. */
  function blamed(of: ApiObject, pointer: string): string | undefined {
    return isPatched(of, manifestOf(of), pointer) ? 'JsonPatch' : causeOf(causesOf(of), pointer);
  }

  test('is the prop that rendered it', () => {
    expect(blamed(object(), '/spec/replicas')).toBe('props.replicas');
    expect(blamed(object(), annotationPointer('acme.org/mode'))).toBe('mode');
    expect(blamed(object(), labelPointer('team'))).toBe('labels.team');
    expect(blamed(object(), '/metadata/name')).toBe('name');
    expect(blamed(object(), '/metadata/namespace')).toBe('namespace');
  });

  test('is the prop above for a field that nobody wrote', () => {
    expect(blamed(object(), '/spec/missing/too')).toBe('props');
  });

  test('is nothing for what the chart or the user wrote in the metadata', () => {
    const labelled = object();

    labelled.metadata.addLabel('team', 'other');
    labelled.metadata.addAnnotation('acme.org/mode', 'slow');

    expect(blamed(labelled, labelPointer('team'))).toBeUndefined();
    expect(blamed(labelled, labelPointer('chart'))).toBeUndefined();
    expect(blamed(labelled, annotationPointer('acme.org/mode'))).toBeUndefined();
  });

  test.each([
    ['that it replaced', JsonPatch.replace('/spec/replicas', 3), '/spec/replicas'],
    ['that it added', JsonPatch.add('/spec/new', { deep: 1 }), '/spec/new'],
    ['below one that it added', JsonPatch.add('/spec/new', { deep: 1 }), '/spec/new/deep'],
    ['that it removed', JsonPatch.remove('/spec/replicas'), '/spec/replicas'],
    ['that it moved another value to', JsonPatch.move('/spec/replicas', '/spec/moved'), '/spec/moved'],
    ['of an item that it appended', JsonPatch.add('/spec/args/-', 'c'), '/spec/args/2'],
    ['of an item that it shifted', JsonPatch.add('/spec/args/0', 'c'), '/spec/args/1'],
    ['of a list that it appended to', JsonPatch.add('/spec/args/-', 'c'), '/spec/args'],
    ['of an annotation that it replaced', JsonPatch.replace('/metadata/annotations/acme.org~1mode', 'slow'), annotationPointer('acme.org/mode')],
  ])('is the JSON patch for the path %s', (_, patch, pointer) => {
    const patched = object();

    patched.addJsonPatch(patch);

    expect(blamed(patched, pointer)).toBe('JsonPatch');
  });

  test('is still the prop for the paths that a JSON patch did not touch, and for those above it', () => {
    const patched = object();

    patched.addJsonPatch(JsonPatch.add('/spec/new', 1));

    expect(blamed(patched, '/spec/replicas')).toBe('props.replicas');
    expect(blamed(patched, '/spec/missing')).toBe('props');
    expect(blamed(patched, '/spec')).toBe('props');
  });

  test('is not known for an object that others made', () => {
    const foreign = new ApiObject(new Chart(new App(), 'chart'), 'config', { apiVersion: 'v1', kind: 'ConfigMap' });

    expect(blamed(foreign, '/metadata/name')).toBeUndefined();
  });

  test('is found without changing what is synthesized', () => {
    const traced = object();
    const before = synthYaml(traced.node.root as App);

    causesOf(traced);

    expect(synthYaml(traced.node.root as App)).toBe(before);
  });
});

test('deferred values stay whole in every part of an object, and nobody looks into them', () => {
  const value = new Deferred('key') as unknown as string;
  const object = objectOf({
    namespace: value,
    labels: { team: value },
    annotations: () => ({ a: `x-${value}` }),
  }, () => ({ spec: { value, text: `s3://${value}/v1`, list: [value] } }), new App({ resolvers: [Deferred.resolver] }));
  const marker = '⟦kserve:key⟧';

  causesOf(object);

  const { metadata, spec } = read(object);
  expect(metadata).toMatchObject({ namespace: marker, labels: { team: marker }, annotations: { a: `x-${marker}` } });
  expect(spec).toEqual({ value: marker, text: `s3://${marker}/v1`, list: [marker] });
});
