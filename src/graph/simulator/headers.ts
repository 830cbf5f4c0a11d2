/** Header names as Go writes them: `x-request-id` is `X-Request-Id`. */
export function canonicalHeader(name: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name)
    ? name.toLowerCase().replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
    : name;
}

/** The headers that a step gets: those of the request that match a pattern, and a content type. */
export function headersForStep(headers: { [name: string]: string }, patterns: readonly RegExp[]): { [name: string]: string } {
  const passed: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(headers)) {
    const canonical = canonicalHeader(name);
    if (canonical !== 'Host' && patterns.some((pattern) => pattern.test(canonical))) {
      passed[canonical] = value;
    }
  }
  return { ...passed, 'Content-Type': passed['Content-Type'] || 'application/json' };
}

/** Patterns as the router compiles them: those that are not valid are left out. */
export function compilePatterns(patterns: readonly string[]): RegExp[] {
  return patterns.flatMap((pattern) => {
    try {
      const insensitive = pattern.startsWith('(?i)');
      return [new RegExp(insensitive ? pattern.slice(4) : pattern, insensitive ? 'i' : '')];
    } catch {
      return [];
    }
  });
}

const HTML = [
  '!DOCTYPE HTML', 'HTML', 'HEAD', 'SCRIPT', 'IFRAME', 'H1', 'DIV', 'FONT', 'TABLE', 'A', 'STYLE', 'TITLE', 'B', 'BODY', 'BR', 'P',
].map((tag) => `<${tag}`).concat('<!--');

/** Beginnings of other formats, as far as they are text. */
const SIGNATURES: [RegExp, string][] = [
  [/^%PDF-/, 'application/pdf'],
  [/^%!PS-Adobe-/, 'application/postscript'],
  [/^BM/, 'image/bmp'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[^]{4}WEBPVP/, 'image/webp'],
  [/^FORM[^]{4}AIFF/, 'audio/aiff'],
  [/^ID3/, 'audio/mpeg'],
  [/^RIFF[^]{4}AVI /, 'video/avi'],
  [/^RIFF[^]{4}WAVE/, 'audio/wave'],
  [/^OTTO/, 'font/otf'],
  [/^ttcf/, 'font/collection'],
  [/^wOFF/, 'font/woff'],
  [/^wOF2/, 'font/woff2'],
];

/** The content type that Go's server guesses for a body that is not JSON. */
export function sniffedType(body: string): string | undefined {
  if (body === '') {
    return undefined;
  }
  const start = body.replace(/^[\t\n\f\r ]+/, '');
  if (HTML.some((tag) => start.slice(0, tag.length).toUpperCase() === tag && (tag === '<!--' || / |>/.test(start[tag.length] ?? '')))) {
    return 'text/html; charset=utf-8';
  }
  if (start.startsWith('<?xml')) {
    return 'text/xml; charset=utf-8';
  }
  const known = SIGNATURES.find(([signature]) => signature.test(body));
  if (known !== undefined) {
    return known[1];
  }
  // eslint-disable-next-line no-control-regex -- what counts as binary data
  return /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/.test(body.slice(0, 512)) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}
