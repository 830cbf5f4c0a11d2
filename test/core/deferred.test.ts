import { ApiObject, App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { Deferred } from '../../src/core/deferred';
import { find, synth, synthYaml } from '../support/manifests';

const bucket = new Deferred('bucket');
/** As props take it: the type system of the caller sees a string. */
const asString = bucket as unknown as string;
const asNumber = bucket as unknown as number;

describe('the first law: nobody looks inside a deferred value', () => {
  test('arithmetic throws', () => {
    expect(() => asNumber * 2).toThrow('known only at deployment');
    expect(() => asNumber - 1).toThrow('known only at deployment');
    expect(() => Math.max(asNumber, 1)).toThrow('known only at deployment');
    expect(() => Number(asNumber)).toThrow('known only at deployment');
    expect(() => -asNumber).toThrow('known only at deployment');
  });

  test('a comparison throws', () => {
    expect(() => asNumber < 1).toThrow('known only at deployment');
    expect(() => 1 >= asNumber).toThrow('known only at deployment');
  });

  test('the error says what to do instead', () => {
    expect(() => asNumber * 2).toThrow(
      'a value that is known only at deployment was used in arithmetic or in a comparison; compute with it before it is passed in (with Pulumi: output.apply(…))');
  });

  test('methods and the length of a string are not there', () => {
    expect(() => asString.slice(1)).toThrow(TypeError);
    expect(() => asString.startsWith('s3://')).toThrow(TypeError);
    expect(asString.length).toBeUndefined();
  });
});

describe('the second law: whoever wants to check a value asks first', () => {
  test('a deferred value is deferred', () => {
    expect(Deferred.is(bucket)).toBe(true);
  });

  test('so is a string with a deferred part', () => {
    expect(Deferred.is(`s3://${bucket}/v1`)).toBe(true);
    expect(Deferred.is(String(bucket))).toBe(true);
    expect(Deferred.is('s3://' + asString)).toBe(true);
  });

  test('so is the deferred value of another copy of the library', () => {
    jest.isolateModules(() => {
      const { Deferred: Other } = jest.requireActual<typeof import('../../src/core/deferred')>('../../src/core/deferred');

      expect(Other).not.toBe(Deferred);
      expect(Deferred.is(new Other('bucket'))).toBe(true);
    });
  });

  test.each(['', 's3://bucket', '⟦', 'kserve:', 0, 1, NaN, true, null, undefined, {}, [], [bucket], () => bucket])('%p is not deferred', (value) => {
    expect(Deferred.is(value)).toBe(false);
  });
});

describe('inside a string', () => {
  test('the markers are found by their keys, in order', () => {
    expect(Deferred.keysIn(`${new Deferred('a')}/${new Deferred('b')}${new Deferred('a')}`)).toEqual(['a', 'b', 'a']);
    expect(Deferred.keysIn('plain')).toEqual([]);
  });

  test('the markers are filled by their keys, and the rest stays', () => {
    const text = `s3://${new Deferred('bucket')}/models/${new Deferred('version')}/`;

    expect(Deferred.fill(text, (key) => `<${key}>`)).toBe('s3://<bucket>/models/<version>/');
    expect(Deferred.fill('plain', () => 'x')).toBe('plain');
  });

  test('what is filled in is taken literally', () => {
    expect(Deferred.fill(`a ${bucket}`, () => '$& $1')).toBe('a $& $1');
    expect(Deferred.fill(`a ${bucket}`, () => String(new Deferred('other')))).toBe(`a ${new Deferred('other')}`);
  });

  test('any key comes back from any text around it', () => {
    const keys = fc.string({ unit: fc.constantFrom('k', 'é', '⟦', '⟧', ':', '/', '%', '\n', '🙂') });
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !Deferred.is(text));

    fc.assert(fc.property(keys, plain, plain, (key, before, after) => {
      const text = `${before}${new Deferred(key)}${after}`;
      expect(Deferred.keysIn(text)).toEqual([key]);
      expect(Deferred.fill(text, (found) => found)).toBe(before + key + after);
    }));
  });

  test('JSON holds the marker', () => {
    expect(JSON.parse(JSON.stringify({ bucket, uri: `s3://${bucket}` }))).toEqual({ bucket: String(bucket), uri: `s3://${bucket}` });
  });
});

describe('in an App', () => {
  function configMap(app: App): void {
    new ApiObject(new Chart(app, 'chart'), 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config', annotations: { bucket: asString } },
      data: { bucket, uri: `s3://${bucket}/v1`, list: [bucket, { bucket }], plain: 'text' },
    });
  }

  test('the resolver renders deferred values as their markers, whole', () => {
    const app = new App({ resolvers: [Deferred.resolver] });
    configMap(app);

    const marker = '⟦kserve:bucket⟧';
    expect(find(synth(app), 'ConfigMap')).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config', annotations: { bucket: marker } },
      data: { bucket: marker, uri: `s3://${marker}/v1`, list: [marker, { bucket: marker }], plain: 'text' },
    });
  });

  test('without the resolver cdk8s refuses them', () => {
    const app = new App();
    configMap(app);

    expect(() => synthYaml(app)).toThrow("can't render non-simple object of type 'Deferred'");
  });
});
