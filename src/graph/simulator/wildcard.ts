/**
 * Whether a text matches a pattern in which `*` stands for any characters, `?` for
 * one and a backslash takes the next character as it is.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  const chars = [...text];
  const parts = partsOf(pattern);
  let [c, p] = [0, 0];
  let star = -1; // the last `*`, to which a mismatch returns
  let resume = 0;
  while (c < chars.length) {
    const part = parts[p];
    if (part === ANY_ONE || part === chars[c]) {
      c++;
      p++;
    } else if (part === ANY) {
      star = p++;
      resume = c;
    } else if (star >= 0) {
      p = star + 1;
      c = ++resume;
    } else {
      return false;
    }
  }
  while (parts[p] === ANY) {
    p++;
  }
  return p === parts.length;
}

const ANY = Symbol('*');
const ANY_ONE = Symbol('?');

function partsOf(pattern: string): (string | symbol)[] {
  const chars = [...pattern];
  const parts: (string | symbol)[] = [];
  for (let i = 0; i < chars.length; i++) {
    if (chars[i] === '\\') {
      parts.push(chars[++i] ?? ''); // at the end of a pattern it matches nothing
    } else {
      parts.push(chars[i] === '*' ? ANY : chars[i] === '?' ? ANY_ONE : chars[i]);
    }
  }
  return parts;
}
