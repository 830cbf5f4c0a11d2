import { allUnder, caused, causeOf, eachCaused, pointerStep, trace } from '../../src/core/cause';

/** The causes of what `render` gives, as an object. */
function causes(render: () => unknown): { [pointer: string]: string } {
  return Object.fromEntries(trace(render));
}

describe('outside of trace', () => {
  test('a caused value is the value itself', () => {
    const value = { minReplicas: 1 };

    expect(caused('scaling', value)).toBe(value);
  });

  test('the helpers for all fields of an object give an equal object', () => {
    const fields = { a: 1, b: [2], c: undefined };

    expect(eachCaused('prop', fields)).toStrictEqual(fields);
    expect(allUnder('prop', fields)).toStrictEqual(fields);
  });

  test('the helpers leave their argument alone', () => {
    const fields = Object.freeze({ a: Object.freeze([1]) });

    trace(() => [eachCaused('prop', fields), allUnder('prop', fields)]);

    expect(fields).toStrictEqual({ a: [1] });
  });
});

describe('trace', () => {
  test('gives the prop of each caused path', () => {
    expect(causes(() => ({ spec: { name: caused('name', 'iris'), free: 1 } }))).toEqual({ '/spec/name': 'name' });
  });

  test('names nested props relative to the outer one', () => {
    expect(causes(() => caused('predictor', { scaling: caused('scaling', { min: caused('minReplicas', 1) }) }))).toEqual({
      '': 'predictor',
      '/scaling': 'predictor.scaling',
      '/scaling/min': 'predictor.scaling.minReplicas',
    });
  });

  test('names nested props relative to the outer one across paths without a cause', () => {
    expect(causes(() => ({ a: caused('predictor', { b: { c: caused('timeout', 1) } }) }))).toEqual({
      '/a': 'predictor',
      '/a/b/c': 'predictor.timeout',
    });
  });

  test('names a prop with a leading slash relative to the construct, and those inside it relative to that prop', () => {
    expect(causes(() => ({ a: caused('predictor', { b: caused('/labels', { c: caused('team', 'x') }) }) }))).toEqual({
      '/a': 'predictor',
      '/a/b': 'labels',
      '/a/b/c': 'labels.team',
    });
  });

  test('names elements of a list by their index, without a dot', () => {
    expect(causes(() => ({ formats: caused('formats', [caused('[0]', { name: caused('name', 'onnx') })]) }))).toEqual({
      '/formats': 'formats',
      '/formats/0': 'formats[0]',
      '/formats/0/name': 'formats[0].name',
    });
  });

  test('follows lists by index', () => {
    expect(causes(() => ({ ports: [80, caused('ports[1]', 81)] }))).toEqual({ '/ports/1': 'ports[1]' });
  });

  test('escapes keys as JSON pointers do', () => {
    expect(causes(() => ({ annotations: { 'kserve.io/a~b': caused('deploymentMode', 'Standard') } }))).toEqual({
      '/annotations/kserve.io~1a~0b': 'deploymentMode',
    });
  });

  test('lets the inner of two causes of one path win', () => {
    expect(causes(() => ({ a: caused('outer', caused('inner', 1)) }))).toEqual({ '/a': 'outer.inner' });
  });

  test('gives no cause to a value that is undefined', () => {
    expect(causes(() => ({ a: caused('prop', undefined), b: caused('null', null), c: caused('zero', 0) }))).toEqual({ '/b': 'null', '/c': 'zero' });
  });

  test('gives each field of an object its own cause, or all of them one', () => {
    expect(causes(() => eachCaused('override', { tty: true, stdin: undefined }))).toEqual({ '/tty': 'override.tty' });
    expect(causes(() => allUnder('scaling', { min: caused('minReplicas', 1), max: 2 }))).toEqual({ '/min': 'scaling.minReplicas', '/max': 'scaling' });
  });

  test('does not look into instances of classes', () => {
    class Value { readonly inner = caused('inner', 1); }

    expect(causes(() => ({ a: caused('prop', new Value()) }))).toEqual({ '/a': 'prop' });
  });

  test('ends when rendering throws', () => {
    expect(() => trace(() => { throw new Error('no'); })).toThrow('no');

    expect(caused('prop', 1)).toBe(1);
  });

  test('may run inside of trace, and the outer one goes on', () => {
    expect(causes(() => {
      trace(() => caused('inner', 1));
      return caused('outer', 1);
    })).toEqual({ '': 'outer' });
  });
});

describe('causeOf', () => {
  const known = new Map([['/spec', 'spec'], ['/spec/a', 'a'], ['/spec/ab', 'ab']]);

  test('gives the cause of a path', () => {
    expect(causeOf(known, '/spec/ab')).toBe('ab');
  });

  test('gives the cause of the nearest path above one without', () => {
    expect(causeOf(known, '/spec/a/0/b')).toBe('a');
    expect(causeOf(known, '/spec/other')).toBe('spec');
  });

  test('gives nothing where no path above has a cause', () => {
    expect(causeOf(known, '/metadata/name')).toBeUndefined();
    expect(causeOf(known, '/spe')).toBeUndefined();
    expect(causeOf(known, '')).toBeUndefined();
  });
});

test('a step of a JSON pointer is escaped', () => {
  expect(pointerStep('a/b~c')).toBe('/a~1b~0c');
  expect(pointerStep('~1')).toBe('/~01');
  expect(pointerStep(3)).toBe('/3');
});
