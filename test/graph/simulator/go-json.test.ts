import { asGoMap, compareBytes, goValid, predictionsAsInstances } from '../../../src/graph/simulator/go-json';

describe('asGoMap', () => {
  test.each([
    ['{"b":1,"a":2}', '{"a":2,"b":1}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"n":[1.50,1E3,-0,1e21,1e-7,123456789012345678901]}', '{"n":[1.5,1000,-0,1e+21,1e-7,123456789012345680000]}'],
    ['{"s":"<a>&\\u2028\\/\\u0041\\b"}', '{"s":"\\u003ca\\u003e\\u0026\\u2028/A\\b"}'],
    ['{"s":"\\ud83d"}', '{"s":"\ufffd"}'],
    ['null', 'null'],
  ])('%s becomes %s', (text, expected) => {
    expect(asGoMap(text)).toEqual({ text: expected });
  });

  test.each([
    ['[]', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['true', 'json: cannot unmarshal bool into Go value of type map[string]interface {}'],
    ['{"a":1e400}', 'json: cannot unmarshal number 1e400 into Go value of type float64'],
    ['{', 'unexpected end of JSON input'],
  ])('%s is refused: %s', (text, error) => {
    expect(asGoMap(text)).toEqual({ error });
  });

  test('keys are ordered by their bytes', () => {
    expect(asGoMap('{"\ufffd":1,"🐕":2,"é":3,"z":4}')).toEqual({ text: '{"z":4,"é":3,"\ufffd":1,"🐕":2}' });
    expect(['🐕', '\ufffd'].sort(compareBytes)).toEqual(['\ufffd', '🐕']);
  });
});

describe('predictionsAsInstances', () => {
  test.each([
    ['{"predictions":[1,{"b":1,"a":2}],"other":true}', '{"instances":[1,{"a":2,"b":1}]}'],
    ['{"PREDICTIONS":[1]}', '{"instances":[1]}'],
    ['{"predictions":[1],"Predictions":[2]}', '{"instances":[2]}'],
    ['{"predictions":[1],"x":1e400}', '{"instances":[1]}'],
  ])('%s becomes %s', (text, expected) => {
    expect(predictionsAsInstances(text)).toBe(expected);
  });

  test.each([
    '{"predictions":[]}', '{"predictions":"dog"}', '{"predictions":[1],"predictions":null}', '{"predictions":[1],"instances":7}',
    '{"predictions":[1e400]}', '[1]', '', 'not json', '{"a":1}',
  ])('%s stays as it is', (text) => {
    expect(predictionsAsInstances(text)).toBeUndefined();
  });
});

test('what is nested too deeply for Go is not valid', () => {
  expect(goValid('['.repeat(10_000) + ']'.repeat(10_000))).toBe(true);
  expect(goValid('['.repeat(10_001) + ']'.repeat(10_001))).toBe(false);
});
