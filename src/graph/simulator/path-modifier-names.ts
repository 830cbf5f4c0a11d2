const NAMES = new Set([
  'this', 'pretty', 'ugly', 'valid', 'reverse', 'flatten', 'join', 'keys', 'values', 'tostr', 'fromstr', 'group', 'dig',
]);

/** Whether the path language knows `@name`; otherwise that is the name of a field. */
export function isModifier(name: string): boolean {
  return NAMES.has(name);
}
