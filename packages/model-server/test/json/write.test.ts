import { flatJson } from '../../src/json/write';

test('a text keeps a byte order mark that it begins with', () => {
  const texts = ['\uFEFFa', '\uFEFF', 'b'];

  expect(JSON.parse(flatJson({ name: 'y', datatype: 'BYTES', shape: [3], data: texts.map((text) => Buffer.from(text)) }))).toEqual(texts);
});
