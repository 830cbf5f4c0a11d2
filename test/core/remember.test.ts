import { rememberEach, rememberLast } from '../../src/core/remember';

describe.each([['rememberEach', rememberEach, 2], ['rememberLast', rememberLast, 3]])('%s', (_, remember, looks) => {
  test('answers for the object that is asked about, and looks once while it stays the same', () => {
    const look = jest.fn(({ name }: { name: string }) => name.toUpperCase());
    const remembered = remember(look);
    const [a, b] = [{ name: 'a' }, { name: 'b' }];

    expect([a, a, b, b, a].map(remembered)).toEqual(['A', 'A', 'B', 'B', 'A']);
    expect(look).toHaveBeenCalledTimes(looks);
  });
});
