import { extend, finish } from '../../src/release/define';
import { V0_16 } from '../../src/release/v0-16';

describe('extend', () => {
  test('merges records, replaces lists and single values', () => {
    const next = extend(V0_16, {
      version: '0.99.0',
      forbiddenEnv: ['SECRET'],
      pins: { keda: '3.0.0' },
    });

    expect(next.version).toEqual('0.99.0');
    expect(next.forbiddenEnv).toEqual(['SECRET']);
    expect(next.pins).toEqual({ ...V0_16.pins, keda: '3.0.0' });
  });

  test('adds a key that the base lacks', () => {
    const bug = { summary: 'It fails.', affects: 'spec', reference: 'https://example.com' };

    const next = extend(V0_16, { version: '0.99.0', bugs: { 'new-bug': bug } });

    expect(next.bugs).toEqual({ ...V0_16.bugs, 'new-bug': bug });
  });

  test('removes a key that is undefined', () => {
    const next = extend(V0_16, { version: '0.99.0', runtimes: { 'kserve-mlserver': undefined } });

    expect(Object.keys(next.runtimes)).toEqual(Object.keys(V0_16.runtimes).filter((name) => name !== 'kserve-mlserver'));
  });

  test('leaves the base as it is', () => {
    const before = JSON.stringify(V0_16);

    extend(V0_16, { version: '0.99.0', pins: { keda: '3.0.0' }, runtimes: { 'kserve-mlserver': undefined } });

    expect(JSON.stringify(V0_16)).toEqual(before);
  });
});

describe('finish', () => {
  test('puts the tag of the release into every string', () => {
    const data = finish(V0_16);

    expect(data.runtimes['kserve-sklearnserver'].image.tag).toEqual('v0.16.0');
    expect(data.runtimes['kserve-huggingfaceserver-multinode'].image.tag).toEqual('v0.16.0-gpu');
    expect(data.charts.version).toEqual('v0.16.0');
    expect(JSON.stringify(data)).not.toContain('{release}');
  });

  test('leaves templates of KServe and shell variables alone', () => {
    const { container } = finish(V0_16).runtimes['kserve-huggingfaceserver-multinode'];

    expect(container.args).toEqual(['--model_name={{.Name}}']);
    expect(container.command?.at(-1)).toContain('${MODEL_DIR:-$MODEL_ID}');
  });
});
