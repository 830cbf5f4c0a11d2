import * as library from '../../src';

test('the library exports classes and enums, and nothing else that exists at run time', () => {
  const others = Object.entries(library).filter(([name, value]) => {
    const isClass = typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
    const isEnum = typeof value === 'object' && Object.keys(value).every((member) => /^[A-Z][A-Z0-9_]*$/.test(member));
    return !/^[A-Z]/.test(name) || !(isClass || isEnum);
  });

  expect(others.map(([name]) => name)).toEqual([]);
});
