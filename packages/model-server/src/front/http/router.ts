/** What a path leads to. */
export interface Match<H> {
  readonly handler: H;
  readonly params: readonly string[];
}

interface Node<H> {
  readonly fixed: Map<string, Node<H>>;
  param: Node<H> | undefined;
  readonly handlers: Map<string, H>;
}

const node = <H>(): Node<H> => ({ fixed: new Map(), param: undefined, handlers: new Map() });

/** V1 puts its verb behind a colon in the last segment; it becomes a segment of its own. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/').slice(1);
  if (segments.length > 1 && segments.at(-1) === '') {
    segments.pop();
  }
  const last = segments.at(-1) ?? ''; // the target * has none
  const colon = last.indexOf(':');
  if (colon > 0) {
    segments.splice(-1, 1, last.slice(0, colon), last.slice(colon));
  }
  return segments;
}

/** Finds handlers by method and path; `{x}` in a pattern takes any one segment. */
export class Router<H> {
  private readonly root = node<H>();
  private readonly found = new Map<string, Match<H>>();

  public add(method: string, pattern: string, handler: H): void {
    let at = this.root;
    for (const segment of segmentsOf(pattern)) {
      if (segment.startsWith('{')) {
        at = at.param ??= node<H>();
      } else {
        let next = at.fixed.get(segment);
        if (next === undefined) {
          next = node<H>();
          at.fixed.set(segment, next);
        }
        at = next;
      }
    }
    at.handlers.set(method, handler);
  }

  /** The match, the methods the path allows instead, or undefined. */
  public find(method: string, path: string): Match<H> | readonly string[] | undefined {
    const key = `${method} ${path}`;
    const known = this.found.get(key);
    if (known !== undefined) {
      return known;
    }
    let at: Node<H> | undefined = this.root;
    const params: string[] = [];
    for (const segment of segmentsOf(path)) {
      const fixed: Node<H> | undefined = at.fixed.get(segment);
      if (fixed !== undefined) {
        at = fixed;
      } else if (at.param !== undefined && segment !== '') {
        at = at.param;
        try {
          params.push(decodeURIComponent(segment));
        } catch {
          return undefined;
        }
      } else {
        return undefined;
      }
    }
    if (at.handlers.size === 0) {
      return undefined;
    }
    const handler = at.handlers.get(method) ?? (method === 'HEAD' ? at.handlers.get('GET') : undefined);
    if (handler === undefined) {
      return [...at.handlers.keys()];
    }
    const match = { handler, params };
    if (this.found.size < 1000) {
      this.found.set(key, match);
    }
    return match;
  }
}

/** The path of a request's target; one meant for a proxy begins with scheme and host. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '') || '/';
}
