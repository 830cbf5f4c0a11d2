/** Blanks what the paths lead to; `*` stands for every element or key. */
export function redact(value: unknown, paths: readonly (readonly string[])[]): unknown {
  let result = value;
  for (const path of paths) {
    result = blank(result, path, 0);
  }
  return result;
}

function blank(value: unknown, path: readonly string[], depth: number): unknown {
  if (depth === path.length) {
    return '[REDACTED]';
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const step = path[depth]!;
  if (Array.isArray(value)) {
    return value.map((item, i) => (step === '*' || step === String(i) ? blank(item, path, depth + 1) : item));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, step === '*' || step === key ? blank(item, path, depth + 1) : item]));
}

/** `instances.*.ssn, id` as lists of steps. */
export function parsePaths(text: string | undefined): readonly (readonly string[])[] {
  return (text ?? '').split(',').map((path) => path.trim()).filter((path) => path !== '').map((path) => path.replace(/^\$\.?/, '').split('.'));
}
