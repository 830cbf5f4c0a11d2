import { Reader, Writer } from '../../src/protobuf/wire';

test('a text keeps a byte order mark that it begins with', () => {
  const reader = new Reader(new Writer().string(1, '\uFEFFa').finish());
  reader.next();

  expect(reader.string()).toBe('\uFEFFa');
});
