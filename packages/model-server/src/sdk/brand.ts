/** Names the kind of an object, also to another copy of this package: a bundle may hold one of its own. */
export const KIND = Symbol.for('kserve-model-server/kind');

/** Whether a value is of a kind, whichever copy made it. */
export function isKind(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && (value as { [KIND]?: unknown })[KIND] === kind;
}
