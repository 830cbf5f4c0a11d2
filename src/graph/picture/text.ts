/**
 * Width of a text in a sans-serif font of size 1. It is that of a wide font
 * (DejaVu Sans), so that texts fit whichever font a viewer has.
 */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    width += char.codePointAt(0)! > 0x2e7f ? 1.3 : WIDTHS.find(([chars]) => chars.includes(char))?.[1] ?? (/[A-Z]/.test(char) ? 0.73 : 0.64);
  }
  return width;
}

const WIDTHS: [chars: string, width: number][] = [
  ['ijl\'|', 0.3], [' .,:;!ftI()[]{}/\\-', 0.41], ['r"', 0.47], ['mw%@', 1.0], ['MW', 1.0], ['OQGDHNU', 0.8], ['cszkvxyJ*_?', 0.6], ['+<>=~', 0.84],
];

/** A text in lines of at most a width; words that are longer are broken. */
export function wrap(text: string, most: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [''];
    for (const word of paragraph.split(' ').flatMap((long) => pieces(long, most))) {
      const joined = lines[lines.length - 1] === '' ? word : `${lines[lines.length - 1]} ${word}`;
      if (widthOf(joined) <= most) {
        lines[lines.length - 1] = joined;
      } else {
        lines.push(word);
      }
    }
    return lines;
  });
}

function pieces(word: string, most: number): string[] {
  const parts: string[] = [''];
  for (const char of word) {
    if (widthOf(parts[parts.length - 1] + char) > most) {
      parts.push('');
    }
    parts[parts.length - 1] += char;
  }
  return parts;
}
